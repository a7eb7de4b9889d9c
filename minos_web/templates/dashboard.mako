<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="drawn" file="/chart_parts.mako"/>
<%block name="head">${drawn.assets()}</%block>
<%block name="crumbs">${parts.crumb(request.route_path('dashboards'), "Dashboards")}${parts.here(row.title)}</%block>
<div class="mn-stack">
<header class="mn-head">
  <div class="mn-head__text"><p class="mn-head__kind">Dashboard</p><h1 class="mn-head__title">${row.title}</h1>
    <p class="mn-head__sub">${row.owner}${"" if row.owner != person.name else " (you)"} · ${sharing[row.sharing]} · changed ${parts.age(row.changed_at)}${f" by {row.changed_by}" if row.changed_by != row.owner else ""}</p></div>
  <div class="mn-head__actions">
    % if person.edits(row):
    <a class="btn btn-primary" href="${request.route_path('dashboard_edit', id=row.id)}">${parts.icon("edit")} Edit</a>
    % endif
    % if person.operator:
    <form method="post" action="${request.route_path('dashboard_copy', id=row.id)}">${parts.csrf()}<button class="btn btn-outline-secondary">${parts.icon("copy")} Copy</button></form>
    % endif
    <a class="btn btn-outline-secondary" href="${request.route_path('dashboard_export', id=row.id)}">${parts.icon("download")} Export</a>
    % if person.owns(row):
    <a class="btn btn-outline-danger" href="#delete-dialog" data-dialog-open="delete-dialog">${parts.icon("delete")} Delete…</a>
    % endif
  </div>
</header>
% if row.description:
<p class="mn-board__text">${words(row.description)}</p>
% endif
% if any(charts):
${drawn.bar()}
% endif
% if row.panels:
<div class="mn-board">
  % for panel, chart in zip(row.panels, charts):
  % if chart:
  <figure class="mn-chart mn-board__panel mn-board__panel--${panel['width']}" data-chart data-series-url="${chart.url}" data-unit="${chart.unit}" data-titles="${show.json_text(chart.titles)}" id="${chart.id}" data-empty="No samples of this in the time range.">
    <figcaption class="mn-chart__title">${chart.title}\
% if chart.note:
 <span class="mn-muted">${chart.note}</span>\
% endif
</figcaption>
  </figure>
  % else:
  <section class="mn-panel mn-board__panel mn-board__panel--${panel['width']}"${f' aria-labelledby="text-{loop.index}"' if panel["title"] else ' aria-label="Text"' | n}>
    % if panel["title"]:
    <header class="mn-panel__head"><h2 class="mn-panel__title" id="text-${loop.index}">${panel["title"]}</h2></header>
    % endif
    % if panel["text"].strip():
    <p class="mn-panel__body mn-board__text">${words(panel["text"])}</p>
    % endif
  </section>
  % endif
  % endfor
</div>
% else:
<section class="mn-panel" aria-label="Panels"><%parts:empty icon_name="charts" heading="No panels yet"><p>\
% if person.edits(row):
<a href="${request.route_path('dashboard_edit', id=row.id)}">Edit the dashboard</a> and add some.\
% else:
Its owner has not put anything here so far.\
% endif
</p></%parts:empty></section>
% endif
% if person.owns(row):
<dialog class="mn-dialog mn-dialog--danger" id="delete-dialog" aria-labelledby="delete-title">
  <form method="post" action="${request.route_path('dashboard_delete', id=row.id)}">${parts.csrf()}
    <header class="mn-dialog__head"><h2 class="mn-dialog__title" id="delete-title">Delete ${row.title}?</h2></header>
    <div class="mn-dialog__body"><p>It goes for everybody who sees it. The figures that it draws stay. Export it first if you may want it again.</p></div>
    <footer class="mn-dialog__foot"><button type="button" class="btn btn-outline-secondary" data-dialog-close>Keep it</button><button class="btn btn-danger">${parts.icon("delete")} Delete</button></footer>
  </form>
</dialog>
% endif
</div>

<%def name="words(text)">\
% for piece, is_link in linked(text):
% if is_link:
<a href="${piece}" rel="noopener noreferrer">${piece}</a>\
% else:
${piece}\
% endif
% endfor
</%def>
