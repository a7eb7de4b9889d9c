<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Dashboards</h1><p class="mn-head__sub">charts of your own choice: of services, hosts, and of counters that programs push</p></div>
  % if person.operator:
  <div class="mn-head__actions">
    <a class="btn btn-outline-secondary" href="#import-dialog" data-dialog-open="import-dialog">${parts.icon("upload")} Import…</a>
    <a class="btn btn-primary" href="${request.route_path('dashboards_new')}">${parts.icon("add")} New dashboard</a>
  </div>
  % endif
</header>
% if total > 8 or q:
<section class="mn-panel" aria-label="Filter"><div class="mn-panel__body">
  <form class="mn-filters" method="get" action="${request.route_path('dashboards')}">
    <label class="visually-hidden" for="q">Title, description or owner</label><input class="form-control form-control-sm" type="search" id="q" name="q" placeholder="Title, description or owner" value="${q}">
    <button class="btn btn-sm btn-outline-secondary">${parts.icon("filter")} Filter</button>
    % if q:
    <a class="btn btn-sm btn-link" href="${request.route_path('dashboards')}">Show all</a>
    % endif
  </form>
</div></section>
% endif
% for name, rows in groups:
% if rows:
<section class="mn-panel" aria-labelledby="group-${loop.index}">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="group-${loop.index}">${name}</h2><p class="mn-panel__note">${show.count(len(rows), "dashboard")}</p></header>
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">${name}</caption>
    <thead><tr><th scope="col">Title</th><th scope="col">Description</th><th scope="col">Owner</th><th scope="col">Shared</th><th scope="col" class="mn-num">Panels</th><th scope="col">Changed</th></tr></thead>
    <tbody>
    % for row in rows:
    <tr id="dashboard-${row.id}"><th scope="row" class="mn-break" data-label="Title"><a href="${request.route_path('dashboard', id=row.id)}">${row.title}</a></th><td data-label="Description" class="mn-table__words"><span class="mn-clamp">${row.description or "–"}</span></td><td data-label="Owner">${row.owner}</td><td data-label="Shared">${sharing[row.sharing]}</td><td data-label="Panels" class="mn-num">${len(row.panels)}</td><td data-label="Changed">${parts.age(row.changed_at)}</td></tr>
    % endfor
    </tbody></table></div>
</section>
% endif
% endfor
% if not any(rows for _, rows in groups):
<section class="mn-panel" aria-label="Dashboards">
  % if q:
  <%parts:empty icon_name="charts" heading="No dashboard fits"><p>Nothing holds “${q}”. <a href="${request.route_path('dashboards')}">Show all</a></p></%parts:empty>
  % else:
  <%parts:empty icon_name="charts" heading="No dashboard yet"><p>Every cluster, task and host has charts of its own. A dashboard puts those together that you want to see beside each other\
% if person.operator:
, also of counters that your programs push.</p><a class="btn btn-primary" href="${request.route_path('dashboards_new')}">${parts.icon("add")} New dashboard</a>\
% else:
. Nobody has shared one yet.</p>\
% endif
</%parts:empty>
  % endif
</section>
% endif
% if person.operator:
<dialog class="mn-dialog" id="import-dialog" aria-labelledby="import-title">
  <form method="post" action="${request.route_path('dashboards_import')}" enctype="multipart/form-data">${parts.csrf()}
    <header class="mn-dialog__head"><h2 class="mn-dialog__title" id="import-title">Import a dashboard</h2></header>
    <div class="mn-dialog__body"><div class="mn-field"><label class="form-label" for="file">File</label>
      <input class="form-control" id="file" name="file" type="file" accept=".json,application/json" required aria-describedby="file-help">
      <p class="mn-field__help" id="file-help">JSON, as Export gives it. The dashboard becomes yours and private.</p></div></div>
    <footer class="mn-dialog__foot"><button type="button" class="btn btn-outline-secondary" data-dialog-close>Cancel</button><button class="btn btn-primary">${parts.icon("upload")} Import</button></footer>
  </form>
</dialog>
% endif
</div>
