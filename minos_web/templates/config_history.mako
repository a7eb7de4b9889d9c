<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="beside" file="/side_by_side.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('config_tree'), "Configuration", wide=True)}${parts.crumb(request.route_path('config_file', path=path), path)}${parts.here("History")}</%block>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><p class="mn-head__kind mn-mono">${path}</p><h1 class="mn-head__title">History</h1><p class="mn-head__sub">${show.count(page.total, "revision")}, newest first</p></div></header>
<% here = request.route_path('config_history', path=path) %>
% if compared:
<section class="mn-panel" aria-labelledby="compared-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="compared-title">From revision ${left.number} to ${right.number}</h2>
    <div class="mn-panel__actions"><a href="${request.route_path('config_history', path=path, _query={'from': right.number, 'to': left.number})}">The other way round</a></div></header>
  % if stretches:
  ${beside.sides(stretches, capture(revision_words, left), capture(revision_words, right))}
  % else:
  <p class="mn-panel__body mn-muted">Both are the same.</p>
  % endif
</section>
% endif
## Restoring is a form of its own, and forms cannot stand in each other: its buttons name it.
<form method="get" action="${here}" id="compare"></form>
% if frame.deployer:
<form method="post" action="${here}" id="restore">${parts.csrf()}</form>
% endif
<section class="mn-panel" aria-label="Revisions">
  % if page.total > 1:
  <header class="mn-panel__head"><h2 class="mn-panel__title">Revisions</h2><div class="mn-panel__actions"><button class="btn btn-sm btn-outline-primary" form="compare">${parts.icon("compare")} Compare the chosen two</button></div></header>
  % endif
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Revisions of ${path}</caption>
    <thead><tr>\
% if page.total > 1:
<th scope="col">From</th><th scope="col">To</th>\
% endif
<th scope="col">Revision</th><th scope="col">Saved</th><th scope="col">By</th><th scope="col">Note</th><th scope="col" class="mn-num">Size</th><th scope="col"><span class="visually-hidden">Restore</span></th></tr></thead>
    <tbody>
    % for row in page.items:
    <tr>\
% if page.total > 1:
<td data-label="From"><span><input class="form-check-input" type="radio" form="compare" name="from" value="${row.number}"${' checked' if row is left else ''} aria-label="From revision ${row.number}"></span></td><td data-label="To"><span><input class="form-check-input" type="radio" form="compare" name="to" value="${row.number}"${' checked' if row is right else ''} aria-label="To revision ${row.number}"></span></td>\
% endif
<th scope="row" data-label="Revision">\
% if row.content is None:
${row.number} <span class="mn-chip">deleted</span>\
% else:
<a href="${request.route_path('config_file', path=path, _query={'revision': row.number})}">${row.number}</a>${" (now)" if row is newest else ""}\
% endif
</th><td data-label="Saved">${parts.age(row.at)}</td><td data-label="By">${row.author}</td><td data-label="Note">${row.note or "–"}</td><td data-label="Size" class="mn-num">${show.size(len(row.content)) if row.content is not None else "–"}</td>
      <td class="mn-table__actions" data-label="">\
% if frame.deployer and row.content is not None and row is not newest:
<button class="btn btn-sm btn-outline-secondary" form="restore" name="revision" value="${row.number}">Restore ${row.number}</button>\
% endif
</td></tr>
    % endfor
    </tbody></table></div>
  % if page.pages > 1:
  ${parts.pager(page, "revisions")}
  % endif
</section>
</div>

<%def name="revision_words(row)">\
Revision ${row.number}, ${row.author}${" (deleted)" if row.content is None else ""}\
</%def>
