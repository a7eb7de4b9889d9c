<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('config_tree'), "Configuration")}${parts.crumb(request.route_path('config_file', path=path), path)}${parts.here("History")}</%block>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><p class="mn-head__kind mn-mono">${path}</p><h1 class="mn-head__title">History</h1><p class="mn-head__sub">${show.count(len(revisions), "revision")}, newest first</p></div></header>
<section class="mn-panel" aria-label="Revisions">
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Revisions of ${path}</caption>
    <thead><tr><th scope="col">Revision</th><th scope="col">Saved</th><th scope="col">By</th><th scope="col">Note</th><th scope="col" class="mn-num">Size</th><th scope="col"><span class="visually-hidden">Restore</span></th></tr></thead>
    <tbody>
    % for number, row in enumerate(revisions):
    <tr><th scope="row" data-label="Revision">\
% if row.content is None:
${row.number} <span class="mn-chip">deleted</span>\
% else:
<a href="${request.route_path('config_file', path=path, _query={'revision': row.number})}">${row.number}</a>${" (now)" if number == 0 else ""}\
% endif
</th><td data-label="Saved">${parts.age(row.at)}</td><td data-label="By">${row.author}</td><td data-label="Note">${row.note or "–"}</td><td data-label="Size" class="mn-num">${show.size(len(row.content)) if row.content is not None else "–"}</td>
      <td class="mn-table__actions" data-label="">\
% if frame.operator and row.content is not None and number:
<form method="post" action="${request.route_path('config_history', path=path)}">${parts.csrf()}<button class="btn btn-sm btn-outline-secondary" name="revision" value="${row.number}">Restore ${row.number}</button></form>\
% endif
</td></tr>
    % endfor
    </tbody></table></div>
</section>
</div>
