<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="drawn" file="/chart_parts.mako"/>
<%block name="head">${drawn.assets()}</%block>
<%block name="crumbs">${parts.crumb(request.route_path('help'), "Help")}${parts.crumb(request.route_path('services'), "Services")}${parts.here(title)}</%block>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><p class="mn-head__kind">Service ${service.name}, ${"of this site" if own else "comes with Minos"}</p><h1 class="mn-head__title">${title}</h1><p class="mn-head__sub">${service.about}</p></div></header>
% if service.warning:
<div class="mn-flash mn-flash--warning">${parts.icon("warning")}<p>${service.warning}</p></div>
% endif
% if found:
<section class="mn-panel" aria-labelledby="clusters-title" id="clusters" hx-get="${request.current_route_path()}" hx-select="#clusters" hx-trigger="every 5s" hx-swap="outerMorph">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="clusters-title">Clusters</h2></header>
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Clusters of ${title}</caption>
    <thead><tr><th scope="col">Cluster</th><th scope="col">State</th><th scope="col">Jobs</th><th scope="col">Version</th><th scope="col">Its own page</th></tr></thead>
    <tbody>
    % for cluster, badge, version, entry in found:
    <tr id="cluster-${cluster.name}">
      <th scope="row"><a href="${request.route_path('cluster', service=cluster.service, cluster=cluster.name)}">${cluster.name}</a>${f" · {cluster.description}" if cluster.description else ""}</th>
      <td data-label="State">${parts.status(badge)}</td>
      <td data-label="Jobs" class="mn-table__words">\
% for job, health in (cluster.health_jobs or {}).items():
<span class="mn-nowrap">${job} (${health["running"]}/${health["total"]})</span> \
% endfor
% if badge.title and badge.kind not in ("running", "stopped"):
<br><span class="mn-status--${badge.kind}">${badge.title}</span>\
% endif
</td>
      <td class="mn-break" data-label="Version">${version or "–"}</td>
      <td data-label="Its own page">\
% if entry:
<a href="${entry}" rel="noopener noreferrer" target="_blank">${entry.partition("://")[2]} ${parts.icon("external")}</a>\
% else:
–\
% endif
</td>
    </tr>
    % endfor
    </tbody>
  </table></div>
</section>
% endif
% if charts:
<section class="mn-panel" aria-labelledby="compared-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="compared-title">Compared</h2><p class="mn-panel__note">one line for each cluster</p></header>
  <div class="mn-panel__body mn-stack">${drawn.charts(charts, {'service': service.name})}</div>
</section>
% endif
% for job in service.jobs:
<section class="mn-panel" aria-labelledby="job-${job.name}">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="job-${job.name}">${job.title or job.name}</h2><p class="mn-panel__note">job <code>${job.name}</code>${"" if job.daemon else ", nothing of it runs"}</p></header>
  <div class="mn-panel__body"><dl class="mn-kv">
    % if job.ports:
    <dt>Ports</dt><dd>${", ".join(f"{name} base+{offset}" for name, offset in job.ports.items())}</dd>
    % endif
    % if job.hosts_from:
    <dt>Hosts</dt><dd>those of ${job.hosts_from}</dd>
    % endif
    % if job.multi_instance:
    <dt>Instances</dt><dd>several on a host, with <code>instance_num=</code></dd>
    % endif
    % if job.quorum:
    <dt>Number</dt><dd>a majority decides: an odd number, three at least</dd>
    % endif
    % if job.status:
    <dt>Serves when</dt><dd>${", ".join(f"{name} is {' or '.join(values)}" for name, values in job.status.ready.items()).replace("is *", "is told") or "it runs"}</dd>
    <dt>Figures</dt><dd>${", ".join(figure.title for figure in job.status.figures)}</dd>
    % endif
    <% gates = [gate for gate in service.gates if gate.job == job.name] %>
    % if gates:
    <dt>Rolling update</dt><dd><ul>
      % for gate in gates:
      <li>${gate.title}</li>
      % endfor
    </ul></dd>
    % endif
    % if job.leaving:
    <dt>Decommission</dt><dd><ul>
      % for gate in job.leaving.gone:
      <li>${gate.title}</li>
      % endfor
    </ul></dd>
    % endif
    % for action in [one for one in service.bootstrap if one.job == job.name]:
    <dt>Once</dt><dd>${action.name}, for ${"every task" if action.tasks == "all" else "the first task" if action.tasks == "first" else "all but the first task"}</dd>
    % endfor
  </dl></div>
</section>
% endfor
<section class="mn-panel" aria-labelledby="files-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="files-title">Files and commands</h2></header>
  <div class="mn-panel__body"><dl class="mn-kv">
    <dt>Generated</dt><dd>${", ".join(file.name for file in service.files) or "none"}</dd>
    % if service.conf:
    <dt>Defaults</dt><dd>${", ".join(f"conf/{service.name}/{path}" for path in service.conf)}</dd>
    % endif
    % for command in service.commands:
    <dt class="mn-mono">${command.name}</dt><dd>${command.title}${" · administrators only" if command.runs_code else ""}</dd>
    % endfor
    % for procedure in service.procedures:
    <dt>${procedure.title}</dt><dd>${procedure.about}</dd>
    % endfor
  </dl></div>
</section>
</div>
