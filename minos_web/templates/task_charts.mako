<%inherit file="/layout.mako"/>
<%namespace name="th" file="/task_head.mako"/>
<%namespace name="drawn" file="/chart_parts.mako"/>
<%block name="head">${drawn.assets()}</%block>
<%block name="crumbs">${th.crumbs("Charts")}</%block>
<div class="mn-stack">
${th.head("charts")}
${drawn.in_sections(sections, events)}
</div>
