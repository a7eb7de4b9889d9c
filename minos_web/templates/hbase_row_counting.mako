<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="ch" file="/cluster_head.mako"/>
<% at = {"service": cluster.service, "cluster": cluster.name} %>
<%block name="crumbs">${parts.way(cluster)}${parts.here("Row counting")}</%block>
<div class="mn-stack">
<div id="cluster-head" hx-get="${request.current_route_path()}" hx-select="#cluster-head" hx-trigger="every 5s" hx-swap="outerMorph">${ch.head("hbase-rows")}</div>
${ch.tabs("hbase-rows")}
<p class="mn-muted">Each table of the first list is counted every ${show.count(round(hours.period_days), "day")}, one at a time, by HBase's own counter. \
% if hours.start == hours.end:
Counts begin at any hour.\
% else:
Counts begin between ${f"{hours.start}:00 and {hours.end}:00"} ${zone}; one that is under way then goes on to its end. \
${"These are such hours." if began else "The next such hours begin"} \
% if not began:
${parts.age(next_start)}.\
% endif
% endif
 A count that fails leaves the old number and has its next turn in the next hours.</p>

<section class="mn-panel" aria-labelledby="counted-title" id="counted" hx-get="${request.current_route_path()}" hx-select="#counted" hx-trigger="every 5s" hx-swap="outerMorph">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="counted-title">Counted</h2><p class="mn-panel__note">${show.count(len(lines), "table")}</p></header>
  % if lines:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Tables whose rows are counted</caption>
    <thead><tr><th scope="col">Table</th><th scope="col" class="mn-num">Rows</th><th scope="col">Counted</th><th scope="col" class="mn-num">Took</th><th scope="col">Now</th><th scope="col"><span class="visually-hidden">Cancel</span></th></tr></thead>
    <tbody>
    % for line in lines:
    <tr id="table-${line.row.id}">
      <th scope="row">${line.row.table}</th>
      <td data-label="Rows" class="mn-num">${f"{line.row.rows:,}" if line.row.rows is not None else "–"}</td>
      <td data-label="Counted">${parts.age(line.row.counted_at) if line.row.counted_at else "never"}</td>
      <td data-label="Took" class="mn-num">${show.duration(line.row.took)}</td>
      <td data-label="Now" class="mn-table__words"><div>${parts.status(line.badge)}\
% if line.row.run and frame.operator:
 <a href="${request.route_path('run', id=line.row.run)}">what it printed</a>\
% endif
% if line.row.error and not line.row.counting:
<br><span class="mn-muted">${line.row.error}</span>\
% endif
</div></td>
      <td class="mn-table__actions" data-label="">\
% if frame.operator:
<form method="post" action="${request.route_path('hbase_row_counting', **at)}">${parts.csrf()}<button class="btn btn-sm btn-outline-danger" name="cancel" value="${line.row.table}">Cancel</button></form>\
% endif
</td>
    </tr>
    % endfor
    </tbody></table></div>
  % else:
  <%parts:empty icon_name="table" heading="No table is counted"><p>Counting reads a whole table, so it is asked for table by table.</p></%parts:empty>
  % endif
</section>

<section class="mn-panel" aria-labelledby="others-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="others-title">Not counted</h2><p class="mn-panel__note">${show.count(len(others) + more, "table")}${"" if told else "; the region servers tell of no table now"}</p></header>
  % if frame.operator:
  <form class="mn-form mn-panel__body" method="post" action="${request.route_path('hbase_row_counting', **at)}" novalidate>
    ${parts.csrf()}
    ${parts.text("add", "Table", value=add, error=error, help="As HBase's shell calls it: name, or namespace:name.", mono=True, extra='maxlength="255" autocomplete="off"')}
    <div class="mn-form__foot"><button class="btn btn-outline-primary">${parts.icon("add")} Count it</button></div>
  </form>
  % endif
  % if others:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Tables whose rows are not counted</caption>
    <thead><tr><th scope="col">Table</th><th scope="col" class="mn-num">Rows</th><th scope="col">Counted</th><th scope="col"><span class="visually-hidden">Count</span></th></tr></thead>
    <tbody>
    % for name, row in others:
    <tr><th scope="row">${name}</th>
      <td data-label="Rows" class="mn-num">${f"{row.rows:,}" if row and row.rows is not None else "–"}</td>
      <td data-label="Counted">${parts.age(row.counted_at) if row and row.counted_at else "never"}</td>
      <td class="mn-table__actions" data-label="">\
% if frame.operator:
<form method="post" action="${request.route_path('hbase_row_counting', **at)}">${parts.csrf()}<button class="btn btn-sm btn-outline-secondary" name="add" value="${name}">Count</button></form>\
% endif
</td></tr>
    % endfor
    </tbody></table></div>
  % if more:
  <p class="mn-panel__body mn-muted">and ${f"{more:,}"} more: write the name above</p>
  % endif
  % endif
</section>
</div>
