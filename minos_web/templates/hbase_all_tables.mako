## User tables of every HBase cluster.
<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="bp" file="/board_parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path(frame.clusters_route), "Clusters")}${parts.here("HBase tables")}</%block>
<div class="mn-stack" id="board" hx-get="${request.current_route_path(_query=list(request.GET.items()))}" hx-select="#board" hx-trigger="every 10s" hx-swap="outerMorph">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">HBase tables</h1><p class="mn-head__sub">${show.count(table.known, "user table")} of ${show.count(clusters, "cluster")}\
% if at is not None:
 · told ${parts.age(at)}\
% endif
</p></div></header>
% if silences:
${bp.silences(silences)}
% endif
${bp.table(table)}
</div>
