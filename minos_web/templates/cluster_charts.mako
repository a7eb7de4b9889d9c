<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="ch" file="/cluster_head.mako"/>
<%block name="head"><link rel="stylesheet" href="${asset('charts.css')}"><script src="${asset('charts.js')}" defer></script></%block>
<%block name="crumbs">${parts.crumb(request.route_path('home'), "Clusters")}${parts.crumb(request.route_path('cluster', service=cluster.service, cluster=cluster.name), cluster.name)}${parts.here("Charts")}</%block>
<div class="mn-stack">
<div id="cluster-head" hx-get="${request.current_route_path()}" hx-select="#cluster-head" hx-trigger="every 5s" hx-swap="outerMorph">${ch.head("charts")}</div>
${ch.tabs("charts")}
<p class="mn-muted">The last hour; one line for each task.</p>
${parts.charts(charts)}
</div>
