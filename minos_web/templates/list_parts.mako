## A list: its filter, states with counts, columns, pages. ``view`` is a minos_web.views.lists.showing.Shown.
<%namespace name="parts" file="/parts.mako"/>

## What one filters by, what is shown, and what is kept. ``what`` says in a word or two what is looked for.
<%def name="bar(view, what='')">
<div class="mn-panel__body mn-list__bar">
  <form class="mn-filters mn-list__form" method="get" action="${view.path}" id="filter-form" role="search">
    <label class="visually-hidden" for="q">Filter</label>
    <input class="form-control form-control-sm mn-list__q${' is-invalid' if view.asked.problem else ''}" type="search" id="q" name="q" maxlength="400" placeholder="${what or view.shape.hint}" value="${view.asked.text}" aria-describedby="q-help" autocomplete="off" autocapitalize="off" spellcheck="false" data-list-q>
    % if view.asked.kind:
    <input type="hidden" name="kind" value="${view.asked.kind}">
    % endif
    <button class="btn btn-sm btn-outline-secondary">${parts.icon("filter")} Filter</button>
    <details class="mn-pop"><summary class="btn btn-sm btn-outline-secondary">${parts.icon("table")} View</summary>
      <div class="mn-pop__body">
        <label class="form-label" for="size">Rows to a page</label>
        <select class="form-select form-select-sm" id="size" name="size">
          % for size in view.sizes:
          <option value="${size if size != 50 else ''}"${' selected' if size == view.asked.size else '' | n}>${size}</option>
          % endfor
        </select>
        <label class="form-label" for="sort">Sorted by</label>
        <select class="form-select form-select-sm" id="sort" name="sort">
          % for column in view.shape.columns:
          % if column.sort:
          <option value="${column.name}"${' selected' if column.name == view.asked.sort and not view.asked.turned else '' | n}>${column.title}</option>
          <option value="-${column.name}"${' selected' if column.name == view.asked.sort and view.asked.turned else '' | n}>${column.title}, the other way</option>
          % endif
          % endfor
        </select>
        <fieldset class="mn-pop__set"><legend class="form-label">Columns</legend>
          % for column in view.shape.columns:
          % if not column.fixed:
          <label class="form-check"><input class="form-check-input" type="checkbox" name="col" value="${column.name}"${' checked' if column.name in view.asked.columns else '' | n}> ${column.title}</label>
          % endif
          % endfor
        </fieldset>
        <button class="btn btn-sm btn-primary">Show it so</button>
      </div>
    </details>
  </form>
  % if frame.sees_all:
  <details class="mn-pop"><summary class="btn btn-sm btn-outline-secondary">${parts.icon("save")} Filters${f" ({len(view.saved)})" if view.saved else ""}</summary>
    <div class="mn-pop__body">
      % if view.saved:
      <ul class="mn-saved">
        % for one in view.saved:
        <li><a href="${view.saved_url(one)}"${' aria-current="true"' if view.is_current(one) else '' | n}>${one.name}</a>\
${keep(view, one, "usual" if not one.usual else "unusual", "star" if one.usual else "", f"{one.name}: no longer shown first" if one.usual else f"Show {one.name} first from now on")}\
${keep(view, one, "delete", "delete", f"Delete the filter {one.name}")}</li>
        % endfor
      </ul>
      % endif
      <form method="post" action="${request.route_path('filters_save', list=view.shape.name)}">${parts.csrf()}
        <input type="hidden" name="query" value="${view.query}"><input type="hidden" name="back" value="${view.path}">
        <label class="form-label" for="filter-name">Keep what is shown now as</label>
        <input class="form-control form-control-sm" id="filter-name" name="name" maxlength="64" required placeholder="a name of your own" autocomplete="off">
        <label class="form-check"><input class="form-check-input" type="checkbox" name="usual" value="1"> Show it first when I come here</label>
        <button class="btn btn-sm btn-primary">${parts.icon("save")} Keep</button>
      </form>
    </div>
  </details>
  % endif
  <a class="btn btn-sm btn-outline-secondary" href="${view.url(format='csv')}" download title="All ${f'{view.page.total:,}'} that fit, with the columns shown">${parts.icon("download")} CSV</a>
  <button type="button" class="btn btn-sm btn-primary mn-list__new" data-list-new hidden hx-morph-skip></button>
  <p class="mn-list__help mn-muted" id="q-help">Words are looked for everywhere; or a key and a value, like <code>${view.shape.hint}</code>. Keys: ${", ".join(view.shape.keys)}. <kbd>-</kbd> in front turns it round.</p>
</div>
% if view.asked.problem:
<div class="mn-panel__body"><p class="mn-field__error" id="q-error" role="alert">${parts.icon("error")} ${view.asked.problem}</p></div>
% endif
</%def>

<%def name="keep(view, one, verb, icon, words)">\
<form method="post" action="${request.route_path('filter_change', id=one.id, verb=verb)}">${parts.csrf()}<input type="hidden" name="query" value="${view.query}"><input type="hidden" name="back" value="${view.path}"><button class="mn-iconbtn${' is-on' if verb == 'unusual' else ''}" aria-label="${words}" title="${words}">${parts.icon("delete" if icon == "delete" else "leader")}</button></form>\
</%def>

## States with how many there are, and what is left out.
<%def name="chips(view)">
<div class="mn-list__chips" id="chips">
  % for kind, number in view.listed.chips:
  <a class="mn-chip mn-chip--link" aria-current="${'true' if kind == view.asked.kind else 'false'}" href="${view.url(kind='' if kind == view.asked.kind else kind)}">${view.shape.kind_titles.get(kind, kind)} <b>${f"{number:,}"}</b></a>
  % endfor
  % if view.asked.narrows:
  <a class="mn-list__all" href="${view.url(q='', kind='')}">Show all ${f"{view.listed.total:,}"}</a>
  % endif
</div>
</%def>

## The heads of the columns; ``pick``: with a box for all rows shown.
<%def name="head(view, pick=False, links=False)">
<thead><tr>
  % if pick:
  <th scope="col" class="mn-table__pick"><input class="form-check-input" type="checkbox" data-check-all aria-label="All ${view.shape.many} shown"></th>
  % endif
  % for column in view.columns:
  <th scope="col"${' class="mn-num"' if column.number else '' | n}${f' aria-sort="{view.direction(column)}"' if view.direction(column) else '' | n}>\
% if column.sort:
<a href="${view.sort_url(column)}">${column.title}</a>\
% else:
${column.title}\
% endif
</th>
  % endfor
  % if links:
  <th scope="col" class="mn-table__actions"><span class="visually-hidden">Links</span></th>
  % endif
</tr></thead>
</%def>

## Pages below the rows.
<%def name="foot(view)">
% if view.page.total:
<div class="mn-panel__body mn-list__foot">
<nav class="mn-pager" aria-label="Pages">
  <span class="mn-muted">${f"{view.page.first:,}–{view.page.last:,} of {view.page.total:,}"} ${view.shape.many}${f", of {view.listed.total:,} in all" if view.page.total != view.listed.total else ""}</span>
  % if view.page.pages > 1:
  % if view.page.number > 1:
  <a class="btn btn-sm btn-outline-secondary" rel="prev" href="${view.url(page=str(view.page.number - 1))}">${parts.icon("arrow-left")} Previous</a>
  % endif
  <span class="mn-muted">page ${view.page.number} of ${view.page.pages}</span>
  % if view.page.number < view.page.pages:
  <a class="btn btn-sm btn-outline-secondary" rel="next" href="${view.url(page=str(view.page.number + 1))}">Next ${parts.icon("arrow-right")}</a>
  % endif
  % endif
</nav>
</div>
% endif
</%def>

## What can be done with many rows at once: ``actions`` are (value, text); the boxes of the rows are called ``pick``.
<%def name="bulk(view, address, actions)">
<form class="mn-bulk" id="bulk" method="post" action="${address}" data-bulk data-matching="${view.page.total}" data-total="${view.listed.total}">
  ${parts.csrf()}<input type="hidden" name="query" value="${view.query}">
  <span class="mn-bulk__scope"><span data-bulk-scope>${f"{view.page.total:,} matching / {view.listed.total:,} total"}</span></span>
  <label class="form-check mn-bulk__all"><input class="form-check-input" type="checkbox" name="all" value="1" data-bulk-all> All ${f"{view.page.total:,}"} that fit the filter</label>
  <label class="visually-hidden" for="do">Do with them</label>
  <select class="form-select form-select-sm" id="do" name="do">
    % for value, text in actions:
    <option value="${value}">${text}</option>
    % endfor
  </select>
  <button class="btn btn-sm btn-outline-secondary">Look at it…</button>
</form>
</%def>
