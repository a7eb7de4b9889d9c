<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="th" file="/task_head.mako"/>
<%block name="crumbs">${th.crumbs("Log")}</%block>
<%
    files = listing.data.get("files", []) if listing is not None and listing.state == "done" else []
    waiting = listing is None and task.host_id is not None
%>
<div class="mn-stack">
${th.head("log")}
<div class="mn-split mn-split--log">
<section class="mn-log mn-log--tall" data-log-url="${request.route_path('task_log_chunk', _query={'file': file}, **place)}" data-log-title="${file or 'newest stdout'}" aria-label="${file or 'Newest output'} of ${task.job}/${task.number}"></section>
<aside class="mn-panel" aria-labelledby="logs-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="logs-title">Files</h2></header>
  <div id="log-files"\
% if waiting:
 hx-get="${request.current_route_path()}" hx-select="#log-files" hx-trigger="every 1s" hx-swap="outerMorph"\
% endif
>
  % if files:
  <ul class="mn-filelist">
    <li><a href="${request.route_path('task_log', _query={'file': ''}, **place)}"${' aria-current="true"' if not file else '' | n}>newest stdout</a></li>
    % for one in files:
    <li><a href="${request.route_path('task_log', _query={'file': one.get('name', '')}, **place)}"${' aria-current="true"' if file == one.get("name") else '' | n}>${one.get("name", "")}</a> <span class="mn-muted">${show.size(one.get("size"))}, ${parts.age(one.get("modified"))}</span></li>
    % endfor
  </ul>
  % elif waiting:
  <p class="mn-panel__body mn-muted">asking the worker which logs there are …</p>
  % elif listing is not None and listing.state != "done":
  <p class="mn-panel__body mn-muted">The worker did not list the logs: ${listing.message or "no answer"}</p>
  % else:
  <p class="mn-panel__body mn-muted">There are no log files yet.</p>
  % endif
  </div>
</aside>
</div>
</div>
