<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="hist" file="/history_parts.mako"/>
<%block name="crumbs">${parts.here("History")}</%block>
<% here = request.route_path("history") %>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">History</h1><p class="mn-head__sub">what happened, newest first: operations, configuration, alerts, crashes, packages and what else people did</p></div>
  <div class="mn-head__actions"><a class="btn btn-outline-secondary" href="${request.route_path('history_csv')}?${query()}">${parts.icon("download")} CSV</a></div></header>
<section class="mn-panel" aria-label="History"><div class="mn-panel__body">
${hist.filters(here)}
${hist.before_bar(here)}
${hist.line_of_time(here)}
</div></section>
</div>
