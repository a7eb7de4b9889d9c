<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.way(cluster)}${parts.here(act.verb.removesuffix(" of"))}</%block>
<p class="visually-hidden" role="status" data-arriving="act"></p>
<div class="mn-stack mn-narrow" id="act" aria-busy="true" hx-get="${request.path_qs}" hx-trigger="load" hx-select="#act" hx-swap="outerHTML">
<header class="mn-head"><div class="mn-head__text">
  <p class="mn-head__kind">${service_title} cluster ${cluster.name}</p>
  <h1 class="mn-head__title">${act.verb} ${cluster.name}?</h1>
  <p class="mn-head__sub">${act.means}</p>
</div></header>
<section class="mn-panel"><div class="mn-panel__body">
  <p>${parts.icon("refresh")} <span role="status">Working out what would happen to each of its many tasks. Nothing is done by looking.</span></p>
  <p class="mn-muted">If nothing comes within some seconds, <a href="${again}">ask again</a>.</p>
</div></section>
</div>
