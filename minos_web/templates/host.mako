<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="drawn" file="/chart_parts.mako"/>
<%namespace name="logs" file="/log_parts.mako"/>
<%namespace name="upkeep" file="/maintenance.mako"/>
<%block name="head">${drawn.assets()}</%block>
<%block name="crumbs">${parts.crumb(request.route_path('hosts'), "Hosts")}${parts.here(host.name)}</%block>
<%
    figures = host.figures
    def act_here(cluster, action): return request.route_path("cluster_act", action=action, service=cluster.service, cluster=cluster.name, _query=[("host", address) for address in dict.fromkeys(row.task.address for row in tasks if row.task.cluster_id == cluster.id)])
%>
<div class="mn-stack">
${logs.told_of(told)}
<div class="mn-stack" id="host" hx-get="${request.current_route_path()}" hx-select="#host" hx-trigger="every 4s" hx-swap="outerMorph">
<header class="mn-head">
  <div class="mn-head__text">
    <p class="mn-head__kind">Host</p>
    <h1 class="mn-head__title">${host.name} ${parts.status(line.badge, large=True)}</h1>
    <p class="mn-head__sub">${host.address} · ${line.running} of ${show.count(line.total, "task")} running · last beat ${parts.age(host.beat_at)} · <a href="${request.route_path('alerts', _query={'host': host.name})}">${show.count(alerts_here, "alert") if alerts_here else "no alerts"}</a></p>
  </div>
  % if frame.operator and host.state == "approved":
  <div class="mn-head__actions"><a class="btn btn-outline-secondary" href="#maintenance-dialog" data-dialog-open="maintenance-dialog">${parts.icon("status-maintenance")} Maintenance…</a> <a class="btn btn-outline-danger" href="#revoke-dialog" data-dialog-open="revoke-dialog">${parts.icon("reject")} Revoke…</a></div>
  % elif frame.operator:
  <div class="mn-head__actions"><form method="post" action="${request.route_path('host_decide', id=host.id, decision='approve')}">${parts.csrf()}<button class="btn btn-primary">${parts.icon("approve")} Approve</button></form></div>
  % endif
</header>
${upkeep.told([("", maintenance)] if maintenance else [], request.route_path("host_maintenance", name=host.name), frame.operator)}
% if line.badge.kind not in ("running", "waiting"):
${parts.why(line.badge.kind if line.badge.kind in ("degraded", "down", "changing", "unknown") else "info", line.badge.title)}
% endif

<div class="mn-grid mn-grid--2">
<section class="mn-panel${' is-stale' if line.badge.stale else ''}" aria-labelledby="now-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="now-title">Now</h2><p class="mn-panel__note">\
% if host.figures_at:
read ${parts.age(host.figures_at)}\
% else:
no figures yet\
% endif
</p></header>
  <div class="mn-panel__body"><dl class="mn-kv">
    <dt>CPU</dt><dd>${parts.meter(figures.get("host.cpu_percent"), show.figure(figures.get("host.cpu_percent"), "percent") + (f" of {show.count(int(host.facts.get('cores') or 0), 'core')}" if host.facts.get("cores") else ""))}</dd>
    <dt>Load</dt><dd>${" · ".join(show.figure(figures.get(f"host.load{span}"), "") for span in (1, 5, 15))} <span class="mn-muted">1, 5, 15 min</span></dd>
    <dt>Memory</dt><dd>${parts.meter(figures.get("host.memory_percent"), show.figure(figures.get("host.memory_percent"), "percent") + (f" of {show.size(host.facts.get('memory'))}" if host.facts.get("memory") else ""))}</dd>
    % for name, percent in line.disks:
    <dt>Disk</dt><dd>${parts.meter(percent, show.figure(percent, "percent"))} <span class="mn-mono mn-muted">${name}</span></dd>
    % endfor
    % if figures.get("host.swap_total"):
    <dt>Swap</dt><dd>${parts.meter(figures.get("host.swap_percent"), show.figure(figures.get("host.swap_percent"), "percent") + f" of {show.size(figures['host.swap_total'])}")}</dd>
    % endif
    % if "host.disk_busy_percent" in figures:
    <dt>Disk traffic</dt><dd>${show.figure(figures.get("host.disk_read_bytes_per_second"), "bytes_per_second")} read, ${show.figure(figures.get("host.disk_write_bytes_per_second"), "bytes_per_second")} written <span class="mn-muted">busiest disk at work ${show.figure(figures["host.disk_busy_percent"], "percent")} of the time</span></dd>
    % endif
    <dt>Network</dt><dd>${show.figure(figures.get("host.network_received_bytes_per_second"), "bytes_per_second")} in, ${show.figure(figures.get("host.network_sent_bytes_per_second"), "bytes_per_second")} out\
% if figures.get("host.network_errors_per_second") or figures.get("host.network_drops_per_second"):
 <span class="mn-muted">${show.figure(figures.get("host.network_errors_per_second"), "per_second")} errors, ${show.figure(figures.get("host.network_drops_per_second"), "per_second")} dropped</span>\
% endif
</dd>
    % if "host.tcp_established" in figures:
    <dt>TCP</dt><dd>${show.figure(figures["host.tcp_established"], "count")} established <span class="mn-muted">${show.figure(figures.get("host.tcp_time_wait"), "count")} in time-wait</span></dd>
    % endif
    % if "host.threads" in figures:
    <dt>Processes</dt><dd>${show.figure(figures.get("host.processes"), "count")} <span class="mn-muted">${show.figure(figures["host.threads"], "count")} threads, ${show.figure(figures.get("host.open_files"), "count")} open files</span></dd>
    % endif
    % if "host.pressure_cpu_some" in figures:
    <dt>Waiting</dt><dd>${show.figure(figures["host.pressure_cpu_some"], "percent")} for CPU, ${show.figure(figures.get("host.pressure_io_some"), "percent")} for disks, ${show.figure(figures.get("host.pressure_memory_some"), "percent")} for memory <span class="mn-muted">of the last 10 s</span></dd>
    % endif
  </dl></div>
</section>
<section class="mn-panel" aria-labelledby="facts-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="facts-title">Host and worker</h2></header>
  <div class="mn-panel__body"><dl class="mn-kv">
    <dt>System</dt><dd>${host.facts.get("system") or "–"}${f", kernel {host.facts['kernel']}" if host.facts.get("kernel") else ""}</dd>
    <dt>Stands in</dt><dd>rack ${place.rack} <span class="mn-muted">${place_from[place.rack_from]}</span>${f", {place.kept('idc')}" if place.kept("idc") else ""}\
% if frame.deployer and host.state == "approved":
 · <a href="${request.route_path('inventory_machine', _query={'host': place.machine.host if place.machine else host.name})}">inventory…</a>\
% endif
</dd>
    % if place.kept("note"):
    <dt>Description</dt><dd>${place.kept("note")}</dd>
    % endif
    <dt>Java</dt><dd>${host.facts.get("java") or "none found"}</dd>
    <dt>Runs as</dt><dd>${host.facts.get("user") or "–"}</dd>
    <dt>Tasks run as</dt><dd>${host.facts.get("task_user") or host.facts.get("user") or "–"}</dd>
    <dt>Worker</dt><dd>${f"version {host.worker_version}" if host.worker_version else "–"}, up ${parts.age(host.worker_started, "short")}, ${show.count(host.worker_starts, "start")}\
% if frame.admin and host.state == "approved":
 · <a href="${request.route_path('workers_upgrade', _query={'host': host.name})}">upgrade…</a>\
% endif
</dd>
    <dt>Release</dt><dd class="mn-mono">${host.facts.get("release") or "installed by hand"}</dd>
    <dt>Clock</dt><dd>${f"{abs(host.clock_offset):,.1f} s {'ahead of' if host.clock_offset > 0 else 'behind'} the console's" if abs(host.clock_offset) >= 1 else "in step with the console"}\
% if abs(host.clock_offset) > 5:
 <span class="mn-muted">Its figures are shown at the right times all the same; its logs are not.</span>\
% endif
</dd>
    <dt>Key</dt><dd><code class="mn-mono">${line.fingerprint}</code>\
% if host.key_since:
 <span class="mn-muted">since ${parts.age(host.key_since)}</span>\
% endif
% if key.under_way:
 <span class="mn-chip mn-chip--accent">${parts.icon("status-changing")} a new one is being made</span>\
% elif frame.operator and host.state == "approved" and not line.badge.stale:
 <form class="mn-inline" method="post" action="${request.route_path('host_key', name=host.name)}">${parts.csrf()}<button class="btn btn-sm btn-outline-secondary" title="The worker makes a new key pair and uses it from then on; nothing it supervises notices">${parts.icon("key")} New key</button></form>\
% endif
% if key.failure:
 <span class="mn-muted">No new key was made: ${key.failure}</span>\
% endif
</dd>
    <dt>Approved</dt><dd>${parts.age(host.decided_at)}${f" by {host.decided_by}" if host.decided_by else ""}</dd>
    % for name, text in (("app", "Run directories"), ("log", "Logs"), ("package", "Packages")):
    % if host.roots.get(name):
    <dt>${text}</dt><dd class="mn-mono">${host.roots[name]}</dd>
    % endif
    % endfor
    % if host.roots.get("data"):
    <dt>Data</dt><dd class="mn-mono">${", ".join(host.roots["data"])}</dd>
    % endif
  </dl></div>
</section>
</div>

<section class="mn-panel" aria-labelledby="tasks-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="tasks-title">Tasks here</h2>
    % if frame.operator and clusters_here:
    <div class="mn-panel__actions">
      % for cluster in clusters_here:
      <div class="dropdown"><button class="btn btn-sm btn-outline-secondary dropdown-toggle" type="button" data-bs-toggle="dropdown" aria-expanded="false">All of ${cluster.name}</button>
        <ul class="dropdown-menu dropdown-menu-end">
          % for action, text in (("start", "Start…"), ("restart", "Restart…"), ("stop", "Stop…")):
          <li><a class="dropdown-item${' text-danger' if action == 'stop' else ''}" href="${act_here(cluster, action)}">${parts.icon(action)} ${text}</a></li>
          % endfor
        </ul></div>
      % endfor
    </div>
    % endif
  </header>
  % if tasks:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Tasks on ${host.name}</caption>
    <thead><tr><th scope="col">Task</th><th scope="col">Cluster</th><th scope="col">State</th><th scope="col">Description</th><th scope="col" class="mn-num">Restarts</th><th scope="col" class="mn-num">CPU</th><th scope="col" class="mn-num">Memory</th><th scope="col" class="mn-table__actions"><span class="visually-hidden">Actions</span></th></tr></thead>
    <tbody>
    % for row in tasks:
    <tr id="task-${row.task.id}" class="${'is-down' if row.badge.kind == 'down' else 'is-stale' if row.badge.stale else ''}">
      <th scope="row" data-label="Task"><a href="${request.route_path('task', service=row.task.cluster.service, cluster=row.task.cluster.name, job=row.task.job, number=row.task.number)}">${row.task.job}/${row.task.number}</a></th>
      <td data-label="Cluster"><a href="${request.route_path('cluster', service=row.task.cluster.service, cluster=row.task.cluster.name)}">${row.task.cluster.name}</a></td>
      <td data-label="State">${parts.status(row.badge)}</td><td data-label="Description" class="mn-table__words">${description(row)}</td><td data-label="Restarts" class="mn-num">${row.task.restarts}</td><td data-label="CPU" class="mn-num">${show.figure(row.cpu, "percent")}</td><td data-label="Memory" class="mn-num">${show.size(row.memory)}</td>
      <td class="mn-table__actions" data-label="">${task_actions(row)}</td>
    </tr>
    % endfor
    </tbody></table></div>
  % else:
  <%parts:empty icon_name="task" heading="No tasks here"><p>No cluster's description names ${host.name} or ${host.address}.</p></%parts:empty>
  % endif
</section>
</div>

<section aria-labelledby="charts-title" class="mn-stack">
  <h2 class="mn-section" id="charts-title">Charts</h2>
${drawn.in_sections(sections, {'host': host.name})}
</section>

% if frame.operator and tasks:
${logs.clear_dialog("host")}
% endif
% if frame.operator and host.state == "approved":
${upkeep.dialog(request.route_path("host_maintenance", name=host.name), host.name)}
<dialog class="mn-dialog mn-dialog--danger" id="revoke-dialog" data-confirm data-confirm-expect="${host.name}" aria-labelledby="revoke-title">
  <form method="post" action="${request.route_path('host_decide', id=host.id, decision='revoke')}">${parts.csrf()}
    <header class="mn-dialog__head"><h2 class="mn-dialog__title" id="revoke-title">Revoke ${host.name}?</h2></header>
    <div class="mn-dialog__body">
      <p>Its worker may say nothing more until it is approved again. What runs on the host goes on running, unwatched: ${show.count(line.running, "process", "processes")}.</p>
      <div class="mn-field"><label class="form-label" for="revoke-name">Type <b class="mn-mono">${host.name}</b> to confirm</label>
        <input class="form-control mn-mono" id="revoke-name" name="confirm" data-confirm-input autocomplete="off" autocapitalize="off" spellcheck="false"></div>
    </div>
    <footer class="mn-dialog__foot"><button type="button" class="btn btn-outline-secondary" data-dialog-close>Keep it</button><button class="btn btn-danger" data-confirm-submit>Revoke ${host.name}</button></footer>
  </form>
</dialog>
% endif
</div>

## What a supervisor says of a process: its pid and since when it is up, or why it is not.
<%def name="description(row)">
<% task = row.task %>
% if row.badge.stale:
<span class="mn-clamp" title="${row.badge.title}">${row.badge.title}</span>
% elif task.pid and task.started_at:
<span>pid ${task.pid}, up ${parts.age(task.started_at, "short")}</span>
% if row.badge.title:
<span class="mn-clamp mn-muted" title="${row.badge.title}">${row.badge.title}</span>
% endif
% else:
<% why, at = why_not(row) %>
<span class="mn-clamp" title="${why}">${why}\
% if at:
, ${parts.age(at)}\
% endif
</span>
% endif
</%def>

<%def name="task_actions(row)">
<%
    task, cluster = row.task, row.task.cluster
    place = {"service": cluster.service, "cluster": cluster.name, "job": task.job, "number": task.number}
    name = f"{task.job}/{task.number} of {cluster.name}"
    def act(action): return request.route_path("cluster_act", action=action, service=cluster.service, cluster=cluster.name, _query={"task": f"{task.job}/{task.number}"})
%>
% if frame.operator:
% for action, text in offered(row):
<a class="mn-iconbtn" href="${act(action)}" aria-label="${text} ${name}" title="${text}…">${parts.icon(action)}</a>
% endfor
<a class="mn-iconbtn" href="${request.route_path('task_log', _anchor='clear-dialog', **place)}" data-dialog-open="clear-dialog" data-dialog-action="${request.route_path('task_log_clear', **place)}" data-dialog-text="${name}" aria-label="Clear output of ${name}" title="Clear output…">${parts.icon("clear")}</a>
% endif
<a class="mn-iconbtn" href="${request.route_path('task_log', **place)}" aria-label="Log of ${name}" title="Log">${parts.icon("log")}</a>
% if task.http_url.startswith(("http://", "https://")):
<a class="mn-iconbtn" href="${task.http_url}" rel="noopener noreferrer" target="_blank" aria-label="Own page of ${name}" title="Its own page">${parts.icon("external")}</a>
% endif
</%def>
