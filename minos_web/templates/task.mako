<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="drawn" file="/chart_parts.mako"/>
<%namespace name="th" file="/task_head.mako"/>
<%namespace name="lists" file="/lists.mako"/>
<%namespace name="how" file="/running_parts.mako"/>
<%block name="head">${drawn.assets()}</%block>
<%block name="crumbs">${th.crumbs()}</%block>
<div class="mn-stack">
${th.head("summary")}

<div id="task-state" class="mn-grid mn-grid--2" hx-get="${request.route_path('task', **place)}" hx-select="#task-state" hx-trigger="every 3s" hx-swap="outerMorph">
<section class="mn-panel" aria-labelledby="process-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="process-title">Process</h2></header>
  <div class="mn-panel__body">
  <dl class="mn-facts mn-facts--lg">
    <div><dt>Up</dt><dd>\
% if row.uptime is not None:
<time data-age="short" datetime="${show.iso(task.started_at)}">${show.duration(row.uptime)}</time>\
% else:
–\
% endif
</dd></div>
    <div><dt>CPU</dt><dd>${show.figure(row.cpu, "percent")}</dd></div>
    <div><dt>Memory</dt><dd>${show.size(row.memory)}</dd></div>
    <div><dt>Restarts</dt><dd>${task.restarts}</dd></div>
  </dl>
  <dl class="mn-kv">
    <dt>Process id</dt><dd>${task.pid or "none"}</dd>
    <dt>Wanted</dt><dd>${task.wanted}${", and kept so by its worker" if task.wanted == "running" else ""}</dd>
    <dt>Last exit</dt><dd>${exit_words or "never"}\
% if task.last_exit and task.last_exit.get("at"):
, ${parts.age(task.last_exit["at"])}\
% endif
</dd>
    <dt>Ports</dt><dd class="mn-mono">${", ".join(f"{name} {port}" for name, port in task.ports.items()) or "–"}</dd>
    <dt>Package</dt><dd>${f"{task.package.get('name', '')} · {task.package.get('revision', '')} · {task.package.get('timestamp', '')}" if task.package else "none yet"}</dd>
    <dt>Configuration</dt><dd>${f"revision {task.config_revision}" if task.config_revision else "not sent yet"}</dd>
    <dt>After a reboot</dt><dd>${"comes back by itself if it ran" if reboot.comes_back else "stays down until somebody starts it"} <span class="mn-muted">(<code>start_at_boot</code>: ${how.written(reboot.place, "yes by default")})</span>\
% if reboot.news:
 <span class="mn-chip mn-chip--outdated" title="An update of the configuration brings it to the host">now described as ${reboot.news}</span>\
% endif
</dd>
  </dl>
  </div>
</section>

<section class="mn-panel" aria-labelledby="figures-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="figures-title">Figures</h2><p class="mn-panel__note">\
% if task.figures_at:
read ${parts.age(task.figures_at)}\
% else:
none yet\
% endif
</p></header>
  % if task.figures_error:
  <div class="mn-panel__body">${parts.why("degraded", f"Its status page does not answer: {task.figures_error}")}</div>
  % endif
  % if figures:
  <div tabindex="0" role="group" aria-label="Figures" class="mn-scroll${' is-stale' if row.badge.stale or not task.pid else ''}">${lists.figures(figures)}</div>
  % elif not task.figures_error:
  <%parts:empty icon_name="chart" heading="No figures yet"><p>They come every few seconds while the process runs and its worker is in touch.</p></%parts:empty>
  % endif
</section>

% if task.last_lines and row.badge.kind not in ("running", "stopped"):
<section class="mn-panel mn-grid__wide" aria-labelledby="lines-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="lines-title">Last lines it wrote</h2><div class="mn-panel__actions"><a href="${request.route_path('task_log', _query={'file': ''}, **place)}">Whole output</a></div></header>
  <pre class="mn-code mn-code--dark" tabindex="0">${"\n".join(task.last_lines)}</pre>
</section>
% endif
</div>

<section aria-labelledby="charts-title" class="mn-stack">
  <h2 class="mn-section" id="charts-title">Charts</h2>
${drawn.charts(charts, {'service': cluster.service, 'cluster': cluster.name})}
</section>

<section class="mn-panel" aria-labelledby="tail-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="tail-title">Log</h2><div class="mn-panel__actions"><a href="${request.route_path('task_log', **place)}">All logs</a></div></header>
  % if task.host_id:
  <section class="mn-log" hx-morph-skip data-log-url="${request.route_path('task_log_chunk', _query={'file': log}, **place)}" data-log-title="${log or 'newest stdout'}" aria-label="${log or 'Newest output'} of ${task.job}/${task.number}"></section>
  % else:
  <%parts:empty icon_name="log" heading="No log to read"><p>No approved host has the address ${task.address}.</p></%parts:empty>
  % endif
</section>

<section class="mn-panel" id="task-history" aria-labelledby="history-title" hx-get="${request.route_path('task', **place)}" hx-select="#task-history" hx-trigger="every 4s" hx-swap="outerMorph">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="history-title">What happened</h2>\
% if changes and frame.sees_all:
<div class="mn-panel__actions"><a href="${request.route_path('history', _query={'before': repr(changes[0][0].at), 'service': place['service'], 'cluster': place['cluster']})}">${parts.icon("history")} What changed before this</a></div>\
% endif
</header>
  % if changes:
  <div class="mn-panel__body">${lists.changes(changes, with_task=False)}</div>
  % else:
  <%parts:empty icon_name="history" heading="Nothing yet"><p>Starts, stops and crashes will be listed here, with their reasons.</p></%parts:empty>
  % endif
</section>
</div>
