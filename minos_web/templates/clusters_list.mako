<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.here("Clusters")}</%block>
<% here = request.route_path("clusters_list") %>
<div class="mn-stack" id="clusters" hx-get="${request.current_route_path()}" hx-select="#clusters" hx-trigger="every 10s" hx-swap="outerMorph">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Clusters</h1><p class="mn-head__sub">${show.count(total, "cluster")}${f", {unwell} in need of a look" if unwell else ""}</p></div>
  % if frame.deployer:
  <div class="mn-head__actions"><a class="btn btn-outline-secondary" href="${request.route_path('clusters_new')}">${parts.icon("add")} New cluster</a></div>
  % endif
</header>
<section class="mn-panel" aria-label="Clusters">
% if total:
  <div class="mn-panel__body">
  <form class="mn-filters" method="get" action="${here}">
    <label class="visually-hidden" for="q">Name or description</label><input class="form-control form-control-sm" type="search" id="q" name="q" placeholder="Name or description" value="${wanted['q']}" maxlength="200">
    <label class="visually-hidden" for="service">Service</label><select class="form-select form-select-sm" id="service" name="service"><option value="">All services</option>
      % for name, title in services:
      <option value="${name}"${' selected' if name == wanted['service'] else ''}>${title}</option>
      % endfor
    </select>
    <label class="visually-hidden" for="state">State</label><select class="form-select form-select-sm" id="state" name="state"><option value="">All states</option>
      % for kind, text in states.items():
      <option value="${kind}"${' selected' if kind == wanted['state'] else ''}>${text}</option>
      % endfor
    </select>
    <label class="visually-hidden" for="sort">Order</label><select class="form-select form-select-sm" id="sort" name="sort"><option value="">unwell first</option><option value="name"${' selected' if wanted['sort'] == 'name' else ''}>by name</option><option value="service"${' selected' if wanted['sort'] == 'service' else ''}>by service</option></select>
    <button class="btn btn-sm btn-outline-secondary">${parts.icon("filter")} Filter</button>
    % if any(wanted.values()):
    <a class="btn btn-sm btn-link" href="${here}">Show all</a>
    % endif
  </form>
  </div>
  % if page.total:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Clusters</caption>
    <thead><tr><th scope="col">Cluster</th><th scope="col">Service</th><th scope="col">State</th><th scope="col">Why</th><th scope="col">Tasks</th><th scope="col">Alerts</th><th scope="col">Version</th></tr></thead>
    <tbody>
    % for one in page.items:
    ${row(one)}
    % endfor
    </tbody></table></div>
  <div class="mn-panel__body">${parts.pager(page, "clusters")}</div>
  % else:
  <%parts:empty icon_name="clusters" heading="No cluster fits"><p><a href="${here}">Show all</a></p></%parts:empty>
  % endif
% else:
  <%parts:empty icon_name="clusters" heading="No clusters yet"><p>The <a href="${request.route_path('home')}">overview</a> tells the way to the first one.</p></%parts:empty>
% endif
</section>
</div>

<%def name="row(one)">
<% badge = badges[one.id] %>
<tr id="cluster-${one.id}">
  <th scope="row" data-label="Cluster"><a href="${request.route_path('cluster', service=one.service, cluster=one.name)}">${one.name}</a>\
% if one.description:
 <span class="mn-muted">${one.description}</span>\
% endif
</th>
  <td data-label="Service">${titles[one.service]}</td>
  <td data-label="State">${parts.status(badge)}\
% if one.id in running:
 <a class="mn-chip mn-chip--link" href="${request.route_path('operation', id=running[one.id].operation.id)}">${parts.icon("status-changing")} ${show.action(running[one.id].operation.action)}</a>\
% endif
</td>
  <td data-label="Why" class="mn-table__words">${badge.title if badge.kind not in ("running", "stopped") and badge.title else "–"}</td>
  <td data-label="Tasks">${", ".join(f"{job} {health['running']}/{health['total']}" for job, health in (one.health_jobs or {}).items()) or "–"}</td>
  <td data-label="Alerts">\
% if alerts[one.id]:
<a href="${request.route_path('alerts', _query={'service': one.service, 'cluster': one.name})}">${alerts[one.id]}</a>\
% else:
–\
% endif
</td>
  <td data-label="Version">${one.version or "–"}</td>
</tr>
</%def>
