## Header and tabs of every page of a cluster.
<%namespace name="parts" file="/parts.mako"/>

<%def name="crumbs()">\
${parts.crumb(request.route_path(frame.clusters_route), "Clusters")}\
</%def>

<%def name="head(tab)">
<% at = {"service": cluster.service, "cluster": cluster.name} %>
<header class="mn-head">
  <div class="mn-head__text">
    <p class="mn-head__kind">${service_title} cluster</p>
    <h1 class="mn-head__title">${cluster.name} ${parts.status(badge, large=True)}</h1>
    <p class="mn-head__sub">
      % for job, health in (cluster.health_jobs or {}).items():
      ${health["running"]} of ${health["total"]} ${job} running ·
      % endfor
      % if version:
      version ${version} ·
      % endif
      % if cluster.bootstrapped_at:
      bootstrapped ${parts.age(cluster.bootstrapped_at)}
      % else:
      not bootstrapped yet
      % endif
      % if entry:
      · <a href="${entry}" rel="noopener noreferrer" target="_blank">its own page ${parts.icon("external")}</a>
      % endif
    </p>
    % if cluster.description:
    <p class="mn-head__sub">${cluster.description}</p>
    % endif
  </div>
  ${caller.body() if caller else ""}
</header>
% if frame.operator and not cluster.retired:
<p class="mn-brakeline"><a href="${request.route_path('brake', _query={'cluster': f'{cluster.service}/{cluster.name}'})}">${parts.icon("brake")} Emergency brake…</a></p>
% endif
% if badge.title and badge.kind not in ("running", "stopped"):
${parts.why(badge.kind, badge.title)}
% for job, health in (cluster.health_jobs or {}).items():
% if health["kind"] in ("down", "degraded", "unknown") and health["reason"] not in badge.title:
${parts.why(health["kind"], health["reason"])}
% endif
% endfor
% elif cluster.retired:
${parts.why("info", "Its file was deleted, and nothing of it is on any host. This is its history.")}
% elif badge.stale:
${parts.why("unknown", "The console has not looked at this cluster for a while: is its engine running?")}
% endif
% if running:
<a class="mn-card__op mn-card__op--page" href="${request.route_path('operation', id=running.operation.id)}">${parts.status(running.badge, since=False)} ${show.action(running.operation.action)} by ${running.operation.created_by} <progress class="mn-progress mn-progress--${running.badge.kind}" value="${running.ended}" max="${running.total or 1}">${running.ended} of ${running.total}</progress> <span class="mn-muted">${running.ended} of ${running.total} steps</span></a>
% endif
</%def>

<%def name="tabs(tab)">
<% at = {"service": cluster.service, "cluster": cluster.name} %>
<nav class="mn-tabs" aria-label="${cluster.name}">
  % for name, route, text in (("tasks", "cluster", "Tasks"), ("charts", "cluster_charts", "Charts"), ("heat", "cluster_heat", "Heat map"), ("history", "cluster_history", "History"), ("watching", "cluster_watching", "Watching")):
  <a href="${request.route_path(route, **at)}"${' aria-current="page"' if tab == name else '' | n}>${text}${counted(name)}</a>
  % endfor
  % if frame.sees_all:
  <a href="${request.route_path('alerts', _query=at)}">Alerts${counted("alerts")}</a>
  % endif
  % for one in request.board_tabs(cluster.service):
  <a href="${request.route_path(one.route, **at, **one.more)}"${' aria-current="page"' if tab in one.names else '' | n}>${one.text}</a>
  % endfor
  % if frame.operator and not cluster.retired:
  <a href="${request.route_path('cluster_shell', **at)}"${' aria-current="page"' if tab == "shell" else '' | n}>Shell</a>
  % endif
  <a href="${request.route_path('config_file', path=config_path)}">Configuration</a>
</nav>
</%def>

<%def name="counted(name)">\
% if name == "tasks" and task_count:
 <span class="mn-count">${f"{task_count:,}"}</span>\
% elif name == "alerts" and alerts_here:
 <span class="mn-count mn-count--warn">${alerts_here}</span>\
% endif
</%def>
