## What of a task is not alike: wanted, on the host, running.
<%namespace name="parts" file="/parts.mako"/>

<%def name="chips(drift, short=False)">\
% if drift.edited:
 <span class="mn-chip mn-chip--drifted" title="${len(drift.edited)} of its parts changed on the host since they were sent">${parts.icon("status-drifted")} ${"edited" if short else "edited on the host"}</span>\
% endif
% if drift.restart:
 <span class="mn-chip mn-chip--outdated" title="It runs with something else than lies on its host">${parts.icon("status-outdated")} restart needed</span>\
% endif
% if drift.unsent:
 <span class="mn-chip" title="Its description wants something else than what was sent to its host">not sent yet</span>\
% endif
</%def>

<%def name="panel(rows, place, hours)">
<section class="mn-panel" aria-labelledby="drift-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="drift-title">What is not alike</h2><p class="mn-panel__note">${show.count(len(rows), "part")}</p>
  % if frame.operator:
  <div class="mn-panel__actions">
    <a class="btn btn-sm btn-outline-secondary" href="${act_on('start', place)}">${parts.icon("upload")} Send as wanted…</a>
    <a class="btn btn-sm btn-outline-secondary" href="${act_on('restart', place)}">${parts.icon("restart")} Send and restart…</a>
  </div>
  % endif
  </header>
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Parts of the task that are not alike</caption>
    <thead><tr><th scope="col">Part</th><th scope="col">On the host</th><th scope="col">Runs</th><th scope="col">Left alone</th></tr></thead>
    <tbody>
    % for row in rows:
    <tr><th scope="row" data-label="Part">${row.title}</th><td data-label="On the host">${row.host}\
% if frame.deployer and row.host == "edited on the host" and row.part.startswith("file:"):
 <a href="${request.route_path('task_adopt', name=row.title, **place)}">Take over…</a>\
% endif
</td><td data-label="Runs">${row.process}</td><td data-label="Left alone">${leave(row, place, hours)}</td></tr>
    % endfor
    </tbody></table></div>
</section>
</%def>

<%def name="leave(row, place, hours)">
% if row.left:
<span>until ${parts.age(row.left.until)}, by ${row.left.by}</span>
% endif
% if frame.operator:
<form class="mn-inline" method="post" action="${request.route_path('task_ignore', **place)}">${parts.csrf()}<input type="hidden" name="part" value="${row.part}">\
% if row.left:
<button class="btn btn-sm btn-outline-secondary" name="hours" value="0" aria-label="Look at ${row.title} again">Look again</button>\
% else:
<select class="form-select form-select-sm" name="hours" aria-label="For how long ${row.title} is left alone">\
% for number in hours:
<option value="${number}">${f"{number} h" if number < 24 else show.count(number // 24, "day")}</option>\
% endfor
</select> <button class="btn btn-sm btn-outline-secondary" aria-label="Leave ${row.title} alone">Leave it</button>\
% endif
</form>
% elif not row.left:
–
% endif
</%def>

<%def name="act_on(action, place)">${request.route_path("cluster_act", service=place["service"], cluster=place["cluster"], action=action, _query={"task": f"{place['job']}/{place['number']}"})}</%def>
