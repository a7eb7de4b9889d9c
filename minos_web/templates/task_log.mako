<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="th" file="/task_head.mako"/>
<%namespace name="logs" file="/log_parts.mako"/>
<%block name="crumbs">${th.crumbs("Log")}</%block>
<%
    files = listing.data.get("files", []) if listing is not None and listing.state == "done" else []
    waiting = listing is None and task.host_id is not None
%>
<div class="mn-stack">
${th.head("log")}
${logs.told_of(told, file)}
<div class="mn-split mn-split--log">
<div class="mn-stack">
<div class="mn-filters">
% if file:
<form class="mn-inline" method="get" action="${request.route_path('task_log', **place)}" role="search">
  <input type="hidden" name="file" value="${file}">
  <label class="visually-hidden" for="q">Text in ${file}</label><input class="form-control form-control-sm" type="search" id="q" name="q" maxlength="500" placeholder="Text in ${file}" value="${q}" autocomplete="off" spellcheck="false">
  <button class="btn btn-sm btn-outline-secondary">${parts.icon("search")} Search</button>
  % if q or at is not None:
  <a class="btn btn-sm btn-link" href="${request.route_path('task_log', _query={'file': file}, **place)}">Back to the live end</a>
  % endif
</form>
% endif
% if task.host_id:
<button class="btn btn-sm btn-outline-secondary mn-filters__end" form="log-fetch" name="name" value="${file}">${parts.icon("download")} Download</button>
% endif
</div>
% if q and file:
${found()}
% endif
<section class="mn-log mn-log--tall"\
% if at is not None:
 data-log-static\
% endif
 data-log-url="${request.route_path('task_log_chunk', _query={'file': file} if at is None else {'file': file, 'offset': max(0, at - around)}, **place)}" data-log-title="${file or 'newest stdout'}" aria-label="${file or 'Newest output'} of ${task.job}/${task.number}"></section>
</div>
<aside class="mn-panel" aria-labelledby="logs-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="logs-title">Files</h2>
    % if frame.operator and task.host_id:
    <div class="mn-panel__actions"><a class="btn btn-sm btn-outline-danger" href="#clear-dialog" data-dialog-open="clear-dialog">${parts.icon("clear")} Clear output…</a></div>
    % endif
  </header>
  <div id="log-files"\
% if waiting:
 hx-get="${request.current_route_path(_query=list(request.GET.items()))}" hx-select="#log-files" hx-trigger="every 1s" hx-swap="outerMorph"\
% endif
>
  % if files:
  <ul class="mn-filelist">
    <li><a href="${request.route_path('task_log', _query={'file': ''}, **place)}"${' aria-current="true"' if not file else '' | n}>newest stdout</a></li>
    % for one in files:
    <li><a href="${request.route_path('task_log', _query={'file': one.get('name', '')}, **place)}"${' aria-current="true"' if file == one.get("name") else '' | n}>${one.get("name", "")}</a> <button class="mn-iconbtn" form="log-fetch" name="name" value="${one.get('name', '')}" aria-label="Download ${one.get('name', '')}" title="Download">${parts.icon("download")}</button> <span class="mn-muted">${show.size(one.get("size"))}, ${parts.age(one.get("modified"))}</span></li>
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
<form id="log-fetch" method="post" action="${request.route_path('task_log_fetch', **place)}">${parts.csrf()}<input type="hidden" name="file" value="${file}"></form>
% if frame.operator:
${logs.clear_dialog("log", request.route_path("task_log_clear", **place), f"{task.job}/{task.number}", file)}
% endif
</div>

<%def name="found()">
<%
    matches = search.data.get("matches", []) if search is not None and search.state == "done" else []
    before = search.data.get("before", 0) if search is not None and search.state == "done" else 0
    def here(extra): return request.route_path("task_log", _query={"file": file, "q": q} | extra, **place)
%>
<section class="mn-panel" id="log-found" aria-labelledby="found-title"\
% if search is None:
 hx-get="${request.current_route_path(_query=list(request.GET.items()))}" hx-select="#log-found" hx-trigger="every 1s" hx-swap="outerMorph"\
% endif
>
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="found-title">Lines with “${q}”</h2><p class="mn-panel__note" role="status">\
% if search is None:
the worker is searching …\
% elif search.state == "done":
${show.count(len(matches), "line")}, newest first\
% else:
not searched\
% endif
</p></header>
  % if search is not None and search.state != "done":
  <div class="mn-panel__body">${parts.why("degraded", search.message or "The worker did not answer in time.")}</div>
  % elif matches:
  <ol class="mn-matches">
    % for match in matches:
    <li><a href="${here({'at': match['offset']})}" title="Show what stands around it">${match["text"] or "(empty)"}</a></li>
    % endfor
  </ol>
  % elif search is not None:
  <p class="mn-panel__body mn-muted">${"No line of this part holds it." if "before" in request.GET else f"No line of the last {show.size(search.data.get('size', 0) - before)} holds it." if before else "No line of this file holds it."}</p>
  % endif
  % if before:
  <p class="mn-panel__body"><a class="btn btn-sm btn-outline-secondary" href="${here({'before': before})}">${parts.icon("search")} Search the ${show.size(before)} before that</a></p>
  % endif
</section>
</%def>
