<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('hosts'), "Hosts")}${parts.crumb(request.route_path('inventory'), "Inventory")}${parts.here("Import")}</%block>
<% here = request.route_path("inventory_import") %>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Import an inventory</h1><p class="mn-head__sub">First every line is looked at; nothing is kept before you say so. Machines that the file does not name stay as they are.</p></div>
  <div class="mn-head__actions"><a class="btn btn-outline-secondary" href="${request.route_path('inventory_csv', _query={'unkept': 1})}">${parts.icon("download")} A file to fill in</a></div></header>
% if error:
<div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>${error}</p></div>
% endif
% if outcome and outcome.faults:
<section class="mn-panel mn-danger" aria-labelledby="faults-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="faults-title">${show.count(len(outcome.faults), "thing")} to mend</h2><p class="mn-panel__note">nothing was kept</p></header>
  <div class="mn-tablewrap"><table class="mn-table">
    <caption class="visually-hidden">What is wrong, by line</caption>
    <thead><tr><th scope="col" class="mn-num">Line</th><th scope="col">Field</th><th scope="col">What is wrong</th></tr></thead>
    <tbody>
    % for fault in outcome.faults[:500]:
    <tr><td class="mn-num">${fault.line}</td><td class="mn-mono">${fault.field or "–"}</td><td class="mn-table__words">${show.sentence(fault.message)}</td></tr>
    % endfor
    </tbody></table></div>
  % if len(outcome.faults) > 500:
  <p class="mn-panel__body mn-muted">and ${len(outcome.faults) - 500} more</p>
  % endif
</section>
% endif
% if outcome and not outcome.faults:
<section class="mn-panel" aria-labelledby="report-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="report-title">What would come of it</h2><p class="mn-panel__note">${outcome.count("new")} new · ${outcome.count("changed")} changed · ${outcome.count("same")} the same</p></header>
  % if changes:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Machines that would change</caption>
    <thead><tr><th scope="col" class="mn-num">Line</th><th scope="col">Host</th><th scope="col">Becomes</th><th scope="col">Fields</th></tr></thead>
    <tbody>
    % for change in changes:
    <tr><td data-label="Line" class="mn-num">${change.row.line}</td><th scope="row" data-label="Host">${change.row.host}</th><td data-label="Becomes">${change.fate}</td><td data-label="Fields" class="mn-table__words"><div>\
% for name, (before, after) in change.fields.items():
<div>${titles[name]}: \
% if before is not None:
<del>${shown(before)}</del> → \
% endif
% if after is None:
<i>nothing</i>\
% else:
<b>${shown(after)}</b>\
% endif
</div>\
% endfor
% if not change.fields:
<span class="mn-muted">only its name</span>\
% endif
</div></td></tr>
    % endfor
    </tbody></table></div>
  % if left_out:
  <p class="mn-panel__body mn-muted">and ${f"{left_out:,}"} more</p>
  % endif
  % else:
  <%parts:empty icon_name="check" heading="Everything is kept already"><p>The file says nothing else than what is here.</p></%parts:empty>
  % endif
</section>
% if changes:
<form method="post" action="${here}" enctype="multipart/form-data">${parts.csrf()}
  <textarea name="text" hidden aria-hidden="true">${text}</textarea><input type="hidden" name="take" value="${outcome.digest}">
  <div class="mn-form__foot"><button class="btn btn-primary">${parts.icon("save")} Keep ${show.count(outcome.count("new") + outcome.count("changed"), "machine")}</button><a class="btn btn-outline-secondary" href="${here}">Start anew</a></div>
</form>
% endif
% endif
% if not outcome or outcome.faults or not changes:
<form class="mn-form mn-panel mn-panel__body" method="post" action="${here}" enctype="multipart/form-data">
  ${parts.csrf()}
  <%parts:field name="file" label="File" help="CSV in UTF-8; its first line names the columns." optional="${True}">
    <input class="form-control" id="file" name="file" type="file" accept=".csv,text/csv" aria-describedby="file-help">
  </%parts:field>
  <%parts:field name="text" label="Or lines" optional="${True}" help="An empty cell leaves what is kept; a single - takes it away.">
    <textarea class="form-control mn-mono" id="text" name="text" rows="8" spellcheck="false" placeholder="host,rack,note" aria-describedby="text-help">${text}</textarea>
  </%parts:field>
  <div class="mn-form__foot"><button class="btn btn-primary">${parts.icon("search")} Look at it</button><a class="btn btn-outline-secondary" href="${request.route_path('inventory')}">Go back</a></div>
</form>
<section class="mn-panel" aria-labelledby="columns-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="columns-title">Columns</h2><p class="mn-panel__note">in any order; only host must be there</p></header>
  <div class="mn-tablewrap"><table class="mn-table mn-table--sm">
    <caption class="visually-hidden">Columns of the file</caption>
    <thead><tr><th scope="col">Name</th><th scope="col">What it is</th><th scope="col">Also called</th></tr></thead>
    <tbody>
    % for field in fields:
    <tr><th scope="row" class="mn-mono">${field.name}</th><td>${field.title}</td><td class="mn-mono">${", ".join(field.other) or "–"}</td></tr>
    % endfor
    </tbody></table></div>
</section>
% endif
</div>
