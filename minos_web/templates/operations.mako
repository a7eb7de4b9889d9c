<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="li" file="/list_parts.mako"/>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Operations</h1><p class="mn-head__sub">What operators asked for, newest first</p></div></header>
<section class="mn-panel mn-list" aria-label="Operations" data-list>
  ${li.bar(view)}
  <div id="operations" hx-get="${view.live()}" hx-select="#operations" hx-trigger="every 4s, minos:again" hx-swap="outerMorph">
  ${li.chips(view)}
  % if view.page.total:
  <div class="mn-tablewrap" tabindex="0" role="region" aria-label="Table of operations"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Operations</caption>
    ${li.head(view)}
    <tbody id="operation-rows" data-rows>
    % for line in view.page.items:
    <tr id="operation-${line.operation.id}">
      % for column in view.columns:
      ${cell(column.name, line.operation, line.badge)}\
      % endfor
    </tr>
    % endfor
    </tbody></table></div>
  ${li.foot(view)}
  % elif view.asked.narrows:
  <%parts:empty icon_name="filter" heading="No operation fits this filter"><p><a href="${view.url(q='', kind='')}">Show all operations</a></p></%parts:empty>
  % else:
  <%parts:empty icon_name="operations" heading="Nothing was done yet"><p>Bootstrap, start or stop a <a href="${request.route_path('home')}">cluster</a>, and it is listed here with every step.</p></%parts:empty>
  % endif
  </div>
</section>
</div>

<%def name="cell(name, one, badge)">
% if name == "operation":
<th scope="row" data-label="Operation"><a href="${request.route_path('operation', id=one.id)}">${f"{show.action(one.action)} {show.scope(one.selection, of='')}" if one.cluster else show.deed(one)[0]}<span class="mn-muted">#${one.id}</span></a></th>
% elif name == "cluster":
<td data-label="Cluster"><span>\
% if one.cluster:
<a href="${request.route_path('cluster', service=one.cluster.service, cluster=one.cluster.name)}">${one.cluster.name}</a> <span class="mn-muted">${one.cluster.service}</span>\
% else:
<a href="${request.route_path('hosts')}">${show.deed(one)[1]}</a>\
% endif
</span></td>
% elif name == "state":
<td data-label="State">${parts.status(badge, since=False)}</td>
% elif name == "by":
<td data-label="By">${one.created_by}</td>
% elif name == "started":
<td data-label="Started">${parts.age(one.started_at or one.created_at)}</td>
% elif name == "took":
<td data-label="Took" class="mn-num">${show.duration(one.ended_at - (one.started_at or one.created_at)) if one.ended_at else "–"}</td>
% elif name == "message":
<td data-label="Message"><span class="mn-ellipsis" title="${one.message}">${one.message or "–"}</span></td>
% endif
</%def>
