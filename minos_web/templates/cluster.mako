<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="ch" file="/cluster_head.mako"/>
<%namespace name="upkeep" file="/maintenance.mako"/>
<%namespace name="how" file="/running_parts.mako"/>
<%namespace name="drifting" file="/drift_parts.mako"/>
<%namespace name="cells" file="/task_cells.mako"/>
<%namespace name="li" file="/list_parts.mako"/>
<%namespace name="timed" file="/schedule_parts.mako"/>
<%block name="crumbs">${parts.way(cluster, last=True)}</%block>
<%
    at = {"service": cluster.service, "cluster": cluster.name}
    def act(action): return request.route_path("cluster_act", action=action, **at)
%>
<div class="mn-stack" id="cluster" hx-get="${view.live()}" hx-select="#cluster" hx-trigger="every 3s" hx-swap="outerMorph">
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

<section class="mn-panel mn-list" aria-label="Tasks" data-list>
  ${li.bar(view)}
  ${li.chips(view)}
  % if len(jobs) > 1:
  <p class="mn-list__chips">
    % for job, number in jobs.items():
    <a class="mn-chip mn-chip--link" aria-current="${'true' if view.asked.text == f'job:{job}' else 'false'}" href="${view.url(q='' if view.asked.text == f'job:{job}' else f'job:{job}')}">${job} <b>${f"{number:,}"}</b></a>
    % endfor
  </p>
  % endif
  <form id="bulk" method="get" action="${act('start')}"></form>
  % if frame.operator and not cluster.retired and view.page.total:
  <p class="mn-bulk mn-muted" data-bulk data-matching="${view.page.total}" data-total="${view.listed.total}"><span data-bulk-scope></span> <span>The buttons act on the ticked tasks, or on the whole cluster when none is ticked.</span>\
  % if view.asked.narrows and not view.asked.problem and frame.sees_all:
 <a href="${request.route_path('tasks', _query=[('q', f'service:{cluster.service} cluster:{cluster.name} {view.asked.text}'.strip()), ('kind', view.asked.kind)])}">Do something with all ${f"{view.page.total:,}"} that fit</a>\
  % endif
</p>
  % endif
  <div id="tasks">
  % if view.page.total:
  <div class="mn-tablewrap" tabindex="0" role="region" aria-label="Table of tasks">
  <table class="mn-table mn-table--tight mn-table--cards">
    <caption class="visually-hidden">Tasks of ${cluster.name}</caption>
    ${li.head(view, pick=frame.operator, links=True)}
    <tbody id="task-rows" data-rows>
    % for row in view.page.items:
    ${cells.task_line(row, view.columns, frame.operator)}
    % endfor
    </tbody>
  </table>
  </div>
  ${li.foot(view)}
  % elif view.asked.narrows:
  <%parts:empty icon_name="filter" heading="No task fits this filter"><p><a href="${view.url(q='', kind='')}">Show all tasks</a></p></%parts:empty>
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
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="schedules-title">Schedules</h2><p class="mn-panel__note">${parts.on_all(request.route_path('schedules', _query={'cluster': f'{cluster.service}/{cluster.name}'}), show.count(len(schedules), "schedule"))}</p></header>
  ${timed.table(schedules[:10], with_cluster=False)}
</section>
% endif
</div>
% if frame.operator and not cluster.retired:
${upkeep.dialog(request.route_path("cluster_maintenance", **at), cluster.name, list(jobs))}
% endif
