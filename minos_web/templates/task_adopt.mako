<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="th" file="/task_head.mako"/>
<%block name="crumbs">${th.crumbs("Adopt")}</%block>
<div class="mn-stack">
${th.head("files")}
<div id="adopting" hx-get="${request.current_route_path()}" hx-trigger="every 1s" hx-select="#adopting" hx-swap="outerMorph">
<p>${parts.icon("status-changing")} Reading ${name} on its host … <a href="${request.current_route_path()}">Look again</a></p>
</div>
</div>
