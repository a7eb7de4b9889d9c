<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="ch" file="/cluster_head.mako"/>
<%namespace name="heat" file="/heat_parts.mako"/>
<%block name="crumbs">${parts.way(cluster)}${parts.here("Heat map")}</%block>
<div class="mn-stack">
<div id="cluster-head" hx-get="${request.current_route_path()}" hx-select="#cluster-head" hx-trigger="every 5s" hx-swap="outerMorph">${ch.head("heat")}</div>
${ch.tabs("heat")}
<section class="mn-panel" aria-label="Heat map"><div class="mn-panel__body">
% if summary.total and metrics:
${heat.chooser(request.current_route_path(_query=()))}
<div id="heat" hx-get="${request.current_route_path()}" hx-select="#heat" hx-trigger="every 10s" hx-swap="outerMorph">${heat.map("tasks")}</div>
% else:
<%parts:empty icon_name="chart" heading="No task has told a figure yet"><p>They come about 20 s after a process has started.</p></%parts:empty>
% endif
</div></section>
</div>
