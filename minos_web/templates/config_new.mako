<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('config_tree'), "Configuration")}${parts.here("New file")}</%block>
<div class="mn-stack mn-narrow">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">New file</h1><p class="mn-head__sub">For a cluster, <a href="${request.route_path('clusters_new')}">New cluster</a> writes the first text for you.</p></div></header>
<form class="mn-form mn-panel mn-panel__body" method="get" action="${request.route_path('config_new')}" novalidate>
  ${parts.text("path", "Path", path or "conf/", help="Folders and a name: conf/<service>/<service>-<cluster>.cfg describes a cluster; other files are what it refers to.", error=error, mono=True, extra='autocomplete="off" autocapitalize="off" spellcheck="false"')}
  <div class="mn-form__foot"><button class="btn btn-primary">${parts.icon("edit")} Open the editor</button><a class="btn btn-outline-secondary" href="${request.route_path('config_tree')}">Cancel</a></div>
</form>
</div>
