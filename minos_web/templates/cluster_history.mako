<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="ch" file="/cluster_head.mako"/>
<%namespace name="lists" file="/lists.mako"/>
<%block name="crumbs">${parts.way(cluster)}${parts.here("History")}</%block>
<div class="mn-stack">
<div id="cluster-head" hx-get="${request.current_route_path()}" hx-select="#cluster-head" hx-trigger="every 5s" hx-swap="outerMorph">${ch.head("history")}</div>
${ch.tabs("history")}
<div class="mn-grid mn-grid--2">
<section class="mn-panel" aria-labelledby="ops-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="ops-title">Operations</h2></header>
  % if operations:
  ${lists.operations(operations, with_cluster=False)}
  % else:
  <%parts:empty icon_name="operations" heading="Nothing was done yet"><p>Bootstrap, start, stop and the rest will be listed here, with who asked and how it went.</p></%parts:empty>
  % endif
</section>
<section class="mn-panel" aria-labelledby="changes-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="changes-title">Changes of tasks</h2><p class="mn-panel__note">newest first</p></header>
  % if changes:
  <div class="mn-panel__body">${lists.changes(changes)}</div>
  % else:
  <%parts:empty icon_name="history" heading="No task changed its state yet"><p>Starts, stops and crashes will be listed here, with their reasons.</p></%parts:empty>
  % endif
</section>
</div>
</div>
