<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="ch" file="/cluster_head.mako"/>
<%namespace name="upkeep" file="/maintenance.mako"/>
<%namespace name="how" file="/running_parts.mako"/>
<%namespace name="drifting" file="/drift_parts.mako"/>
<%namespace name="timed" file="/schedule_parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('home'), "Clusters")}${parts.here(cluster.name)}</%block>
<%
    at = {"service": cluster.service, "cluster": cluster.name}
    query = [(name, value) for name, value in wanted.items() if value]
    live = request.current_route_path(_query=[(k, v) for k, v in request.GET.items()])
    def act(action): return request.route_path("cluster_act", action=action, **at)
    def sorted_by(name): return request.route_path("cluster", _query=[(k, v) for k, v in query if k != "sort"] + [("sort", name)], **at)
    def kind_link(kind): return request.route_path("cluster", _query=[(k, v) for k, v in query if k != "kind"] + ([("kind", kind)] if kind != wanted["kind"] else []), **at)
%>
<div class="mn-stack" id="cluster" hx-get="${live}" hx-select="#cluster" hx-trigger="every 3s" hx-swap="outerMorph">
<div id="cluster-head">
<%ch:head tab="tasks">
  % if frame.operator and not cluster.retired:
  <div class="mn-head__actions">
    % if not cluster.bootstrapped_at:
    <button class="btn btn-primary" form="bulk" formaction="${act('bootstrap')}">${parts.icon("bootstrap")} Bootstrap…</button>
    % else:
    <button class="btn ${'btn-primary' if badge.kind == 'stopped' else 'btn-outline-secondary'}" form="bulk" formaction="${act('start')}">${parts.icon("start")} Start…</button>
    <button class="btn btn-outline-secondary" form="bulk" formaction="${act('restart')}">${parts.icon("restart")} Restart…</button>
    <button class="btn btn-outline-secondary" form="bulk" formaction="${act('rolling_update')}">${parts.icon("rolling")} Rolling update…</button>
    <button class="btn btn-outline-danger" form="bulk" formaction="${act('stop')}">${parts.icon("stop")} Stop…</button>
    % endif
    <div class="dropdown"><button class="btn btn-outline-secondary dropdown-toggle" type="button" data-bs-toggle="dropdown" aria-expanded="false">More</button>
      <ul class="dropdown-menu dropdown-menu-end">
        <li><button class="dropdown-item" form="bulk" formmethod="post" formaction="${act('show')}" name="csrf_token" value="${get_csrf_token()}">${parts.icon("show")} Ask every task now</button></li>
        % if not cluster.bootstrapped_at:
        <li><button class="dropdown-item" form="bulk" formaction="${act('start')}">${parts.icon("start")} Start…</button></li>
        <li><button class="dropdown-item" form="bulk" formaction="${act('stop')}">${parts.icon("stop")} Stop…</button></li>
        % else:
        <li><button class="dropdown-item" form="bulk" formaction="${act('bootstrap')}">${parts.icon("bootstrap")} Bootstrap…</button></li>
        % endif
        <li><button class="dropdown-item" form="bulk" formaction="${act('install')}">${parts.icon("packages")} Install the package…</button></li>
        <li><a class="dropdown-item" href="${request.route_path('schedules_new', _query={'cluster': f'{cluster.service}/{cluster.name}'})}">${parts.icon("calendar")} Do it at a certain time…</a></li>
        <li><a class="dropdown-item" href="#maintenance-dialog" data-dialog-open="maintenance-dialog">${parts.icon("status-maintenance")} Maintenance…</a></li>
        % if leaving:
        <li><button class="dropdown-item" form="bulk" formaction="${act('decommission')}">${parts.icon("stop")} Decommission…</button></li>
        <li><button class="dropdown-item" form="bulk" formaction="${act('recommission')}">${parts.icon("start")} Recommission…</button></li>
        % endif
        <li><a class="dropdown-item" href="${request.route_path('cluster_keytabs', **at)}">${parts.icon("key")} Keytabs</a></li>
        <li><a class="dropdown-item" href="${request.route_path('cluster_pack', **at)}" download>${parts.icon("download")} Download a client pack</a></li>
        % for procedure in procedures:
        <li><a class="dropdown-item" href="${request.route_path('cluster_procedure', name=procedure.name, **at)}">${parts.icon("terminal")} ${procedure.title}…</a></li>
        % endfor
        <li><hr class="dropdown-divider"></li>
        <li><button class="dropdown-item text-danger" form="bulk" formaction="${act('cleanup')}">${parts.icon("cleanup")} Clean up…</button></li>
      </ul></div>
  </div>
  % endif
</%ch:head>
</div>
${ch.tabs("tasks")}
${upkeep.told(sorted(maintenance.items()), request.route_path("cluster_maintenance", **at), frame.operator and not cluster.retired)}

% if cluster.problem and frame.operator:
<p><a class="btn btn-outline-secondary" href="${request.route_path('config_file', path=config_path)}">${parts.icon("edit")} Open the description</a></p>
% endif

<section class="mn-panel" aria-label="Tasks">
  <div class="mn-panel__body">
    <form class="mn-filters" method="get" action="${request.route_path('cluster', **at)}">
      % if len(jobs) > 1:
      <label class="visually-hidden" for="job">Job</label>
      <select class="form-select form-select-sm" id="job" name="job"><option value="">All jobs</option>
        % for job in jobs:
        <option value="${job}"${' selected' if job == wanted['job'] else ''}>${job}</option>
        % endfor
      </select>
      % endif
      % if many or wanted["q"]:
      <label class="visually-hidden" for="q">Host</label>
      <input class="form-control form-control-sm" id="q" name="q" type="search" placeholder="Host name or address" value="${wanted['q']}">
      <button class="btn btn-sm btn-outline-secondary">${parts.icon("filter")} Filter</button>
      % endif
      % for kind, number in kinds:
      <a class="mn-chip mn-chip--link" aria-current="${'true' if wanted['kind'] == kind else 'false'}" href="${kind_link(kind)}">${kind} <b>${number}</b></a>
      % endfor
      % if frame.operator:
      <span class="mn-muted mn-filters__note">The buttons act on the ticked tasks, or on the whole cluster when none is ticked.</span>
      % endif
    </form>
  </div>
  <form id="bulk" method="get" action="${act('start')}"></form>
  <div id="tasks">
  % if page.total:
  <div class="mn-tablewrap">
  <table class="mn-table mn-table--tight mn-table--cards">
    <caption class="visually-hidden">Tasks of ${cluster.name}</caption>
    <thead><tr>
      % if frame.operator:
      <th scope="col"><input class="form-check-input" type="checkbox" data-check-all aria-label="All tasks shown"></th>
      % endif
      % for name, text, number in (("task", "Task", 0), ("state", "State", 0), ("host", "Host", 0), ("", "Ports", 0), ("", "Pid", 1), ("", "Up", 1), ("restarts", "Restarts", 1), ("cpu", "CPU", 1), ("memory", "Memory", 1), ("", "Package", 0)):
      <th scope="col"${' class="mn-num"' if number else '' | n}${' aria-sort="ascending"' if name and name == (wanted["sort"] or "task") else '' | n}>\
      % if name:
<a href="${sorted_by(name)}">${text}</a>\
      % else:
${text}\
      % endif
</th>
      % endfor
      <th scope="col" class="mn-table__actions"><span class="visually-hidden">Links</span></th>
    </tr></thead>
    <tbody>
    % for row in page.items:
    ${task_line(row)}
    % endfor
    </tbody>
  </table>
  </div>
  % if page.pages > 1:
  <div class="mn-panel__body">${parts.pager(page, "tasks")}</div>
  % endif
  % elif wanted["q"] or wanted["job"] or wanted["kind"]:
  <%parts:empty icon_name="filter" heading="No task fits this filter"><p><a href="${request.route_path('cluster', **at)}">Show all tasks</a></p></%parts:empty>
  % elif cluster.retired:
  <%parts:empty icon_name="history" heading="This cluster was removed"><p>Its file was deleted, and nothing of it is on any host. What was done stays in the <a href="${request.route_path('cluster_history', **at)}">history</a>; restoring <a href="${request.route_path('config_history', path=config_path)}">its file</a> brings it back.</p></%parts:empty>
  % elif cluster.problem:
  <%parts:empty icon_name="task" heading="No tasks are known"><p>The description cannot be read, and no worker has a task of this cluster.</p></%parts:empty>
  % else:
  <%parts:empty icon_name="task" heading="No tasks"><p>The description names no host yet. <a href="${request.route_path('config_file', path=config_path)}">Open it</a> and add host lines to a job.</p></%parts:empty>
  % endif
  </div>
  % if reboots:
  <div class="mn-panel__body"><dl class="mn-kv">
    % for after in reboots:
    <dt>After a reboot of its host${f", {', '.join(after.jobs)}" if len(reboots) > 1 else ""}</dt><dd>${how.reboot(after)}</dd>
    % endfor
  </dl></div>
  % endif
</section>
% if schedules:
<section class="mn-panel" aria-labelledby="schedules-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="schedules-title">Schedules</h2><p class="mn-panel__note"><a href="${request.route_path('schedules', _query={'cluster': f'{cluster.service}/{cluster.name}'})}">${show.count(len(schedules), "schedule")}</a></p></header>
  ${timed.table(schedules[:10], with_cluster=False)}
</section>
% endif
</div>
% if frame.operator and not cluster.retired:
${upkeep.dialog(request.route_path("cluster_maintenance", **at), cluster.name, list(dict.fromkeys(task.job for task in cluster.tasks)))}
% endif

<%def name="task_line(row)">
<%
    task = row.task
    place = {"service": cluster.service, "cluster": cluster.name, "job": task.job, "number": task.number}
    bad = row.badge.kind in ("down", "degraded")
%>
<tr id="task-${task.id}" class="${'is-down' if row.badge.kind == 'down' else 'is-stale' if row.badge.stale else ''}">
  % if frame.operator:
  <td><input class="form-check-input" type="checkbox" name="task" value="${task.job}/${task.number}" form="bulk" aria-label="${task.job}/${task.number}"></td>
  % endif
  <th scope="row"><a href="${request.route_path('task', **place)}">${task.job}/${task.number}</a>\
  % if not task.described:
 <span class="mn-chip mn-chip--drifted" title="A worker still has it, but the description no longer names it">not described</span>\
  % endif
  % if task.leaving:
 <span class="mn-chip" title="The cluster file says so; it stays stopped until it is recommissioned">decommissioned</span>\
  % endif
${drifting.chips(row.drift, short=True)}\
  % for word in row.words:
 <span class="mn-chip">${word}</span>\
  % endfor
</th>
  <td data-label="State"><span>${parts.status(row.badge)}\
  % if bad and row.badge.title:
 <span class="mn-muted mn-ellipsis" title="${row.badge.title}">${row.badge.title}</span>\
  % endif
</span></td>
  <td class="mn-nowrap" data-label="Host"><span>\
  % if row.host:
<a href="${request.route_path('host', name=row.host.name)}">${row.host.name}</a>\
  % if row.host.name != task.address:
 <span class="mn-muted">${task.address}</span>\
  % endif

  % else:
${task.address}\
  % endif
</span></td>
  <td class="mn-nowrap" data-label="Ports" title="${", ".join(f"{name} {port}" for name, port in task.ports.items())}">${show.ports(task.ports)}</td>
  <td class="mn-num" data-label="Pid">${task.pid or "–"}</td>
  <td class="mn-num" data-label="Up">\
  % if row.uptime is not None:
<time data-age="short" datetime="${show.iso(task.started_at)}">${show.utc(task.started_at)}</time>\
  % else:
–\
  % endif
</td>
  <td class="mn-num" data-label="Restarts">${task.restarts}</td>
  <td class="mn-num" data-label="CPU">${show.figure(row.cpu, "percent")}</td>
  <td class="mn-num" data-label="Memory">${show.size(row.memory)}</td>
  <td class="mn-nowrap" data-label="Package">${show.package_name(task.package)}</td>
  <td class="mn-table__actions">
    <a class="mn-iconbtn" href="${request.route_path('task_log', **place)}" aria-label="Log of ${task.job}/${task.number}" title="Log">${parts.icon("log")}</a>
    % if task.http_url:
    <a class="mn-iconbtn" href="${task.http_url if task.http_url.startswith(('http://', 'https://')) else '#'}" rel="noopener noreferrer" target="_blank" aria-label="Own page of ${task.job}/${task.number}" title="Its own page">${parts.icon("external")}</a>
    % endif
  </td>
</tr>
</%def>
