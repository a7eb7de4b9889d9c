<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="heat" file="/heat_parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('hosts'), "Hosts")}${parts.here("Heat map")}</%block>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Heat map of hosts</h1><p class="mn-head__sub">the newest value of each approved host, by rack; arrow keys go from square to square</p></div>
  <div class="mn-head__actions"><a class="btn btn-outline-secondary" href="${request.route_path('inventory')}">${parts.icon("inventory")} Inventory</a></div></header>
<section class="mn-panel" aria-label="Heat map"><div class="mn-panel__body">
% if summary.total and metrics:
${heat.chooser(request.route_path("heat"))}
<div id="heat" hx-get="${request.current_route_path()}" hx-select="#heat" hx-trigger="every 10s" hx-swap="outerMorph">${heat.map("hosts")}</div>
% elif summary.total:
<%parts:empty icon_name="chart" heading="No host has told a figure yet"><p>They come every few seconds while the workers run and are in touch.</p></%parts:empty>
% else:
<%parts:empty icon_name="hosts" heading="No approved host"><p><a href="${request.route_path('hosts')}">Approve a worker</a>, and its host stands here.</p></%parts:empty>
% endif
</div></section>
</div>
