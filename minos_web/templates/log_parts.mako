## What log and host pages say of log files and cleared output.
<%namespace name="parts" file="/parts.mako"/>

## ``told`` is a minos_web.views.log_files.Told or None; ``file`` the log that the page shows.
<%def name="told_of(told, file='')">
% if told is not None:
<div id="told"\
% if not told.is_over:
 hx-get="${request.current_route_path(_query=list(request.GET.items()))}" hx-select="#told" hx-trigger="every 1s" hx-swap="outerMorph"\
% endif
>
% if told.is_file:
${_file(told, file)}
% else:
<div class="mn-flash mn-flash--${'info' if told.kind == 'changing' else told.kind}" role="${'alert' if told.kind == 'danger' else 'status'}">${parts.icon({"danger": "error", "changing": "status-changing"}.get(told.kind, told.kind))}<p>${told.words}</p></div>
% endif
</div>
% endif
</%def>

<%def name="_file(told, file)">
<% name = told.step.data.get("name") or told.step.args["name"] or "newest stdout" %>
<section class="mn-panel" aria-labelledby="told-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="told-title">Download</h2><p class="mn-panel__note mn-mono">${name}</p></header>
  <div class="mn-panel__body mn-fetch">
  % if told.ready:
    <p role="status">${parts.icon("success")} All ${show.size(told.size)} are here, as they were ${parts.age(told.step.sent_at)}.</p>
    <a class="btn btn-sm btn-primary" href="${request.route_path('api_log_file_bytes', id=told.step.id)}" download data-save-now>${parts.icon("download")} Save</a>
  % elif told.is_over:
    <p role="${'alert' if told.kind == 'danger' else 'status'}">${parts.icon("error" if told.kind == "danger" else "info")} ${told.words}</p>
    <button class="btn btn-sm btn-outline-secondary" form="log-fetch" name="name" value="${told.step.args['name']}">${parts.icon("retry")} Download again</button>
  % else:
    <p role="status">${told.words or f"{show.size(told.have)} of {show.size(told.size)} are here; it can be saved when all of it is"}</p>
    <progress class="mn-progress" aria-label="Download"${f' value="{told.have}" max="{told.size or 1}"' if told.have else '' | n}></progress>
    % if told.may_cancel:
    <form method="post" action="${request.route_path('log_file_cancel', id=told.step.id)}">${parts.csrf()}<input type="hidden" name="file" value="${file}"><button class="btn btn-sm btn-outline-secondary">${parts.icon("cancel")} Cancel</button></form>
    % endif
  % endif
  </div>
</section>
</%def>

## One dialog for all tasks of a page: what opens it says which (confirm.js). ``back`` is host or log.
<%def name="clear_dialog(back, action='', name='', file='')">
<dialog class="mn-dialog mn-dialog--danger" id="clear-dialog" aria-labelledby="clear-title">
  <form method="post" action="${action}">${parts.csrf()}<input type="hidden" name="back" value="${back}"><input type="hidden" name="file" value="${file}">
    <header class="mn-dialog__head"><h2 class="mn-dialog__title" id="clear-title">Clear the output of <span data-dialog-fill>${name}</span>?</h2></header>
    <div class="mn-dialog__body">
      <p>All that it wrote to its standard output so far is deleted on its host, older files too. It goes on running and writing. What the service logs by itself, below log/, stays.</p>
    </div>
    <footer class="mn-dialog__foot"><button type="button" class="btn btn-outline-secondary" data-dialog-close>Keep it</button><button class="btn btn-danger">Clear output</button></footer>
  </form>
</dialog>
</%def>
