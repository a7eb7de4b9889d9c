## Pieces of boards. Tables are minos_web.boards.tables.Table.
<%namespace name="parts" file="/parts.mako"/>
<%! from minos_web.boards.tables import LONG, MOMENT, TEXT, WORD, query_text

MOST_CHIPS = 12
CLASSES = {TEXT: "mn-break", WORD: "mn-nowrap", LONG: "mn-table__words"}
%>

<%def name="silences(found)">
<div class="mn-why mn-why--unknown"><svg class="mn-icon" aria-hidden="true"><use href="${icons_url}#status-unknown"/></svg> <div>
% if len(found) == 1:
<p class="mn-break">Not told now: ${found[0]}</p>
% else:
<details><summary>${show.count(len(found), "part")} of what there is to tell ${"is" if len(found) == 1 else "are"} not told now</summary><ul class="mn-plainlist">
  % for text in found:
  <li class="mn-break">${text}</li>
  % endfor
</ul></details>
% endif
</div></div>
</%def>

<%def name="said(title, lines)">
<section class="mn-panel" aria-label="${title}"><div class="mn-panel__body"><dl class="mn-kv">
  % for one in lines:
  <dt>${one.label}</dt><dd>\
% if one.link and one.outside:
<a href="${one.link if one.link.startswith(('http://', 'https://')) else '#'}" rel="noopener noreferrer" target="_blank">${one.value} ${parts.icon("external")}</a>\
% elif one.link:
<a href="${one.link}">${one.value}</a>\
% else:
<span class="mn-break">${one.value}</span>\
% endif
% if one.note:
 <span class="mn-muted">${one.note}</span>\
% endif
</dd>
  % endfor
</dl></div></section>
</%def>

<%def name="table(one, told=False)">
<section class="mn-panel" aria-label="${one.title}" id="table-${one.prefix or 'all'}">
  <header class="mn-panel__head"><h2 class="mn-panel__title">${one.title}</h2><p class="mn-panel__note">${f"{len(one.found):,} of {one.known:,}" if len(one.found) != one.known else show.count(one.known, one.what)}</p>
  % if one.found:
  <div class="mn-panel__actions"><a class="btn btn-sm btn-outline-secondary" href="${query_text(one.csv_query())}" download>${parts.icon("download")} CSV</a></div>
  % endif
  </header>
  % if one.chips or one.known > 12 or one.q:
  <div class="mn-panel__body">
  <form class="mn-filters" method="get" role="search">
    % for name, value in one.query:
    % if name not in (one.prefix + "q", one.prefix + "page"):
    <input type="hidden" name="${name}" value="${value}">
    % endif
    % endfor
    <label class="visually-hidden" for="${one.prefix}q">Filter ${one.title}</label>
    <input class="form-control form-control-sm" id="${one.prefix}q" name="${one.prefix}q" type="search" placeholder="Part of a name" value="${one.q}">
    <button class="btn btn-sm btn-outline-secondary">${parts.icon("filter")} Filter</button>
    % if len(one.chips) > MOST_CHIPS:
    <details class="mn-morechips"><summary>${next((f"Only {chip.text}" for chip in one.chips if chip.on), f"One of {len(one.chips):,}")}</summary><div class="mn-inline">${chips(one)}</div></details>
    % else:
    ${chips(one)}
    % endif
  </form>
  </div>
  % endif
  % if one.page.total:
  <div class="mn-tablewrap"><table class="mn-table mn-table--tight mn-table--cards mn-table--board">
    <caption class="visually-hidden">${one.title}</caption>
    <thead><tr>
      % for column in one.columns:
      <th scope="col"${' class="mn-num"' if column.is_number else '' | n}${(' aria-sort="descending"' if one.down else ' aria-sort="ascending"') if one.sort == column.name else '' | n}><a href="${query_text(one.sorted_by(column))}">${column.title}</a></th>
      % endfor
    </tr></thead>
    <tbody>
    % for row in one.page.items:
    <tr${' class="is-stale"' if row.old else '' | n}>
      % for number, column in enumerate(one.columns):
      ${cell(one, row, column, number == 0)}
      % endfor
    </tr>
    % endfor
    </tbody>
  </table></div>
  % if one.page.pages > 1:
  <div class="mn-panel__body">${pager(one)}</div>
  % endif
  % elif one.known:
  <%parts:empty icon_name="filter" heading="Nothing fits this filter"><p><a href="?">Show all</a></p></%parts:empty>
  % elif told and not one.empty:
  <%parts:empty icon_name="table" heading="There are none"><p>The cluster's tasks say that they have none.</p></%parts:empty>
  % else:
  <%parts:empty icon_name="chart" heading="Nothing is known"><p>${one.empty or "No task has told of any in the last two minutes."}</p></%parts:empty>
  % endif
</section>
</%def>

<%def name="chips(one)">
    % for chip in one.chips:
    <a class="mn-chip mn-chip--link" aria-current="${'true' if chip.on else 'false'}" href="${query_text(chip.query)}">${chip.text} <b>${chip.count}</b></a>
    % endfor
</%def>

<%def name="cell(one, row, column, first)">
<%
    value, note, text = row.cells.get(column.name), row.notes.get(column.name, ""), column.text(row)
    part = one.part(row, column) if column.bar else None
%>
<${'th scope="row"' if first else 'td' | n} class="${CLASSES.get(column.unit, 'mn-num')}${' mn-table__title' if first else ''}${' mn-unknown' if value is None and not note else ''}${' mn-mono' if first and column.name == 'region' else ''}" data-label="${column.title}"\
% if note:
 title="${note}"\
% endif
><span>\
% if part is not None:
<meter class="mn-part" min="0" max="100" value="${round(part, 1)}" aria-hidden="true"></meter> \
% endif
% if row.links.get(column.name):
<a href="${row.links[column.name]}"${' rel="noopener noreferrer" target="_blank"' if row.links[column.name].startswith('http') else '' | n}>${text}</a>\
% elif row.bad.get(column.name):
<span class="mn-chip mn-chip--bad">${text} <b>${row.bad[column.name]}</b></span>\
% elif column.unit == MOMENT and value is not None:
${parts.age(value)}\
% elif column.marks(row):
<span class="mn-chip mn-chip--outdated">${text}</span>\
% elif column.unit == LONG:
<span class="mn-clamp" title="${text}">${text}</span>\
% else:
${text}\
% endif
% if first and row.old:
 <span class="mn-chip" title="What it was when it was told last">old</span>\
% endif
% if note and value is not None:
<span class="mn-note-mark" aria-label="${note}">*</span>\
% endif
</span></${'th' if first else 'td' | n}>
</%def>

<%def name="pager(one)">
<%
    def at(number): return query_text([pair for pair in one.query if pair[0] != one.prefix + "page"] + [(one.prefix + "page", number)])
    page = one.page
%>
<nav class="mn-pager" aria-label="Pages of ${one.title}">
  <span class="mn-muted">${f"{page.first:,}–{page.last:,} of {page.total:,}"}</span>
  % if page.number > 1:
  <a class="btn btn-sm btn-outline-secondary" rel="prev" href="${at(page.number - 1)}">${parts.icon("arrow-left")} Previous</a>
  % endif
  <span class="mn-muted">page ${page.number} of ${page.pages}</span>
  % if page.number < page.pages:
  <a class="btn btn-sm btn-outline-secondary" rel="next" href="${at(page.number + 1)}">Next ${parts.icon("arrow-right")}</a>
  % endif
</nav>
</%def>
