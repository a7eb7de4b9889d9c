<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="bits" file="/schedule_parts.mako"/>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Schedules</h1><p class="mn-head__sub">what is done at certain times: operations, checks, counts, reports</p></div>
  % if frame.operator:
  <div class="mn-head__actions"><a class="btn btn-primary" href="${request.route_path('schedules_new')}">${parts.icon("add")} New schedule</a></div>
  % endif
</header>
<section class="mn-panel" aria-label="Schedules">
  % if total:
  <div class="mn-panel__body">
  <form class="mn-filters" method="get" action="${request.route_path('schedules')}">
    % for state in states:
    <a class="mn-chip mn-chip--link" aria-current="${'true' if wanted['state'] == state else 'false'}" href="${request.route_path('schedules', _query=[(k, v) for k, v in (('state', '' if wanted['state'] == state else state), ('cluster', wanted['cluster']), ('q', wanted['q'])) if v])}">${state}</a>
    % endfor
    % if len(clusters) > 1 or wanted["cluster"]:
    <label class="visually-hidden" for="cluster">Cluster</label>
    <select class="form-select form-select-sm" id="cluster" name="cluster"><option value="">All clusters</option>
      % for name in clusters:
      <option${' selected' if name == wanted['cluster'] else ''}>${name}</option>
      % endfor
    </select>
    % endif
    <label class="visually-hidden" for="q">Name, what, cluster or user</label><input class="form-control form-control-sm" type="search" id="q" name="q" placeholder="Name, what, cluster or user" value="${wanted['q']}">
    % if wanted["state"]:
    <input type="hidden" name="state" value="${wanted['state']}">
    % endif
    <button class="btn btn-sm btn-outline-secondary">${parts.icon("filter")} Filter</button>
    % if any(wanted.values()):
    <a class="btn btn-sm btn-link" href="${request.route_path('schedules')}">Show all</a>
    % endif
  </form>
  </div>
  % endif
  <div id="schedules" hx-get="${request.current_route_path()}" hx-select="#schedules" hx-trigger="every 5s" hx-swap="outerMorph">
  % if page.total:
  ${bits.table(page.items)}
  <div class="mn-panel__body">${parts.pager(page, "schedules")}</div>
  % elif any(wanted.values()):
  <%parts:empty icon_name="filter" heading="No schedule fits"><p><a href="${request.route_path('schedules')}">Show all schedules</a></p></%parts:empty>
  % else:
  <%parts:empty icon_name="calendar" heading="No schedule yet"><p>A rolling update at night, a compaction every Sunday, a row count every month, a report every morning: the console does them at their time, in your name, and tells when one does not work.</p>\
% if frame.operator:
<a class="btn btn-primary" href="${request.route_path('schedules_new')}">${parts.icon("add")} New schedule</a>\
% endif
</%parts:empty>
  % endif
  </div>
</section>
${bits.timetable(rounds)}
</div>
