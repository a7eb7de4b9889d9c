<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="bits" file="/schedule_parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('schedules'), "Schedules", wide=True)}${parts.here(line.row.name)}</%block>
<% row = line.row %>
<div class="mn-stack" id="one" hx-get="${request.current_route_path()}" hx-select="#one" hx-trigger="every 4s" hx-swap="outerMorph">
<header class="mn-head"><div class="mn-head__text">
  <p class="mn-head__kind">Schedule</p>
  <h1 class="mn-head__title">${row.name}</h1>
  <p class="mn-head__sub">${line.what}\
% if row.cluster:
 · <a href="${request.route_path('cluster', service=row.cluster.service, cluster=row.cluster.name)}">${row.cluster.service} ${row.cluster.name}</a>\
% endif
</p></div>
  % if frame.operator:
  <div class="mn-head__actions">
    <form method="post" action="${request.route_path('schedule_control', id=row.id, verb='run')}">${parts.csrf()}<button class="btn btn-outline-secondary">${parts.icon("start")} Run now</button></form>
    % if row.paused:
    <form method="post" action="${request.route_path('schedule_control', id=row.id, verb='resume')}">${parts.csrf()}<button class="btn btn-primary">${parts.icon("resume")} Resume</button></form>
    % else:
    <form method="post" action="${request.route_path('schedule_control', id=row.id, verb='pause')}">${parts.csrf()}<button class="btn btn-outline-secondary">${parts.icon("pause")} Pause</button></form>
    % endif
    <a class="btn btn-outline-secondary" href="${request.route_path('schedule_edit', id=row.id)}">${parts.icon("edit")} Change…</a>
    <a class="btn btn-outline-danger" href="#delete-dialog" data-dialog-open="delete-dialog">${parts.icon("delete")} Delete…</a>
  </div>
  % endif
</header>
% if row.failing:
${parts.why("down", "It failed, or stands still, and has not worked since. People were told once; they hear when it works again.")}
% endif
<section class="mn-panel" aria-labelledby="when-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="when-title">When</h2><p class="mn-panel__note">${"paused" if row.paused else ""}</p></header>
  <div class="mn-panel__body"><dl class="mn-kv">
    <dt>Times</dt><dd>${line.when}</dd>
    <dt>Next</dt><dd>\
% if row.paused:
none while it is paused\
% elif not line.following:
no more\
% else:
${bits.time(line.following[0])} (${parts.age(line.following[0][1])})\
% for pair in line.following[1:]:
, ${bits.time(pair)}\
% endfor
% endif
</dd>
    <dt>Cannot begin</dt><dd>${"waits until its hours end, then it is left out" if hours else "waits for an hour, then it is left out"}</dd>
    <dt>Console was down</dt><dd>${missed}</dd>
    <dt>In the name of</dt><dd>${row.owner}, whose role is looked at each time</dd>
    <dt>Saved</dt><dd>${parts.age(row.changed_at)}</dd>
  </dl></div>
</section>
<section class="mn-panel" aria-labelledby="times-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="times-title">What became of its times</h2><p class="mn-panel__note">${row.zone}</p></header>
  % if page.total:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Times, newest first</caption>
    <thead><tr><th scope="col">Time</th><th scope="col">State</th><th scope="col">Began</th><th scope="col" class="mn-num">Took</th><th scope="col">What it began</th><th scope="col">Why</th></tr></thead>
    <tbody>
    % for one, badge, words in page.items:
    <tr id="time-${one.id}">
      <th scope="row" data-label="Time"><span>${bits.time((words, one.nominal_at))}\
% if one.asked_by:
 <span class="mn-muted">asked by ${one.asked_by}</span>\
% endif
</span></th>
      <td data-label="State">${parts.status(badge, since=False)}</td>
      <td data-label="Began">${parts.age(one.began_at)}</td>
      <td data-label="Took" class="mn-num">${show.duration(one.ended_at - one.began_at) if one.ended_at and one.began_at else "–"}</td>
      <td data-label="What it began">\
% if one.operation_id:
<a href="${request.route_path('operation', id=one.operation_id)}">operation ${one.operation_id}</a>\
% elif one.run_id and frame.operator:
<a href="${request.route_path('run', id=one.run_id)}">command ${one.run_id}</a>\
% elif one.run_id:
command ${one.run_id}\
% else:
–\
% endif
</td>
      <td data-label="Why" class="mn-table__words">${show.sentence(one.message) or "–"}</td>
    </tr>
    % endfor
    </tbody></table></div>
  <div class="mn-panel__body">${parts.pager(page, "times")}</div>
  % else:
  <%parts:empty icon_name="history" heading="None of its times has come yet"><p>Run it now to see whether it works.</p></%parts:empty>
  % endif
</section>
</div>
% if frame.operator:
<dialog class="mn-dialog mn-dialog--danger" id="delete-dialog" aria-labelledby="delete-title">
  <form method="post" action="${request.route_path('schedule_control', id=row.id, verb='delete')}">${parts.csrf()}
    <header class="mn-dialog__head"><h2 class="mn-dialog__title" id="delete-title">Delete ${row.name}?</h2></header>
    <div class="mn-dialog__body"><p>It is never done again, and its history goes. What it began goes on.</p></div>
    <footer class="mn-dialog__foot"><button type="button" class="btn btn-outline-secondary" data-dialog-close>Keep it</button><button class="btn btn-danger">${parts.icon("delete")} Delete</button></footer>
  </form>
</dialog>
% endif
