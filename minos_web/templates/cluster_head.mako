## Header and tabs of every page of a cluster.
<%namespace name="parts" file="/parts.mako"/>

<%def name="crumbs()">\
${parts.crumb(request.route_path('home'), "Clusters")}\
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
      % if cluster.version:
      version ${cluster.version} ·
      % endif
      % if cluster.bootstrapped_at:
      bootstrapped ${parts.age(cluster.bootstrapped_at)}
      % else:
      not bootstrapped yet
      % endif
    </p>
  </div>
  ${caller.body() if caller else ""}
</header>
% if badge.title and badge.kind not in ("running", "stopped"):
${parts.why(badge.kind, badge.title)}
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
  % for name, route, text in (("tasks", "cluster", "Tasks"), ("charts", "cluster_charts", "Charts"), ("history", "cluster_history", "History")):
  <a href="${request.route_path(route, **at)}"${' aria-current="page"' if tab == name else '' | n}>${text}${counted(name)}</a>
  % endfor
  % if frame.operator and not cluster.retired:
  <a href="${request.route_path('cluster_shell', **at)}"${' aria-current="page"' if tab == "shell" else '' | n}>Shell</a>
  % endif
  <a href="${request.route_path('config_file', path=config_path)}">Configuration</a>
</nav>
</%def>

<%def name="counted(name)">\
% if name == "tasks" and cluster.tasks:
 <span class="mn-count">${len(cluster.tasks)}</span>\
% endif
</%def>
