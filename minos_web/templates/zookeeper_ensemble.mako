## The servers of an ensemble beside each other.
<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="drawn" file="/chart_parts.mako"/>
<%namespace name="ch" file="/cluster_head.mako"/>
<%block name="head">${drawn.assets()}</%block>
<%block name="crumbs">${parts.way(cluster)}${parts.here("Ensemble")}</%block>
<div class="mn-stack">
<div class="mn-stack" id="ensemble" hx-get="${request.current_route_path()}" hx-select="#ensemble" hx-trigger="every 5s" hx-swap="outerMorph">
<div id="cluster-head">${ch.head("ensemble")}</div>
${ch.tabs("ensemble")}
<section class="mn-panel" aria-labelledby="members-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="members-title">Members <span class="mn-count">${len(tasks)}</span></h2>
  % if tasks:
  <p class="mn-panel__note">${"one leads" if leaders == 1 else f"{leaders} say that they lead" if leaders else "nobody leads"}; role and transactions are asked now, figures are the newest that workers told</p>
  % endif
  </header>
  % if not tasks:
  <%parts:empty icon_name="task" heading="No servers"><p>The description names no host yet.</p></%parts:empty>
  % else:
  <div class="mn-tablewrap"><table class="mn-table mn-members">
    <caption class="visually-hidden">Members of ${cluster.name}, one to a column</caption>
    <thead><tr><th scope="col">Figure</th>
    % for row in tasks:
    <th scope="col" class="mn-num"><a href="${request.route_path('task', service=cluster.service, cluster=cluster.name, job=row.task.job, number=row.task.number)}">${row.task.job}/${row.task.number}</a> <span class="mn-muted">${row.host.name if row.host else row.task.address}</span></th>
    % endfor
    </tr></thead>
    <tbody>
    <tr><th scope="row">State</th>
    % for row in tasks:
    <td class="mn-num">${parts.status(row.badge)}</td>
    % endfor
    </tr>
    <tr><th scope="row">Says</th>
    % for one in told:
    <td class="mn-num"><span class="mn-muted">${one.says if one else "not asked: others are asking at this moment"}</span></td>
    % endfor
    </tr>
    % for row in rows:
    <tr><th scope="row">${row.title}</th>
    % for cell in row.cells:
    <td class="mn-num">\
% if cell.mark:
<span class="mn-chip mn-chip--outdated" title="${cell.why}">${cell.mark}</span> \
% endif
<span${' class="mn-muted" title="Old: its worker told nothing newer"' if cell.old else '' | n}>${cell.text}</span></td>
    % endfor
    </tr>
    % endfor
    <tr><th scope="row">Figures told</th>
    % for row in tasks:
    <td class="mn-num"><span class="mn-muted">${parts.age(row.task.figures_at)}</span></td>
    % endfor
    </tr>
    </tbody>
  </table></div>
  % for row in tasks:
  % if row.task.figures_error and row.task.pid:
  <div class="mn-panel__body">${parts.why("unknown", f"{row.task.job}/{row.task.number} tells no figures: {row.task.figures_error}")}</div>
  % endif
  % endfor
  % endif
</section>
</div>
${drawn.charts(charts, {'service': cluster.service, 'cluster': cluster.name})}
</div>
