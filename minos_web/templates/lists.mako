## Lists that several pages show: operations, changes of tasks, figures.
<%namespace name="parts" file="/parts.mako"/>

## ``found`` is a list of (Operation, Badge).
<%def name="operations(found, with_cluster=True)">
<div class="mn-tablewrap"><table class="mn-table mn-table--cards">
  <caption class="visually-hidden">Operations, newest first</caption>
  <thead><tr><th scope="col">Operation</th>
  % if with_cluster:
  <th scope="col">Cluster</th>
  % endif
  <th scope="col">State</th><th scope="col">By</th><th scope="col">Started</th><th scope="col" class="mn-num">Took</th><th scope="col">Message</th></tr></thead>
  <tbody>
  % for one, badge in found:
  <tr id="operation-${one.id}">
    <th scope="row" data-label="Operation"><a href="${request.route_path('operation', id=one.id)}">${f"{show.action(one.action)} {show.scope(one.selection, of='')}" if one.cluster else show.deed(one)[0]}<span class="mn-muted">#${one.id}</span></a></th>
    % if with_cluster:
    <td data-label="Cluster"><span>\
% if one.cluster:
<a href="${request.route_path('cluster', service=one.cluster.service, cluster=one.cluster.name)}">${one.cluster.name}</a> <span class="mn-muted">${one.cluster.service}</span>\
% else:
<a href="${request.route_path('hosts')}">${show.deed(one)[1]}</a>\
% endif
</span></td>
    % endif
    <td data-label="State">${parts.status(badge, since=False)}</td>
    <td data-label="By">${one.created_by}</td>
    <td data-label="Started">${parts.age(one.started_at or one.created_at)}</td>
    <td data-label="Took" class="mn-num">${show.duration(one.ended_at - (one.started_at or one.created_at)) if one.ended_at else "–"}</td>
    <td data-label="Message"><span class="mn-ellipsis" title="${one.message}">${one.message or "–"}</span></td>
  </tr>
  % endfor
  </tbody>
</table></div>
</%def>

## What an operation does, with a link to what it does it to.
<%def name="what(one)">
<% deed, subject = show.deed(one) %>\
${deed}<a href="${request.route_path('cluster', service=one.cluster.service, cluster=one.cluster.name) if one.cluster else request.route_path('hosts')}">${subject}</a>\
</%def>

## ``found`` is a list of (TaskChange, Task).
<%def name="changes(found, with_task=True)">
<ol class="mn-timeline">
  % for change, task in found:
  <li class="mn-timeline__item mn-timeline__item--${CHANGE_KINDS.get(change.after, 'unknown')}">
    ${parts.age(change.at)}
    <p>\
    % if with_task:
<a href="${request.route_path('task', service=task.cluster.service, cluster=task.cluster.name, job=task.job, number=task.number)}">${task.job}/${task.number}</a> <span class="mn-muted">on ${task.address}</span> \
    % endif
${change.before.lower()} → <b>${change.after.lower()}</b>\
    % if change.after in ("EXITED", "BACKOFF", "FATAL") and change.last_exit:
, ${show.exit_words(change.last_exit)}\
    % endif
    % if change.reason:
 <span class="mn-muted">${change.reason}</span>\
    % endif
</p>
  </li>
  % endfor
</ol>
</%def>

<%!
CHANGE_KINDS = {
    "RUNNING": "running", "STARTING": "changing", "STOPPING": "changing", "STOPPED": "stopped",
    "BACKOFF": "degraded", "EXITED": "down", "FATAL": "down", "UNKNOWN": "unknown",
}
%>

## ``found`` is a list of (name, value as text, title).
<%def name="figures(found)">
<div class="mn-tablewrap"><table class="mn-table">
  <caption class="visually-hidden">Figures</caption>
  <thead><tr><th scope="col">Figure</th><th scope="col" class="mn-num">Value</th></tr></thead>
  <tbody>
  % for name, value, title in found:
  <tr><th scope="row" title="${name}">${title}</th><td class="mn-num">${value}</td></tr>
  % endfor
  </tbody>
</table></div>
</%def>
