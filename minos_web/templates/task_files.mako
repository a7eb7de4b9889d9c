<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="th" file="/task_head.mako"/>
<%namespace name="how" file="/running_parts.mako"/>
<%namespace name="drifting" file="/drift_parts.mako"/>
<%block name="crumbs">${th.crumbs("Files")}</%block>
<div class="mn-stack">
${th.head("files")}
<div class="mn-stack" id="files"\
% if asking:
 hx-get="${request.current_route_path()}" hx-select="#files" hx-trigger="every 1s" hx-swap="outerMorph"\
% endif
>
<div class="mn-filters">
  <p class="mn-muted mn-filters__note">What a start with the configuration of now would bring to the host. <a href="${request.route_path('config_file', path=config_path)}">Edit the description</a></p>
  % if asking:
  <span class="mn-chip mn-chip--accent">${parts.icon("status-changing")} reading the host's files</span>
  % elif task.host_id:
  <a class="btn btn-sm btn-outline-secondary" href="${request.route_path('task_files', _query={'disk': '1'}, **place)}">${parts.icon("compare")} Compare with the host</a>
  % endif
</div>
% if disk_error:
<div class="mn-flash mn-flash--warning" role="alert">${parts.icon("warning")}<p>The host's files could not be read: ${disk_error}</p></div>
% endif
% if drift_rows:
${drifting.panel(drift_rows, place, ignore_hours)}
% endif
% if error:
<div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>These files cannot be made: ${error}</p></div>
% endif
% if rendered is not None:
<% start = rendered.task.start %>
<section class="mn-panel" aria-labelledby="command-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="command-title">Command</h2><p class="mn-panel__note">at configuration revision ${rendered.revision}</p></header>
  <div class="mn-panel__body"><dl class="mn-kv">
    <dt>Program</dt><dd class="mn-mono">${start.program or "the host's java"}</dd>
    <dt>Class path</dt><dd class="mn-mono">${":".join(start.class_path) or "–"}</dd>
    <dt>JVM arguments</dt><dd class="mn-mono">${" ".join(start.jvm_args) or "–"}</dd>
    <dt>System properties</dt><dd class="mn-mono">${" ".join(start.system_properties) or "–"}</dd>
    <dt>Main entry</dt><dd class="mn-mono">${" ".join([*start.main_entry, *start.extra_args]) or "–"}</dd>
    % if start.environment:
    <dt>Environment</dt><dd class="mn-mono">${" ".join(f"{key}={value}" for key, value in sorted(start.environment.items()))}</dd>
    % endif
    % for title, counts, where in limits:
    <dt>${title}</dt><dd>${counts} <span class="mn-muted">(${how.written(where, "nothing said in the description")})</span></dd>
    % endfor
  </dl></div>
</section>
% for number, (name, text) in enumerate(sorted(rendered.task.files.items())):
<section class="mn-file" id="file-${number}"><header class="mn-file__head">${parts.icon("file")} <a class="mn-file__name" href="${request.route_path('task_file', name=name, **place)}" title="Where each line comes from">${name}</a>\
% if disk_files is not None:
 ${on_disk(name, text)}\
% endif
<button class="mn-iconbtn" type="button" data-copy="#code-${number}" aria-label="Copy ${name}" title="Copy">${parts.icon("copy")}</button></header><pre class="mn-code" id="code-${number}" tabindex="0">${text or "(empty)"}</pre></section>
% endfor
% endif
</div>
</div>

<%def name="on_disk(name, text)">\
% if name not in disk_files:
<span class="mn-chip mn-chip--drifted">not on the host</span>\
% elif disk_files[name] == text:
<span class="mn-chip">same on the host</span>\
% else:
<span class="mn-chip mn-chip--outdated">${parts.icon("status-outdated")} different on the host</span>\
% endif
</%def>
