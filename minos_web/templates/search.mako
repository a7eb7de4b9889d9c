<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.here(title)}</%block>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Search</h1></div></header>
<form class="mn-search" method="get" action="${request.route_path('search')}" role="search">
  <label class="visually-hidden" for="q">Look for</label>
  <input class="form-control" type="search" id="q" name="q" value="${text}" maxlength="100" placeholder="cluster, host, task, package, file, operation number, or restart zookeeper/…" autocomplete="off" autocapitalize="off" spellcheck="false">
  <button class="btn btn-primary">${parts.icon("search")} Search</button>
</form>
% if problem:
${parts.why("down", show.sentence(problem))}
% elif not groups:
<%parts:empty icon_name="search" heading="Nothing fits"><p>Every word must fit. A verb before a cluster's name, such as <b>restart</b>, finds the page of that action.</p></%parts:empty>
% endif
% for heading, hits in groups:
<section class="mn-panel" aria-label="${heading}">
  <header class="mn-panel__head"><h2 class="mn-panel__title">${heading}</h2></header>
  <ul class="mn-hits">
    % for hit in hits:
    <li><a href="${hit.url}">${hit.title}</a> <span class="mn-muted">${hit.detail}</span></li>
    % endfor
  </ul>
</section>
% endfor
% if more:
<p class="mn-muted">More fits than is shown: write another word.</p>
% endif
</div>
