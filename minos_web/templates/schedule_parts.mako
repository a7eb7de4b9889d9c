## Pieces of the pages of schedules.
<%namespace name="parts" file="/parts.mako"/>

## ``lines`` are minos_web.views.schedule_lines.Line.
<%def name="table(lines, with_cluster=True)">
<div class="mn-tablewrap"><table class="mn-table mn-table--cards">
  <caption class="visually-hidden">Schedules, the next ones first</caption>
  <thead><tr><th scope="col">Schedule</th><th scope="col">What</th>
  % if with_cluster:
  <th scope="col">Where</th>
  % endif
  <th scope="col">When</th><th scope="col">Next</th><th scope="col">Last</th><th scope="col">For</th></tr></thead>
  <tbody>
  % for line in lines:
  <tr id="schedule-${line.row.id}">
    <th scope="row" class="mn-break" data-label="Schedule"><span><a href="${request.route_path('schedule', id=line.row.id)}">${line.row.name}</a>\
    % if line.row.paused:
 <span class="mn-chip">${parts.icon("pause")} paused</span>\
    % endif
    % if line.row.failing:
 <span class="mn-chip mn-chip--drifted">does not work</span>\
    % endif
</span></th>
    <td data-label="What" class="mn-table__words">${line.what}</td>
    % if with_cluster:
    <td data-label="Where">${where(line.row)}</td>
    % endif
    <td data-label="When" class="mn-table__words">${line.when}</td>
    <td data-label="Next" class="mn-table__words">${following(line)}</td>
    <td data-label="Last">${parts.status(line.badge) if line.badge else "–"}</td>
    <td data-label="For">${line.row.owner}</td>
  </tr>
  % endfor
  </tbody></table></div>
</%def>

<%def name="where(row)">\
% if row.cluster:
<span><a href="${request.route_path('cluster', service=row.cluster.service, cluster=row.cluster.name)}">${row.cluster.name}</a> <span class="mn-muted">${row.cluster.service}</span></span>\
% else:
–\
% endif
</%def>

<%def name="following(line)">\
% if line.row.paused:
–\
% elif not line.following:
no more\
% else:
<span>${time(line.following[0])}\
% if len(line.following) > 1:
<br><span class="mn-muted">then ${", ".join(words for words, _ in line.following[1:])}</span>\
% endif
</span>\
% endif
</%def>

<%def name="time(pair)"><time datetime="${show.iso(pair[1])}" title="${show.utc(pair[1])}">${pair[0]}</time></%def>

## ``rounds`` are minos_web.views.schedule_lines.RoundLine.
<%def name="timetable(rounds)">
<section class="mn-panel" id="timetable" aria-labelledby="timetable-title" hx-get="${request.current_route_path()}" hx-select="#timetable" hx-trigger="every 15s" hx-swap="outerMorph">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="timetable-title">Timetable</h2><p class="mn-panel__note">the console's own rounds, as noted within the last 15 seconds</p></header>
  % if rounds:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">The console's own rounds</caption>
    <thead><tr><th scope="col">Round</th><th scope="col">State</th><th scope="col">How often</th><th scope="col">Last</th><th scope="col" class="mn-num">Took</th><th scope="col" class="mn-num">Times</th><th scope="col" class="mn-num">Failures</th><th scope="col">Last failure</th><th scope="col">Next</th></tr></thead>
    <tbody>
    % for line in rounds:
    <tr id="round-${line.row.name}" class="${'is-down' if line.badge.kind == 'down' else ''}">
      <th scope="row" data-label="Round">${line.title}</th>
      <td data-label="State">${parts.status(line.badge)}</td>
      <td data-label="How often">${line.every}</td>
      <td data-label="Last">${parts.age(line.row.began_at)}</td>
      <td data-label="Took" class="mn-num">${show.duration(line.row.took)}</td>
      <td data-label="Times" class="mn-num">${f"{line.row.runs:,}"}</td>
      <td data-label="Failures" class="mn-num">${f"{line.row.failures:,}"}</td>
      <td data-label="Last failure" class="mn-table__words">\
% if line.row.failed_at:
<span>${parts.age(line.row.failed_at)}: <span class="mn-muted">${line.row.error}</span></span>\
% else:
–\
% endif
</td>
      <td data-label="Next"><time datetime="${show.iso(line.next_at)}">${show.utc(line.next_at)[11:19] or "–"}</time></td>
    </tr>
    % endfor
    </tbody></table></div>
  <p class="mn-panel__body mn-muted">A watchdog starts the timetable again when it has died, and tells people. Failures of the timetable itself are such starts.</p>
  % else:
  <%parts:empty icon_name="clock" heading="No engine has worked here yet"><p>Rounds are noted once the console's engine runs.</p></%parts:empty>
  % endif
</section>
</%def>
