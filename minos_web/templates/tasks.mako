<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="li" file="/list_parts.mako"/>
<%namespace name="cells" file="/task_cells.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path(frame.clusters_route), "Clusters")}${parts.here("Tasks")}</%block>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Tasks</h1><p class="mn-head__sub">Of all clusters; the unwell ones first</p></div></header>
<section class="mn-panel mn-list" aria-label="Tasks" data-list>
  ${li.bar(view)}
  <div id="tasks" hx-get="${view.live()}" hx-select="#tasks" hx-trigger="every 4s, minos:again" hx-swap="outerMorph">
  ${li.chips(view)}
  % if view.page.total:
  <div class="mn-tablewrap" tabindex="0" role="region" aria-label="Table of tasks"><table class="mn-table mn-table--tight mn-table--cards">
    <caption class="visually-hidden">Tasks of all clusters</caption>
    ${li.head(view, pick=frame.operates_some, links=True)}
    <tbody id="task-rows" data-rows>
    % for row in view.page.items:
    ${cells.task_line(row, view.columns, frame.operates_some, by_id=True)}
    % endfor
    </tbody></table></div>
  ${li.foot(view)}
  % elif view.asked.narrows:
  <%parts:empty icon_name="filter" heading="No task fits this filter"><p><a href="${view.url(q='', kind='')}">Show all tasks</a></p></%parts:empty>
  % else:
  <%parts:empty icon_name="task" heading="There are no tasks yet"><p>A <a href="${request.route_path('home')}">cluster</a> that is described has tasks: one for each job on each host.</p></%parts:empty>
  % endif
  </div>
  % if frame.operates_some and view.listed.total:
  ${li.bulk(view, request.route_path("tasks_bulk"), bulk)}
  % endif
</section>
</div>
