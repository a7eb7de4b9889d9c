## All that a task's status page tells now: its beans, a search, and values drawn while one looks.
<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="drawn" file="/chart_parts.mako"/>
<%namespace name="th" file="/task_head.mako"/>
<%block name="head">${drawn.assets()}<script src="${asset('figures.js')}" defer></script></%block>
<%block name="crumbs">${th.crumbs("Figures")}</%block>
<%
    waiting = step is None and task.host_id is not None
    failed = step is not None and step.state != "done"
    def here(extra): return request.route_path("task_figures", _query={name: value for name, value in ({"q": q, "group": chosen} | extra).items() if value}, **place)
    again = here({"since": str(int(request.now) + 1)})
%>
<div class="mn-stack">
${th.head("figures")}
<div class="mn-filters">
<form class="mn-inline" method="get" action="${request.route_path('task_figures', **place)}" role="search">
  <label class="visually-hidden" for="q">Name or text of a value</label><input class="form-control form-control-sm" type="search" id="q" name="q" maxlength="200" placeholder="Bean, name or text" value="${q}" autocomplete="off" spellcheck="false">
  <button class="btn btn-sm btn-outline-secondary">${parts.icon("search")} Search</button>
  % if q:
  <a class="btn btn-sm btn-link" href="${request.route_path('task_figures', **place)}">All values</a>
  % endif
</form>
<a class="btn btn-sm btn-outline-secondary mn-filters__end" href="${again}">${parts.icon("refresh")} Read again</a>
</div>
% if chart:
<section class="mn-stack" id="collected" aria-label="${chart.title} as it was collected">
${drawn.charts([chart])}
</section>
% endif
<div class="mn-grid mn-grid--charts" id="live" data-live-url="${request.route_path('api_task_figures', **place)}" hx-morph-skip></div>
<div id="figures"\
% if waiting:
 hx-get="${request.current_route_path(_query=list(request.GET.items()))}" hx-select="#figures" hx-trigger="every 1s" hx-swap="outerMorph"\
% endif
>
% if task.host_id is None:
<div class="mn-empty">${parts.icon("chart", "xl")}<h2>No worker can read it</h2><p>No approved host has the address ${task.address}.</p></div>
% elif waiting:
<p class="mn-panel mn-panel__body mn-muted" role="status">The worker reads the page …</p>
% elif failed:
<div class="mn-empty mn-empty--error" role="alert">${parts.icon("error", "xl")}<h2>There are no figures now</h2><p class="mn-break">${show.sentence(step.message or "the worker did not answer in time")}</p>
<p><a class="btn btn-outline-secondary" href="${again}">${parts.icon("refresh")} Try again</a></p></div>
% else:
<p class="mn-muted" role="status">${show.count(told.get("count", 0), "value")}${f" with “{q}”" if q else ""}, read ${parts.age(step.ended_at)} in ${show.figure(told.get("seconds", 0.0) * 1000, "ms")} from <span class="mn-mono mn-break">${told.get("source", "")}</span>\
% if told.get("left_out"):
; ${show.count(told["left_out"], "value")} did not fit into one answer: search for what you look for\
% endif
</p>
% if not groups:
<div class="mn-empty">${parts.icon("search", "xl")}<h2>${"No value has this" if q else "The page is empty"}</h2>
% if q:
<p>Neither a bean, nor a name, nor a text on the page holds “${q}”.</p>
% endif
</div>
% else:
<div class="${'mn-split mn-split--tree' if len(groups) > 1 else ''}">
% if len(groups) > 1:
<nav class="mn-panel" aria-labelledby="beans-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="beans-title">Beans</h2><p class="mn-panel__note">${len(groups)}</p></header>
  <div class="mn-tree">
  <% before = None %>
  % for group in groups:
  % if group.domain != before:
  % if before is not None:
  </ul>
  % endif
  % if group.domain:
  <h3 class="mn-tree__head">${group.domain}</h3>
  % endif
  <ul class="mn-filelist">
  % endif
  <% before = group.domain %>
    <li><a class="mn-break" href="${here({"group": group.name})}"${' aria-current="true"' if group.name == chosen else '' | n}>${group.short}</a> <span class="mn-muted">${len(group.values)}</span></li>
  % endfor
  </ul>
  </div>
</nav>
% endif
<div>
% for number, group in enumerate(shown):
${values_of(number, group)}
% endfor
% if hidden > 0:
<p class="mn-muted">${show.count(hidden, "more value")} in other beans: choose one, or search for more of the name.</p>
% endif
</div>
</div>
% endif
% endif
</div>
</div>

<%def name="values_of(number, group)">
<section class="mn-panel" aria-labelledby="bean-${number}">
  <header class="mn-panel__head"><h2 class="mn-panel__title mn-break" id="bean-${number}">${group.name or "The page itself"}</h2></header>
  <div class="mn-tablewrap"><table class="mn-table mn-table--sm mn-table--cards">
    <caption class="visually-hidden">Values of ${group.name or "the page itself"}</caption>
    <thead><tr><th scope="col">Name</th><th scope="col" class="mn-num">Number</th><th scope="col">Text</th><th scope="col" class="mn-table__actions"><span class="visually-hidden">Draw</span></th></tr></thead>
    <tbody>
    % for value in group.values:
    <tr>
      <th scope="row" data-label="Name" class="mn-break">${value.name or "(itself)"}</th>
      <td data-label="Number" class="mn-num">${value.exact}</td>
      <td data-label="Text" class="mn-break">${value.text}</td>
      <td data-label="" class="mn-table__actions">\
% if value.number is not None:
<button type="button" class="mn-iconbtn" data-live-group="${group.name}" data-live-name="${value.name}" aria-label="Draw ${value.name} live" title="Draw it live">${parts.icon("chart")}</button>\
% endif
% if value.figure and value.number is not None:
<a class="mn-iconbtn" href="${here({"chart": value.figure})}" aria-label="Last hour of ${value.name}" title="Its last hour: collected as ${value.figure}">${parts.icon("clock")}</a>\
% endif
</td>
    </tr>
    % endfor
    </tbody></table></div>
</section>
</%def>
