## A board of one cluster: what is known at once, tables, charts. ``board`` is a minos_web.boards.board.Board.
<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="ch" file="/cluster_head.mako"/>
<%namespace name="bp" file="/board_parts.mako"/>
<%namespace name="drawn" file="/chart_parts.mako"/>
<%block name="head">${drawn.assets()}</%block>
<%block name="crumbs">${parts.way(cluster)}\
% for text, href in board.above:
${parts.crumb(href, text)}\
% endfor
${parts.here(board.title)}</%block>
<div class="mn-stack">
<div class="mn-stack" id="board" hx-get="${request.current_route_path(_query=list(request.GET.items()))}" hx-select="#board" hx-trigger="every 10s" hx-swap="outerMorph">
<div id="cluster-head">${ch.head(board.tab)}</div>
${ch.tabs(board.tab)}
% if board.nearby:
<nav class="mn-pills" aria-label="Lists">
  % for text, href, here in board.nearby:
  <a class="mn-chip mn-chip--link" href="${href}" aria-current="${'true' if here else 'false'}">${text}</a>
  % endfor
</nav>
% endif
% if board.silences:
${bp.silences(board.silences)}
% endif
% if board.lead or board.at is not None:
<p class="mn-muted">${board.lead}\
% if board.at is not None:
 Told ${parts.age(board.at)}.\
% endif
% if board.more:
 <a href="${board.more[1]}">${board.more[0]}</a>\
% endif
</p>
% endif
% if board.said:
${bp.said(board.title, board.said)}
% endif
% for one in board.tables:
${bp.table(one, board.at is not None and not board.silences)}
% endfor
</div>
% if board.charts:
${drawn.bar(dict(service=cluster.service, cluster=cluster.name))}
% for group in board.charts:
<section aria-label="${group.title}"><h2 class="mn-section">${group.title}\
% if group.note:
 <span class="mn-muted">${group.note}</span>\
% endif
</h2>
${drawn.grid(group.charts)}
</section>
% endfor
${drawn.happened()}
% endif
</div>
