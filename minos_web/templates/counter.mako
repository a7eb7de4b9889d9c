<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="lines" file="/counters.mako"/>
<%namespace name="drawn" file="/chart_parts.mako"/>
<%block name="head">${drawn.assets()}</%block>
<%block name="crumbs">${parts.crumb(request.route_path('counters'), "Counters")}${parts.crumb(request.route_path('counters', _query={'group': counter.group}), counter.group)}${parts.here(counter.name)}</%block>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">${counter.name}</h1><p class="mn-head__sub">a counter of ${counter.group}${f", {counter.label}" if counter.label else ""}</p></div></header>
<section class="mn-panel" aria-label="Newest value" id="counter" hx-get="${request.current_route_path()}" hx-select="#counter" hx-trigger="every 5s" hx-swap="outerMorph">
  <div class="mn-panel__body"><dl class="mn-kv">
    <dt>Value</dt><dd>${show.figure(counter.value, counter.unit)}</dd>
    <dt>Endpoint</dt><dd>${counter.endpoint}</dd>
    <dt>Pushed</dt><dd>${parts.status(badge)}${f" {badge.title}" if badge.title else ""}</dd>
    <dt>With a token of</dt><dd>${counter.pushed_by or "–"}</dd>
  </dl></div>
</section>
${drawn.charts(charts)}
% if others:
<section class="mn-panel" aria-labelledby="others-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="others-title">The same from elsewhere</h2></header>
  ${lines.table(others)}
</section>
% endif
</div>
