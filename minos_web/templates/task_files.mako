<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="th" file="/task_head.mako"/>
<%block name="crumbs">${th.crumbs("Files")}</%block>
<div class="mn-stack">
${th.head("files")}
<p class="mn-muted">What a start with the configuration of today would bring to the host. <a href="${request.route_path('config_file', path=config_path)}">Edit the description</a></p>
% if error:
<div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>These files cannot be made: ${error}</p></div>
% endif
% if rendered is not None:
% for number, (name, text) in enumerate(sorted(rendered.files.items())):
<section class="mn-file" id="file-${number}"><header class="mn-file__head">${parts.icon("file")} <span class="mn-file__name">${name}</span><button class="mn-iconbtn" type="button" data-copy="#code-${number}" aria-label="Copy ${name}" title="Copy">${parts.icon("copy")}</button></header><pre class="mn-code" id="code-${number}" tabindex="0">${text or "(empty)"}</pre></section>
% endfor
% endif
</div>
