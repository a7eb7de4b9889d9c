<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="li" file="/list_parts.mako"/>
<%namespace name="al" file="/alert_parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('alerts'), "Alerts")}${parts.here("History")}</%block>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">History of alerts</h1><p class="mn-head__sub">what was wrong and is over, newest end first</p></div></header>
${al.tabs()}
<section class="mn-panel mn-list" aria-label="Alerts that are over" data-list>
  ${li.bar(view)}
  <div id="alerts">
  ${li.chips(view)}
  % if view.page.total:
  <div class="mn-tablewrap" tabindex="0" role="region" aria-label="Table of alerts that are over"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Alerts that are over</caption>
    ${li.head(view)}
    <tbody>
    % for line in view.page.items:
    <tr id="alert-${line.alert.id}">
      % for column in view.columns:
      ${al.cell(column.name, line, None)}\
      % endfor
    </tr>
    % endfor
    </tbody></table></div>
  ${li.foot(view)}
  % elif view.asked.narrows:
  <%parts:empty icon_name="filter" heading="No alert of the past fits"><p><a href="${view.url(q='', kind='')}">Show the whole history</a></p></%parts:empty>
  % else:
  <%parts:empty icon_name="history" heading="No alert is over yet"><p>An alert comes here once it is good again, with its events and notes. What fires now stands under <a href="${request.route_path('alerts')}">Open</a>.</p></%parts:empty>
  % endif
  </div>
</section>
</div>
