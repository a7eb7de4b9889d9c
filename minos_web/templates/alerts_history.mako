<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="al" file="/alert_parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('alerts'), "Alerts")}${parts.here("History")}</%block>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">History of alerts</h1><p class="mn-head__sub">what was wrong and is over, newest end first</p></div></header>
${al.tabs()}
<section class="mn-panel" aria-label="Alerts that are over">
  <div class="mn-panel__body">${al.filters("alerts_history", states=False)}</div>
  % if page.total:
  ${al.plain(page.items, "Alerts that are over, newest end first", over=True)}
  <div class="mn-panel__body">${parts.pager(page, "alerts")}</div>
  % elif wanted.narrows:
  <%parts:empty icon_name="filter" heading="No alert of the past fits"><p><a href="${request.route_path('alerts_history')}">Show the whole history</a></p></%parts:empty>
  % else:
  <%parts:empty icon_name="history" heading="No alert is over yet"><p>An alert comes here once it is good again, with its events and notes. What fires now stands under <a href="${request.route_path('alerts')}">Open</a>.</p></%parts:empty>
  % endif
</section>
</div>
