<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Hosts</h1><p class="mn-head__sub">${show.count(known, "approved host")}${f", {len(waiting)} waiting for approval" if waiting else ""}</p></div>
  <div class="mn-head__actions">
    <a class="btn btn-outline-secondary" href="${request.route_path('inventory')}">${parts.icon("inventory")} Inventory</a>
    % if known:
    <a class="btn btn-outline-secondary" href="${request.route_path('heat')}">${parts.icon("heat")} Heat map</a>
    % endif
    % if frame.admin and known:
    <a class="btn btn-outline-secondary" href="${request.route_path('workers_upgrade')}">${parts.icon("refresh")} Upgrade workers…</a>
    % endif
    <a class="btn ${'btn-outline-primary' if known else 'btn-primary'}" href="${request.route_path('workers_install')}">${parts.icon("add")} Add hosts</a>
  </div></header>

<div id="waiting" hx-get="${request.current_route_path()}" hx-select="#waiting" hx-trigger="every 4s" hx-swap="outerMorph">
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
</section>
% endif
</div>

<section class="mn-panel" aria-label="Approved hosts">
  % if known > 8 or wanted["q"] or wanted["kind"]:
  <div class="mn-panel__body">
  <form class="mn-filters" method="get" action="${request.route_path('hosts')}">
    <label class="visually-hidden" for="q">Host</label><input class="form-control form-control-sm" type="search" id="q" name="q" placeholder="Name or address" value="${wanted['q']}">
    <button class="btn btn-sm btn-outline-secondary">${parts.icon("filter")} Filter</button>
    % for kind, number in kinds:
    <a class="mn-chip mn-chip--link" aria-current="${'true' if wanted['kind'] == kind else 'false'}" href="${request.route_path('hosts', _query=[('q', wanted['q'])] + ([] if wanted['kind'] == kind else [('kind', kind)]))}">${kind} <b>${number}</b></a>
    % endfor
  </form>
  </div>
  % endif
  <div id="hosts" hx-get="${request.current_route_path()}" hx-select="#hosts" hx-trigger="every 4s" hx-swap="outerMorph">
  % if page.total:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Approved hosts</caption>
    <thead><tr><th scope="col">Host</th><th scope="col">Address</th><th scope="col">State</th><th scope="col" class="mn-num">Beat</th><th scope="col">CPU</th><th scope="col">Memory</th><th scope="col">Fullest disk</th><th scope="col" class="mn-num">Tasks</th><th scope="col">Worker</th><th scope="col" class="mn-num">Starts</th></tr></thead>
    <tbody>
    % for line in page.items:
    <% figures = line.host.figures %>
    <tr id="host-${line.host.id}" class="${'is-stale' if line.badge.stale else ''}">
      <th scope="row"><a href="${request.route_path('host', name=line.host.name)}">${line.host.name}</a></th>
      <td data-label="Address">${line.host.address}</td>
      <td data-label="State">${parts.status(line.badge, since=False)}</td>
      <td data-label="Beat" class="mn-num">${parts.age(line.host.beat_at, "short")}</td>
      <td data-label="CPU">${parts.meter(figures.get("host.cpu_percent"), show.figure(figures.get("host.cpu_percent"), "percent"))}</td>
      <td data-label="Memory">${parts.meter(figures.get("host.memory_percent"), show.figure(figures.get("host.memory_percent"), "percent"))}</td>
      <td data-label="Fullest disk">\
% if line.disks:
<span title="${line.disks[0][0]}">${parts.meter(line.disks[0][1], show.figure(line.disks[0][1], "percent"))}</span>\
% else:
–\
% endif
</td>
      <td data-label="Tasks" class="mn-num"><span>${line.running}<span class="mn-facts__of">/${line.total}</span></span></td>
      <td data-label="Worker"><span title="${line.host.facts.get('release') or 'installed by hand'}">${line.host.worker_version or "–"}</span></td>
      <td data-label="Starts" class="mn-num">${line.host.worker_starts}</td>
    </tr>
    % endfor
    </tbody></table></div>
  % if page.pages > 1:
  <div class="mn-panel__body">${parts.pager(page, "hosts")}</div>
  % endif
  % elif known:
  <%parts:empty icon_name="filter" heading="No host fits this filter"><p><a href="${request.route_path('hosts')}">Show all hosts</a></p></%parts:empty>
  % else:
  <%parts:empty icon_name="hosts" heading="No hosts yet"><p><a href="${request.route_path('workers_install')}">Add hosts</a>: a line for each installs its worker and lets it in. A worker that comes without a token waits here until somebody compares its fingerprint and approves it.</p><p class="mn-muted">The <a href="${request.route_path('help_page', page='quick-start')}">quick start</a> says how.</p></%parts:empty>
  % endif
  </div>
</section>

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
</section>
% endif

<div id="refused" hx-get="${request.current_route_path()}" hx-select="#refused" hx-trigger="every 10s" hx-swap="outerMorph">
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

<%def name="forwarding()">
<div id="forwarding" hx-get="${request.current_route_path()}" hx-select="#forwarding" hx-trigger="every 30s" hx-swap="outerMorph">
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
