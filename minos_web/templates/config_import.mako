<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('config_tree'), "Configuration")}${parts.here("Import")}</%block>
<% here = request.route_path("config_import") %>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Import a config directory</h1><p class="mn-head__sub">The directory of an old Minos, or one that was exported here. First every file is looked at; nothing is saved before you say so.</p></div>
  <div class="mn-head__actions"><a class="btn btn-outline-secondary" href="${request.route_path('config_export')}">${parts.icon("download")} Export all</a></div></header>

% if error:
<div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>${error}</p></div>
% endif

% if report is None:
<form class="mn-form mn-panel mn-panel__body" method="post" action="${here}" enctype="multipart/form-data">
  ${parts.csrf()}
  <%parts:field name="file" label="Archive" help="zip or tar (gzip, bzip2, xz), at most ${show.size(most)}. The directory that holds conf/, or the one above it with its deploy.cfg.">
    <input class="form-control" id="file" name="file" type="file" required aria-describedby="file-help">
  </%parts:field>
  <div class="mn-form__foot"><button class="btn btn-primary">${parts.icon("upload")} Look at it</button><a class="btn btn-outline-secondary" href="${request.route_path('config_tree')}">Go back</a></div>
</form>
% if directory:
<form class="mn-form mn-panel mn-panel__body" method="post" action="${here}">
  ${parts.csrf()}
  <p>Or read <span class="mn-mono">${directory}</span> on the console's machine, as <code>minos.import_from</code> in its ini says.</p>
  <div class="mn-form__foot"><button class="btn btn-outline-secondary" name="do" value="directory">${parts.icon("search")} Look at it</button></div>
</form>
% endif
% else:
<section class="mn-panel" aria-labelledby="report-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="report-title">What would come of it</h2>
    <p class="mn-panel__note">${report.count("new")} new · ${report.count("changed")} changed · ${report.count("same")} the same · ${report.count("left out")} left out · ${show.count(report.level_count("error"), "file")} with errors, ${report.level_count("warning")} with warnings</p></header>
  % if page.total:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Files of the import with what is wrong with each</caption>
    <thead><tr><th scope="col">File</th><th scope="col">Becomes</th><th scope="col">Looked at</th></tr></thead>
    <tbody>
    % for one in page.items:
    <tr><th scope="row" data-label="File" class="mn-mono">${one.path}</th><td data-label="Becomes">${one.fate}</td><td data-label="Looked at"><div>\
% if one.why:
${show.sentence(one.why)}\
% elif one.problems:
<ul class="mn-plainlist">\
% for problem in one.problems[:8]:
<li>${parts.icon("error" if problem.level == "error" else "warning")} ${f"line {problem.line}: " if problem.line and problem.file == one.path else f"{problem.file}, line {problem.line}: " if problem.line else ""}${problem.message}</li>\
% endfor
% if len(one.problems) > 8:
<li class="mn-muted">and ${len(one.problems) - 8} more</li>\
% endif
</ul>\
% endif
% for note in one.notes:
<div class="mn-muted">${note}</div>\
% endfor
% if not one.why and not one.problems and not one.notes:
<span class="mn-muted">fine</span>\
% endif
</div></td></tr>
    % endfor
    </tbody></table></div>
  % if page.pages > 1:
  <div class="mn-panel__body">${parts.pager(page, "files")}</div>
  % endif
  % else:
  <%parts:empty icon_name="file" heading="There is nothing in it"><p><a href="${here}">Choose another archive</a></p></%parts:empty>
  % endif
</section>
<form class="mn-form mn-panel mn-panel__body" method="post" action="${here}">
  ${parts.csrf()}
  <p>Files that are here and not in the import stay as they are. Every file that changes gets a new revision; the old ones stay in its history. A cluster whose file has errors is shown with them, and cannot be deployed before they are mended.</p>
  % if bundle:
  <input type="hidden" name="bundle" value="${bundle}">
  ${parts.text("note", "Note", help="Stands beside each revision.", optional=True)}
  % else:
  <input type="hidden" name="do" value="take-directory">
  % endif
  <% number = report.count("new") + report.count("changed") %>
  <div class="mn-form__foot"><button class="btn btn-primary"${'' if number else ' disabled'}>${parts.icon("upload")} Take in ${show.count(number, "file")}</button><a class="btn btn-outline-secondary" href="${here}">Choose another</a></div>
</form>
% endif
</div>
