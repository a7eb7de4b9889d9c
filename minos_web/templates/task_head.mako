## Header and tabs of every page of a task.
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="drifting" file="/drift_parts.mako"/>

<%def name="crumbs(last='')">\
${parts.way(cluster)}${parts.crumb(request.route_path('cluster', service=cluster.service, cluster=cluster.name, _query={'job': task.job}), task.job)}\
% if last:
${parts.crumb(request.route_path('task', **place), f"{task.job}/{task.number}")}${parts.here(last)}\
% else:
${parts.here(f"{task.job}/{task.number}")}\
% endif
</%def>

<%def name="head(tab)">
<div id="task-head" hx-get="${request.current_route_path()}" hx-select="#task-head" hx-trigger="every 3s" hx-swap="outerMorph">
<header class="mn-head">
  <div class="mn-head__text">
    <p class="mn-head__kind">${service_title} task of ${cluster.name}</p>
    <h1 class="mn-head__title">${task.job}/${task.number} ${parts.status(row.badge, large=True)}${'<span class="mn-chip" title="The cluster file says so; it stays stopped until it is recommissioned">decommissioned</span>' if task.leaving else '' | n}${drifting.chips(row.drift)}</h1>
    <p class="mn-head__sub">on \
% if row.host:
${parts.on_all(request.route_path('host', name=row.host.name), row.host.name)}\
% else:
${task.address}\
% endif
${f" ({task.address})" if row.host and row.host.name != task.address else ""}\
${f", instance {task.instance}" if task.instance >= 0 else ""}\
% if row.host and task.heard_at:
 · last word of its worker ${parts.age(row.host.beat_at)}\
% else:
 · its worker never spoke of it\
% endif
</p>
  </div>
  % if frame.operator:
  <div class="mn-head__actions">
    % for name, text, icon in ((("recommission", "Recommission…", "start"),) if task.leaving else (("start", "Start…", "start"), ("restart", "Restart…", "restart"))) + (("stop", "Stop…", "stop"),):
    <a class="btn btn-outline-${'danger' if name == 'stop' else 'secondary'}" href="${request.route_path('cluster_act', service=cluster.service, cluster=cluster.name, action=name, _query={'task': f'{task.job}/{task.number}'})}">${parts.icon(icon)} ${text}</a>
    % endfor
  </div>
  % endif
</header>
% if row.badge.title and row.badge.kind not in ("running", "stopped"):
${parts.why(row.badge.kind, row.badge.title)}
% endif
% if running:
<a class="mn-card__op mn-card__op--page" href="${request.route_path('operation', id=running.operation.id)}">${parts.status(running.badge, since=False)} ${show.action(running.operation.action)} by ${running.operation.created_by} <progress class="mn-progress mn-progress--${running.badge.kind}" value="${running.ended}" max="${running.total or 1}">${running.ended} of ${running.total}</progress></a>
% endif
</div>
<nav class="mn-tabs" aria-label="${task.job}/${task.number}">
  % for name, route, text in (("summary", "task", "Summary"), ("charts", "task_charts", "Charts"), ("figures", "task_figures", "Figures"), ("log", "task_log", "Log"), ("files", "task_files", "Files")):
  <a href="${request.route_path(route, **place)}"${' aria-current="page"' if tab == name else '' | n}>${text}</a>
  % endfor
  % if frame.sees_all:
  <a href="${request.route_path('alerts', _query=place)}">Alerts\
% if alerts_here:
 <span class="mn-count mn-count--warn">${alerts_here}</span>\
% endif
</a>
  % endif
  % if task.http_url.startswith(("http://", "https://")):
  <a href="${task.http_url}" rel="noopener noreferrer" target="_blank">Its own page ${parts.icon("external")}</a>
  % endif
</nav>
</%def>
