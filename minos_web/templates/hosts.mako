<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="li" file="/list_parts.mako"/>
<%
    listed, around = part != "around", part != "hosts"
    known = view.listed.total if listed else 0
    around_url = request.route_path("hosts", _query={"part": "around"})
%>
<div class="mn-stack">
% if not part:
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Hosts</h1><p class="mn-head__sub">${show.count(known, "approved host")}${f", {waiting_count:,} waiting for approval" if waiting else ""}</p></div>
  <div class="mn-head__actions">
    <a class="btn btn-outline-secondary" href="${request.route_path('inventory')}">${parts.icon("inventory")} Inventory</a>
    % if known:
    <a class="btn btn-outline-secondary" href="${request.route_path('heat')}">${parts.icon("heat")} Heat map</a>
    % endif
    % if frame.admin and known:
    <a class="btn btn-outline-secondary" href="${request.route_path('workers_upgrade')}">${parts.icon("refresh")} Upgrade workers…</a>
    % endif
    % if frame.operator:
    <a class="btn ${'btn-outline-primary' if known else 'btn-primary'}" href="${request.route_path('hosts_add')}">${parts.icon("add")} Add hosts</a>
    % endif
  </div></header>
% endif

% if around:
<div id="waiting" hx-get="${around_url}" hx-select="#waiting" hx-trigger="every 5s" hx-swap="outerMorph">
% if waiting:
<section class="mn-panel mn-panel--attention" aria-labelledby="waiting-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="waiting-title">Waiting for approval</h2><p class="mn-panel__note">compare the fingerprint with the one the worker printed on its host</p></header>
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Workers whose key nobody approved yet</caption>
    <thead><tr><th scope="col">Host</th><th scope="col">Address</th><th scope="col">Fingerprint of its key</th><th scope="col">First seen</th><th scope="col">Last beat</th><th scope="col"><span class="visually-hidden">Decide</span></th></tr></thead>
    <tbody>
    % for line in waiting:
    <tr id="host-${line.host.id}"><th scope="row" data-label="Host">${line.host.name}</th><td data-label="Address">${line.host.address}</td><td data-label="Fingerprint"><code class="mn-mono">${line.fingerprint}</code></td><td data-label="First seen">${parts.age(line.host.first_seen)}</td><td data-label="Last beat">${parts.age(line.host.beat_at)}</td>
      <td class="mn-table__actions" data-label="">\
% if frame.operator:
<span class="mn-inline">${decide(line.host, "approve", "Approve", "approve", "btn-primary")}${decide(line.host, "reject", "Reject", "reject", "btn-outline-danger")}</span>\
% endif
</td></tr>
    % endfor
    </tbody></table></div>
  % if waiting_count > len(waiting):
  <p class="mn-panel__body mn-muted">and ${f"{waiting_count - len(waiting):,}"} that came before these</p>
  % endif
  % if frame.operator and waiting_count > 1:
  <form class="mn-panel__body" method="post" action="${request.route_path('hosts_bulk')}">${parts.csrf()}<input type="hidden" name="do" value="approve"><button class="btn btn-sm btn-outline-primary">${parts.icon("approve")} Approve several…</button></form>
  % endif
</section>
% endif
</div>
% endif

% if listed:
<section class="mn-panel mn-list" aria-label="Approved hosts" data-list>
  % if known:
  ${li.bar(view)}
  % endif
  <div id="hosts" hx-get="${view.live(part="hosts")}" hx-select="#hosts" hx-trigger="every 4s, minos:again" hx-swap="outerMorph">
  % if known:
  ${li.chips(view)}
  % endif
  % if view.page.total:
  <div class="mn-tablewrap" tabindex="0" role="region" aria-label="Table of hosts"><table class="mn-table mn-table--tight mn-table--cards">
    <caption class="visually-hidden">Approved hosts</caption>
    ${li.head(view, pick=frame.operates_some)}
    <tbody id="host-rows" data-rows>
    % for line in view.page.items:
    <tr id="host-${line.host.id}" class="${'is-stale' if line.badge.stale else ''}">
      % if frame.operates_some:
      <td class="mn-table__pick"><input class="form-check-input" type="checkbox" name="pick" value="${line.host.id}" form="bulk" aria-label="${line.host.name}"></td>
      % endif
      % for column in view.columns:
      ${cell(column.name, line)}\
      % endfor
    </tr>
    % endfor
    </tbody></table></div>
  ${li.foot(view)}
  % elif known:
  <%parts:empty icon_name="filter" heading="No host fits this filter"><p><a href="${view.url(q='', kind='')}">Show all hosts</a></p></%parts:empty>
  % else:
  <%parts:empty icon_name="hosts" heading="No hosts yet"><p>${add_words()}: a line for each installs its worker and lets it in. A worker that comes without a token waits here until somebody compares its fingerprint and approves it.</p><p class="mn-muted">The <a href="${request.route_path('help_page', page='quick-start')}">quick start</a> says how.</p></%parts:empty>
  % endif
  </div>
  % if known and frame.operates_some:
  ${li.bulk(view, request.route_path("hosts_bulk"), bulk)}
  % endif
</section>
% endif

% if around:
% if gone:
<section class="mn-panel" aria-labelledby="gone-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="gone-title">Rejected and revoked</h2></header>
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Workers that may not speak</caption>
    <thead><tr><th scope="col">Host</th><th scope="col">Address</th><th scope="col">State</th><th scope="col">Fingerprint</th><th scope="col">Decided</th><th scope="col"><span class="visually-hidden">Decide</span></th></tr></thead>
    <tbody>
    % for line in gone:
    <tr id="host-${line.host.id}"><th scope="row" data-label="Host">${line.host.name}</th><td data-label="Address">${line.host.address}</td><td data-label="State">${parts.status(line.badge, since=False)}</td><td data-label="Fingerprint"><code class="mn-mono">${line.fingerprint}</code></td><td data-label="Decided"><span>${parts.age(line.host.decided_at)}${f" by {line.host.decided_by}" if line.host.decided_by else ""}</span></td>
      <td class="mn-table__actions" data-label="">\
% if frame.operator:
${decide(line.host, "approve", "Approve after all", "approve", "btn-outline-secondary")}\
% endif
</td></tr>
    % endfor
    </tbody></table></div>
  % if gone_count > len(gone):
  <p class="mn-panel__body mn-muted">and ${f"{gone_count - len(gone):,}"} that came before these</p>
  % endif
</section>
% endif

<div class="mn-stack" id="door" hx-get="${around_url}" hx-select="#door" hx-trigger="every 10s" hx-swap="outerMorph">
<div id="refused">
% if refused:
<section class="mn-panel" aria-labelledby="refused-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="refused-title">Refused at the door</h2><p class="mn-panel__note">frames dropped since the engine started, ${parts.age(refused[0].count.since)}</p></header>
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards mn-table--sm">
    <caption class="visually-hidden">Frames that the engine dropped</caption>
    <thead><tr><th scope="col">Reason</th><th scope="col" class="mn-num">Frames</th><th scope="col">Last</th><th scope="col">Fingerprint of the last key</th><th scope="col">What it means</th></tr></thead>
    <tbody>
    % for one in refused:
    <tr><th scope="row" data-label="Reason">${one.count.reason}</th><td data-label="Frames" class="mn-num">${one.count.number}</td><td data-label="Last">${parts.age(one.count.last_at)}</td><td data-label="Last key">${key_of(one)}</td><td data-label="Meaning" class="mn-table__words">${one.words}</td></tr>
    % endfor
    </tbody></table></div>
</section>
% endif
</div>
${forwarding()}
</div>
% endif
</div>

<%def name="forwarding()">
<div id="forwarding">
% if forwarded.address:
<section class="mn-panel" aria-labelledby="forwarding-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="forwarding-title">Samples for OpenTSDB</h2><p class="mn-panel__note mn-mono">${forwarded.address}</p></header>
  <div class="mn-panel__body">
    <dl class="mn-kv">
      <dt>State</dt><dd>${"not tried yet" if forwarded.well is None else "sent" if forwarded.well else "waiting: the last try failed"}</dd>
      <dt>Last sent</dt><dd>${parts.age(forwarded.succeeded_at) if forwarded.succeeded_at else "never"}</dd>
      <dt>Waiting</dt><dd>${f"{forwarded.waiting:,} chunks, the oldest sample" if forwarded.waiting else "nothing"} ${parts.age(forwarded.waiting_since) if forwarded.waiting else ""}</dd>
      <dt>Points sent</dt><dd>${f"{forwarded.sent:,}"}</dd>
      % if forwarded.refused:
      <dt>Refused</dt><dd>${f"{forwarded.refused:,}"} points for good; the log names their series</dd>
      % endif
      % if forwarded.failed_at:
      <dt>Last failure</dt><dd>${parts.age(forwarded.failed_at)}: ${forwarded.error}</dd>
      % endif
    </dl>
  </div>
</section>
% endif
</div>
</%def>

<%def name="key_of(one)">\
% if one.fingerprint:
<code class="mn-mono">${one.fingerprint}</code>\
% else:
–\
% endif
</%def>

<%def name="decide(host, decision, text, icon, look)">\
<form method="post" action="${request.route_path('host_decide', id=host.id, decision=decision)}">${parts.csrf()}<button class="btn btn-sm ${look}" aria-label="${text} ${host.name}">${parts.icon(icon)} ${text}</button></form>\
</%def>


<%def name="cell(name, line)">
<% figures = line.host.figures %>\
% if name == "host":
<th scope="row"><a href="${request.route_path('host', name=line.host.name)}">${line.host.name}</a></th>
% elif name == "address":
<td data-label="Address">${line.host.address}</td>
% elif name == "rack":
<td data-label="Rack">${line.rack}</td>
% elif name == "state":
<td data-label="State">${parts.status(line.badge, since=False)}</td>
% elif name == "beat":
<td data-label="Beat" class="mn-num">${parts.age(line.host.beat_at, "short")}</td>
% elif name == "cpu":
<td data-label="CPU">${parts.meter(figures.get("host.cpu_percent"), show.figure(figures.get("host.cpu_percent"), "percent"))}</td>
% elif name == "memory":
<td data-label="Memory">${parts.meter(figures.get("host.memory_percent"), show.figure(figures.get("host.memory_percent"), "percent"))}</td>
% elif name == "disk":
<td data-label="Fullest disk">\
% if line.disks:
<span title="${line.disks[0][0]}">${parts.meter(line.disks[0][1], show.figure(line.disks[0][1], "percent"))}</span>\
% else:
–\
% endif
</td>
% elif name == "tasks":
<td data-label="Tasks" class="mn-num"><span>${line.running}<span class="mn-facts__of">/${line.total}</span></span></td>
% elif name == "worker":
<td data-label="Worker"><span title="${line.host.facts.get('release') or 'installed by hand'}">${line.host.worker_version or "–"}</span></td>
% elif name == "starts":
<td data-label="Starts" class="mn-num">${line.host.worker_starts}</td>
% elif name == "seen":
<td data-label="First seen">${parts.age(line.host.first_seen)}</td>
% endif
</%def>

<%def name="add_words()">\
% if frame.operator:
<a href="${request.route_path('hosts_add')}">Add hosts</a>\
% else:
Operators add hosts\
% endif
</%def>
