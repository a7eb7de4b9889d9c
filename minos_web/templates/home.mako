<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="cards_of" file="/cluster_cards.mako"/>
<%namespace name="walls" file="/wall_parts.mako"/>
<%namespace name="hist" file="/history_parts.mako"/>
<%block name="crumbs">${parts.here("Overview")}</%block>
<div class="mn-stack" id="overview">
% if "now" in parts_shown:
<div class="mn-stack" id="overview-now" hx-get="${request.route_path('home', _query={'part': 'now'})}" hx-select="#overview-now" hx-trigger="every 5s" hx-swap="outerMorph">
${heading()}
% if look.clusters:
${unwell()}
% elif steps:
<section class="mn-panel">
  <%parts:empty icon_name="clusters" heading="No clusters yet">
    <p>From nothing to a running service, step by step:</p>
    ${step_list()}
    <p class="mn-muted">The <a href="${request.route_path('help_page', page='quick-start')}">quick start</a> tells each step in a few sentences.</p>
  </%parts:empty>
</section>
% endif
${running_now()}
${unwell_host_table()}
</div>
% endif
% if len(parts_shown) > 1 and look.clusters and not steps.finished:
${tour()}
% endif
% if "wall" in parts_shown:
<div class="mn-stack" id="overview-wall" hx-get="${request.route_path('home', _query={'part': 'wall'})}" hx-select="#overview-wall" hx-trigger="every 15s" hx-swap="outerMorph">
${wall()}
</div>
% endif
% if "day" in parts_shown:
<div id="overview-day" hx-get="${request.route_path('home', _query={'part': 'day'})}" hx-select="#overview-day" hx-trigger="every 30s" hx-swap="outerMorph">
${day()}
</div>
% endif
% if "room" in parts_shown:
<div id="overview-room" hx-get="${request.route_path('home', _query={'part': 'room'})}" hx-select="#overview-room" hx-trigger="every 60s" hx-swap="outerMorph">
${room()}
</div>
% endif
</div>

<%def name="heading()">
<header class="mn-head">
  <div class="mn-head__text">
    <h1 class="mn-head__title">Overview</h1>
    % if look.clusters:
    <p class="mn-head__sub">${show.count(len(look.clusters), "cluster")} on ${show.count(host_count, "host")}\
${f", {unwell_clusters} in need of a look" if unwell_clusters else "" if firing else ", nothing needs a look"}\
% if firing:
, <a href="${request.route_path('alerts')}">${firing} firing</a>\
% endif
</p>
    % endif
  </div>
  % if look.clusters:
  <div class="mn-head__actions"><a class="btn btn-outline-secondary" href="${request.route_path('clusters_list')}">${parts.icon("clusters")} All clusters</a>
  % if frame.deployer:
  <a class="btn btn-outline-secondary" href="${request.route_path('clusters_new')}">${parts.icon("add")} New cluster</a>
  % endif
  </div>
  % endif
</header>
</%def>

## Few clusters have a card each; of many, those that need a look.
<%def name="unwell()">
% if cards:
<section aria-labelledby="clusters-title">
  <h2 class="${'visually-hidden' if few else 'mn-section mn-overview__title'}" id="clusters-title">${"Clusters" if few else "Clusters that need a look"}</h2>
  <div class="mn-grid mn-grid--3">
    % for card in cards:
    ${cards_of.card(card)}
    % endfor
  </div>
  % if cards_more:
  <p class="mn-muted mn-overview__more"><a href="${request.route_path('clusters_list', _query={'state': 'unwell'})}">and ${show.count(cards_more, "other cluster")}</a></p>
  % endif
</section>
% endif
</%def>

<%def name="running_now()">
  % if running:
  <section class="mn-panel" aria-labelledby="running-title">
    <header class="mn-panel__head"><h2 class="mn-panel__title" id="running-title">Running now</h2><div class="mn-panel__actions"><a href="${request.route_path('operations')}">All operations</a></div></header>
    <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
      <caption class="visually-hidden">Operations that have not ended</caption>
      <thead><tr><th scope="col">Operation</th><th scope="col">State</th><th scope="col">Progress</th><th scope="col">By</th><th scope="col">Started</th></tr></thead>
      <tbody>
      % for one in running:
      <tr id="operation-${one.operation.id}">
        <th scope="row" data-label="Operation"><a href="${request.route_path('operation', id=one.operation.id)}">${"".join(show.deed(one.operation))}</a></th>
        <td data-label="State">${parts.status(one.badge, since=False)}</td>
        <td data-label="Progress"><span class="mn-inline"><progress class="mn-progress mn-progress--${one.badge.kind}" value="${one.ended}" max="${one.total or 1}">${one.ended} of ${one.total}</progress> <span class="mn-muted">${one.ended} of ${one.total}</span></span></td>
        <td data-label="By">${one.operation.created_by}</td>
        <td data-label="Started">${parts.age(one.operation.started_at or one.operation.created_at)}</td>
      </tr>
      % endfor
      </tbody>
    </table></div>
    % if running_more:
    <p class="mn-panel__body mn-muted"><a href="${request.route_path('operations', _query={'state': 'open'})}">and ${running_more} more</a></p>
    % endif
  </section>
  % endif
</%def>

<%def name="unwell_host_table()">
  % if unwell_hosts:
  <section class="mn-panel" aria-labelledby="unwell-title">
    <header class="mn-panel__head"><h2 class="mn-panel__title" id="unwell-title">Hosts that need a look</h2><div class="mn-panel__actions"><a href="${request.route_path('hosts')}">All hosts</a></div></header>
    <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
      <caption class="visually-hidden">Hosts that are pending, silent or degraded</caption>
      <thead><tr><th scope="col">Host</th><th scope="col">State</th><th scope="col">Why</th><th scope="col">Last beat</th></tr></thead>
      <tbody>
      % for one in unwell_hosts:
      <tr id="host-${one.row.id}">
        <th scope="row" data-label="Host"><a href="${request.route_path('hosts') if one.row.state == 'pending' else request.route_path('host', name=one.row.name)}">${one.row.name}</a></th>
        <td data-label="State">${parts.status(one.badge)}</td>
        <td data-label="Why">${one.badge.title or ("compare its fingerprint and approve it" if one.row.state == "pending" else "–")}</td>
        <td data-label="Last beat">${parts.age(one.row.beat_at)}</td>
      </tr>
      % endfor
      </tbody>
    </table></div>
    % if unwell_more:
    <p class="mn-panel__body mn-muted"><a href="${request.route_path('hosts')}">and ${f"{unwell_more:,}"} more</a></p>
    % endif
  </section>
  % endif
</%def>

<%def name="step_list()">
<ol class="mn-steplist">
  % for step in steps.steps:
  <li class="${'is-done' if step.done else ''}">\
% if step.url:
<a href="${step.url}">${step.title}</a>\
% else:
${step.title}\
% endif
 <span class="mn-muted">${"done" if step.done else step.words}</span></li>
  % endfor
</ol>
</%def>

## What a new site has still to do; whoever knows it puts it away.
<%def name="tour()">
% if steps.away:
<form class="mn-overview__tour" method="post" action="${request.route_path('first_steps')}">${parts.csrf()}<button class="btn btn-sm btn-link" name="do" value="show">Show the first steps: ${steps.done} of ${len(steps.steps)} done</button></form>
% else:
<section class="mn-panel mn-panel--attention" aria-labelledby="steps-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="steps-title">First steps</h2><p class="mn-panel__note">${steps.done} of ${len(steps.steps)} done; they tick themselves</p>
    <div class="mn-panel__actions"><form method="post" action="${request.route_path('first_steps')}">${parts.csrf()}<button class="btn btn-sm btn-outline-secondary" name="do" value="hide">${parts.icon("close")} Put away</button></form></div></header>
  <div class="mn-panel__body">${step_list()}</div>
</section>
% endif
</%def>

<%def name="wall()">
% if task_wall and not few:
<section class="mn-panel" aria-labelledby="tasks-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="tasks-title">Tasks</h2><p class="mn-panel__note">a square for each of ${f"{look.tasks:,}"}, by cluster</p></header>
  <div class="mn-panel__body">${walls.wall(task_wall)}</div>
</section>
% endif
% if host_wall:
<section class="mn-panel" aria-labelledby="hosts-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="hosts-title">Hosts</h2><p class="mn-panel__note">a square for each of ${f"{len(look.hosts):,}"}, by rack</p><div class="mn-panel__actions"><a href="${request.route_path('heat')}">Heat map by figure</a></div></header>
  <div class="mn-panel__body">${walls.wall(host_wall)}</div>
</section>
% endif
% if host_wall or task_wall:
${walls.legend()}
% endif
</%def>

<%def name="day()">
% if changes:
<section class="mn-panel" aria-labelledby="day-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="day-title">What changed in the last 24 hours</h2><div class="mn-panel__actions"><a href="${request.route_path('history')}">${parts.icon("history")} History</a></div></header>
  <div class="mn-panel__body">
  <p class="mn-overview__counts">
    % for kind, text, icon, number in counts:
    <a class="mn-chip mn-chip--link" href="${request.route_path('history', _query={'kind': kind, 'from': changes_since})}">${parts.icon(icon)} ${f"{number:,}"} <span>${text.lower()}</span></a>
    % endfor
  </p>
  <ol class="mn-history">
    % for one in changes:
    ${hist.line(one)}
    % endfor
  </ol>
  % if changes_more:
  <p class="mn-overview__more"><a href="${request.route_path('history', _query={'from': changes_since})}">and what was before</a></p>
  % endif
  </div>
</section>
% endif
</%def>

<%def name="room()">
% if capacity.hosts or store.packages:
<section class="mn-panel" aria-labelledby="room-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="room-title">Room</h2><p class="mn-panel__note">\
% if capacity.telling < capacity.hosts:
by the newest figures of ${f"{capacity.telling:,}"} of ${show.count(capacity.hosts, "host")}; the others tell none\
% else:
by the newest figures of every host\
% endif
</p><div class="mn-panel__actions"><a href="${request.route_path('inventory')}">Inventory</a></div></header>
  <div class="mn-panel__body"><dl class="mn-facts mn-facts--lg">
    <div><dt>Hosts</dt><dd>${f"{capacity.hosts:,}"}</dd></div>
    % if capacity.cores:
    <div><dt>Cores</dt><dd>${f"{capacity.cores:,}"}</dd><dd class="mn-overview__of">${parts.meter(min(100, capacity.load_percent), f"load {show.figure(capacity.load, 'count')}")}</dd></div>
    % endif
    % if capacity.memory:
    <div><dt>Memory</dt><dd>${show.size(capacity.memory)}</dd><dd class="mn-overview__of">${parts.meter(capacity.memory_percent, f"{show.size(capacity.memory_used)} used")}</dd></div>
    % endif
    % if capacity.disk:
    <div><dt>Disks of workers and tasks</dt><dd>${show.size(capacity.disk)}</dd><dd class="mn-overview__of">${parts.meter(capacity.disk_percent, f"{show.size(capacity.disk_used)} used, {show.size(capacity.disk - capacity.disk_used)} free")}</dd></div>
    % endif
    <div><dt>Packages</dt><dd><a href="${request.route_path('packages')}">${f"{store.packages:,}"}</a></dd><dd class="mn-overview__of mn-muted">${show.size(store.size)}, ${show.size(store.free)} free</dd></div>
  </dl></div>
</section>
% endif
</%def>
