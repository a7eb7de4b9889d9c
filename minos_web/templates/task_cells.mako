## A task as a line of a list: cell by cell, as the columns are chosen.
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="drifting" file="/drift_parts.mako"/>

## ``pick`` is the name of its box, if it has one, and its value what a form sends: the task's name, or its id.
<%def name="task_line(row, columns, pick, by_id=False)">
<% task = row.task %>
<tr id="task-${task.id}" class="${'is-down' if row.badge.kind == 'down' else 'is-stale' if row.badge.stale else ''}">
  % if pick:
  <td class="mn-table__pick"><input class="form-check-input" type="checkbox" name="${'pick' if by_id else 'task'}" value="${task.id if by_id else f'{task.job}/{task.number}'}" form="bulk" aria-label="${task.job}/${task.number}"></td>
  % endif
  % for column in columns:
  ${cell(column.name, row)}\
  % endfor
  <td class="mn-table__actions">
    <a class="mn-iconbtn" href="${request.route_path('task_log', **place(task))}" aria-label="Log of ${task.job}/${task.number}" title="Log">${parts.icon("log")}</a>
    % if task.http_url:
    <a class="mn-iconbtn" href="${task.http_url if task.http_url.startswith(('http://', 'https://')) else '#'}" rel="noopener noreferrer" target="_blank" aria-label="Own page of ${task.job}/${task.number}" title="Its own page">${parts.icon("external")}</a>
    % endif
  </td>
</tr>
</%def>

<%!
def place(task):
    return {"service": task.cluster.service, "cluster": task.cluster.name, "job": task.job, "number": task.number}
%>

<%def name="cell(name, row)">
<% task = row.task %>\
% if name == "task":
<th scope="row"><a href="${request.route_path('task', **place(task))}">${task.job}/${task.number}</a>\
  % if not task.described:
 <span class="mn-chip mn-chip--drifted" title="A worker still has it, but the description no longer names it">not described</span>\
  % endif
  % if task.leaving:
 <span class="mn-chip" title="The cluster file says so; it stays stopped until it is recommissioned">decommissioned</span>\
  % endif
${drifting.chips(row.drift, short=True)}\
  % for word in row.words:
 <span class="mn-chip">${word}</span>\
  % endfor
</th>
% elif name == "cluster":
<td data-label="Cluster"><span><a href="${request.route_path('cluster', service=task.cluster.service, cluster=task.cluster.name)}">${task.cluster.name}</a> <span class="mn-muted">${task.cluster.service}</span></span></td>
% elif name == "state":
<td data-label="State"><span>${parts.status(row.badge)}\
  % if row.badge.kind in ("down", "degraded") and row.badge.title:
 <span class="mn-muted mn-ellipsis" title="${row.badge.title}">${row.badge.title}</span>\
  % endif
</span></td>
% elif name == "host":
<td class="mn-nowrap" data-label="Host"><span>\
  % if row.host:
${parts.on_all(request.route_path('host', name=row.host.name), row.host.name)}\
  % if row.host.name != task.address:
 <span class="mn-muted">${task.address}</span>\
  % endif
  % else:
${task.address}\
  % endif
</span></td>
% elif name == "ports":
<td class="mn-nowrap" data-label="Ports" title="${", ".join(f"{name} {port}" for name, port in task.ports.items())}">${show.ports(task.ports)}</td>
% elif name == "pid":
<td class="mn-num" data-label="Pid">${task.pid or "–"}</td>
% elif name == "up":
<td class="mn-num" data-label="Up">\
  % if row.uptime is not None:
<time data-age="short" datetime="${show.iso(task.started_at)}">${show.utc(task.started_at)}</time>\
  % else:
–\
  % endif
</td>
% elif name == "since":
<td class="mn-num" data-label="Since">${parts.age(row.badge.since)}</td>
% elif name == "restarts":
<td class="mn-num" data-label="Restarts">${task.restarts}</td>
% elif name == "cpu":
<td class="mn-num" data-label="CPU">${show.figure(row.cpu, "percent")}</td>
% elif name == "memory":
<td class="mn-num" data-label="Memory">${show.size(row.memory)}</td>
% elif name == "package":
<td class="mn-nowrap" data-label="Package">${show.package_name(task.package)}</td>
% endif
</%def>
