<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Counters</h1><p class="mn-head__sub">what programs outside Minos push, newest value of each; kept for ${show.count(round(days), "day")} after the last push</p></div></header>
<section class="mn-panel" aria-label="Counters">
  % if page.total or any(wanted.values()):
  <div class="mn-panel__body">
  <form class="mn-filters" method="get" action="${request.route_path('counters')}">
    <label class="visually-hidden" for="group">Group</label>
    <select class="form-select form-select-sm" id="group" name="group"><option value="">All groups</option>
      % for group in groups:
      <option${' selected' if group == wanted['group'] else ''}>${group}</option>
      % endfor
    </select>
    <label class="visually-hidden" for="q">Name, endpoint or label</label><input class="form-control form-control-sm" type="search" id="q" name="q" placeholder="Name, endpoint or label" value="${wanted['q']}">
    <button class="btn btn-sm btn-outline-secondary">${parts.icon("filter")} Filter</button>
    % if any(wanted.values()):
    <a class="btn btn-sm btn-link" href="${request.route_path('counters')}">Show all</a>
    % endif
  </form>
  </div>
  % endif
  <div id="counters" hx-get="${request.current_route_path()}" hx-select="#counters" hx-trigger="every 5s" hx-swap="outerMorph">
  % if page.total:
  ${table(page.items)}
  <div class="mn-panel__body">${parts.pager(page, "counters")}</div>
  % elif any(wanted.values()):
  <%parts:empty icon_name="filter" heading="No counter fits"><p><a href="${request.route_path('counters')}">Show all counters</a></p></%parts:empty>
  % else:
  <%parts:empty icon_name="chart" heading="No counters yet"><p>Programs push them with a token that may do nothing else: make one for a <b>pusher</b> on <a href="${request.route_path('account')}">your account page</a>. How to push is told in <a href="${request.route_path('help_page', page='api')}">the API's help</a>.</p></%parts:empty>
  % endif
  </div>
</section>
</div>

<%def name="table(found)">
<div class="mn-tablewrap"><table class="mn-table mn-table--cards">
  <caption class="visually-hidden">Counters by group and name</caption>
  <thead><tr><th scope="col">Counter</th><th scope="col">Group</th><th scope="col">Endpoint</th><th scope="col" class="mn-num">Value</th><th scope="col">Unit</th><th scope="col">Pushed</th></tr></thead>
  <tbody>
  % for row, badge in found:
  <tr id="counter-${row.id}" class="${'is-stale' if badge.stale else ''}">
    <th scope="row" data-label="Counter"><a href="${request.route_path('counter', id=row.id)}">${row.name}</a>${f" · {row.label}" if row.label else ""}</th>
    <td data-label="Group">${row.group}</td>
    <td data-label="Endpoint">${row.endpoint}</td>
    <td data-label="Value" class="mn-num" title="${row.value}">${show.figure(row.value, "")}</td>
    <td data-label="Unit">${row.unit or "–"}</td>
    <td data-label="Pushed">${parts.status(badge)}</td>
  </tr>
  % endfor
  </tbody></table></div>
</%def>
