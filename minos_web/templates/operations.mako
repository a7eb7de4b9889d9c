<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="lists" file="/lists.mako"/>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Operations</h1><p class="mn-head__sub">What operators asked for, newest first</p></div></header>
<section class="mn-panel" aria-label="Operations">
  <div class="mn-panel__body">
  <form class="mn-filters" method="get" action="${request.route_path('operations')}">
    % for state in states:
    <a class="mn-chip mn-chip--link" aria-current="${'true' if wanted['state'] == state else 'false'}" href="${request.route_path('operations', _query=[(k, v) for k, v in (('state', '' if wanted['state'] == state else state), ('cluster', wanted['cluster'])) if v])}">${state}</a>
    % endfor
    % if len(clusters) > 1 or wanted["cluster"]:
    <label class="visually-hidden" for="cluster">Cluster or workers</label>
    <select class="form-select form-select-sm" id="cluster" name="cluster"><option value="">Everything</option>
      % for name in clusters:
      <option${' selected' if name == wanted['cluster'] else ''}>${name}</option>
      % endfor
    </select>
    % if wanted["state"]:
    <input type="hidden" name="state" value="${wanted['state']}">
    % endif
    <button class="btn btn-sm btn-outline-secondary">${parts.icon("filter")} Filter</button>
    % endif
  </form>
  </div>
  <div id="operations" hx-get="${request.current_route_path()}" hx-select="#operations" hx-trigger="every 4s" hx-swap="outerMorph">
  % if page.total:
  ${lists.operations(page.items)}
  <div class="mn-panel__body">${parts.pager(page, "operations")}</div>
  % elif any(wanted.values()):
  <%parts:empty icon_name="filter" heading="No operation fits this filter"><p><a href="${request.route_path('operations')}">Show all operations</a></p></%parts:empty>
  % else:
  <%parts:empty icon_name="operations" heading="Nothing was done yet"><p>Bootstrap, start or stop a <a href="${request.route_path('home')}">cluster</a>, and it is listed here with every step.</p></%parts:empty>
  % endif
  </div>
</section>
</div>
