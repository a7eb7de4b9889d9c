<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Configuration</h1><p class="mn-head__sub">${show.count(total, "file")}; every revision is kept</p></div>
  % if frame.deployer:
  <div class="mn-head__actions"><a class="btn btn-outline-secondary" href="${request.route_path('config_import')}">${parts.icon("upload")} Import or export</a><a class="btn btn-outline-secondary" href="${request.route_path('config_new')}">${parts.icon("add")} New file</a><a class="btn btn-outline-secondary" href="${request.route_path('clusters_new')}">${parts.icon("add")} New cluster</a></div>
  % endif
</header>
% if total > 8 or q:
<form class="mn-filters" method="get" action="${request.route_path('config_tree')}">
  <label class="visually-hidden" for="q">Path</label><input class="form-control form-control-sm" type="search" id="q" name="q" placeholder="Part of a path" value="${q}">
  <button class="btn btn-sm btn-outline-secondary">${parts.icon("filter")} Filter</button>
</form>
% endif
% for folder, entries in folders.items():
<section class="mn-panel" aria-label="${folder or 'at the top'}">
  <header class="mn-panel__head"><h2 class="mn-panel__title mn-mono">${parts.icon("folder")} ${folder or "at the top"}</h2><p class="mn-panel__note">${show.count(len(entries), "file")}</p></header>
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Files in ${folder}</caption>
    <thead><tr><th scope="col">File</th><th scope="col" class="mn-num">Revision</th><th scope="col">By</th><th scope="col">Saved</th><th scope="col" class="mn-num">Size</th></tr></thead>
    <tbody>
    % for entry in entries:
    <tr><th scope="row" data-label="File"><a href="${request.route_path('config_file', path=entry.path)}">${entry.path.rpartition("/")[2]}</a></th><td data-label="Revision" class="mn-num"><a href="${request.route_path('config_history', path=entry.path)}">${entry.number}</a></td><td data-label="By">${entry.author}</td><td data-label="Saved">${parts.age(entry.at)}</td><td data-label="Size" class="mn-num">${show.size(entry.size)}</td></tr>
    % endfor
    </tbody></table></div>
</section>
% endfor
% if page.pages > 1:
${parts.pager(page, "files")}
% endif
% if not folders:
<section class="mn-panel">
  % if q:
  <%parts:empty icon_name="filter" heading="No path holds “${q}”"><p><a href="${request.route_path('config_tree')}">Show all files</a></p></%parts:empty>
  % else:
  <%parts:empty icon_name="config" heading="No files yet"><p>\
% if frame.deployer:
Describe a <a href="${request.route_path('clusters_new')}">first cluster</a>; its file will be here.\
% else:
Once a deployer has described a first cluster, its file is here.\
% endif
</p></%parts:empty>
  % endif
</section>
% endif
</div>
