<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="ch" file="/cluster_head.mako"/>
<%namespace name="lists" file="/lists.mako"/>
<%namespace name="hist" file="/history_parts.mako"/>
<%block name="crumbs">${parts.way(cluster)}${parts.here("History")}</%block>
<%
    here = request.route_path("cluster_history", service=cluster.service, cluster=cluster.name)
%>
<div class="mn-stack">
<div id="cluster-head" hx-get="${request.current_route_path()}" hx-select="#cluster-head" hx-trigger="every 5s" hx-swap="outerMorph">${ch.head("history")}</div>
${ch.tabs("history")}
<nav class="mn-range" aria-label="What is shown">
  % for name, text in (("", "Line of time"), ("operations", "Operations"), ("changes", "Every change of state")):
  <a href="${here}${'?show=' + name if name else ''}"${' aria-current="page"' if show_what == name else '' | n}>${text}</a>
  % endfor
</nav>
% if show_what == "operations":
<section class="mn-panel" aria-labelledby="ops-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="ops-title">Operations</h2></header>
  % if operations:
  ${lists.operations(operations, with_cluster=False)}
  % else:
  <%parts:empty icon_name="operations" heading="Nothing was done yet"><p>Bootstrap, start, stop and the rest will be listed here, with who asked and how it went.</p></%parts:empty>
  % endif
</section>
% elif show_what == "changes":
<section class="mn-panel" aria-labelledby="changes-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="changes-title">Changes of tasks</h2><p class="mn-panel__note">newest first</p></header>
  % if changes:
  <div class="mn-panel__body">${lists.changes(changes)}</div>
  % else:
  <%parts:empty icon_name="history" heading="No task changed its state yet"><p>Starts, stops and crashes will be listed here, with their reasons.</p></%parts:empty>
  % endif
</section>
% else:
<section class="mn-panel" aria-label="History"><div class="mn-panel__body">
${hist.filters(here)}
${hist.before_bar(here)}
% if frame.sees_all:
<p class="mn-history__note"><a href="${request.route_path('history', _query={'service': cluster.service, 'cluster': cluster.name})}">In the history of the whole site</a> · <a href="${request.route_path('history_csv')}?${query(service=cluster.service, cluster=cluster.name)}">CSV</a></p>
% endif
${hist.line_of_time(here)}
</div></section>
% endif
</div>
