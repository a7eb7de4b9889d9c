<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('help'), "Help")}${parts.here(title)}</%block>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><p class="mn-head__kind">Help</p><h1 class="mn-head__title">${title}</h1></div></header>
<nav class="mn-tabs" aria-label="Help">
  % for name, text in pages.items():
  <a href="${request.route_path('help_page', page=name)}"${' aria-current="page"' if name == page else '' | n}>${text}</a>
  % endfor
  <a href="${request.route_path('services')}">Services</a>
</nav>
<article class="mn-prose">
${next.body()}
</article>
</div>
