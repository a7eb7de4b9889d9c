<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="ch" file="/cluster_head.mako"/>
<%namespace name="drawn" file="/chart_parts.mako"/>
<%block name="head">${drawn.assets()}</%block>
<%block name="crumbs">${parts.way(cluster)}${parts.here("Charts")}</%block>
<div class="mn-stack">
<div id="cluster-head" hx-get="${request.current_route_path()}" hx-select="#cluster-head" hx-trigger="every 5s" hx-swap="outerMorph">${ch.head("charts")}</div>
${ch.tabs("charts")}
% if len(jobs) > 1:
<nav class="mn-pills" aria-label="Jobs" data-keeps-range>
  % for name in ["", *jobs]:
  <a class="mn-chip mn-chip--link" href="${request.route_path('cluster_charts', service=cluster.service, cluster=cluster.name, _query={'job': name} if name else None)}"${' aria-current="true"' if name == job else '' | n}>${name or "Overview"}</a>
  % endfor
</nav>
% endif
${drawn.in_sections(sections, events)}
</div>
