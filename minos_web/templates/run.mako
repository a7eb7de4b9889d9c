<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.way(cluster)}${parts.crumb(request.route_path('cluster_shell', service=cluster.service, cluster=cluster.name), "Shell")}${parts.here(f"Run {run.id}")}</%block>
<%
    at = {"service": cluster.service, "cluster": cluster.name}
    here = request.route_path("run", id=run.id)
    def does(verb): return request.route_path("run_control", id=run.id, verb=verb)
%>
<div class="mn-stack">
<header class="mn-head" id="run-head"\
% if not over:
 hx-get="${here}" hx-select="#run-head" hx-trigger="every 1s" hx-swap="outerMorph"\
% endif
>
  <div class="mn-head__text">
    <p class="mn-head__kind">${service_title} ${cluster.name} · run ${run.id}</p>
    <h1 class="mn-head__title"><code class="mn-shell__line">${run.command} ${run.words}</code> ${parts.status(run_badge, large=True, since=False)}</h1>
    <p class="mn-head__sub">on ${run.step.args.get("host", "")} · by ${run.created_by}, ${parts.age(run.created_at)} · ${"took" if over else "for"} ${show.duration(elapsed)}${f" · with {', '.join(one['name'] for one in run.files)}" if run.files else ""}</p>
    % if over and run.step.message and run_badge.word not in ("exit 0",):
    ${parts.why("down" if run.step.state == "failed" else "info", show.sentence(run.step.message))}
    % endif
  </div>
  <div class="mn-head__actions">
    % if not over:
    <form method="post" action="${does('cancel')}">${parts.csrf()}<button class="btn btn-outline-danger">${parts.icon("cancel")} End it</button></form>
    % else:
    <a class="btn btn-primary" href="${request.route_path('cluster_shell', _query={'command': run.command, 'words': run.words, 'host': run.step.args.get('host', '')}, **at)}">${parts.icon("retry")} Again…</a>
    <a class="btn btn-outline-secondary" href="${request.route_path('run_text', id=run.id)}">${parts.icon("download")} Download</a>
    % endif
  </div>
</header>
<section class="mn-log mn-log--tall" id="run-log" data-log-url="${request.route_path('run_output', id=run.id)}" data-log-interval="0.4" data-log-title="${run.command}" aria-label="Output of ${run.command} ${run.words}"></section>
% if reads and mine and not over:
<form class="mn-line" id="run-line" method="post" action="${does('lines')}" data-run-line="run-log" data-submit-many>
  ${parts.csrf()}
  <label class="mn-line__mark" for="text" title="A line for ${run.command}">&gt;<span class="visually-hidden">A line for ${run.command}</span></label>
  <input class="form-control mn-mono" id="text" name="text" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="16000" placeholder="a line for ${run.command}; what is typed is kept" autofocus>
  <button class="btn btn-primary">Send</button>
  <button class="btn btn-outline-secondary" name="end" value="1" title="There is no more to read (Ctrl-D)">End of input</button>
</form>
% endif
% if run.typed:
<details class="mn-more"><summary>What it was given to read: ${show.count(len(run.typed), "line")}</summary>
  <pre class="mn-code" tabindex="0">${"\n".join(one["text"] + (" (end of input)" if one["end"] else "") + (f"   [not given: {lost[one['step']]}]" if one["step"] in lost else "") for one in run.typed)}</pre>
</details>
% endif
% if over and request.may("operate", f"{cluster.service}/*"):
<details class="mn-more"><summary>Keep this command under a name</summary>
  <form class="mn-inline" method="post" action="${does('save')}">${parts.csrf()}
    <label class="visually-hidden" for="name">Name</label>
    <input class="form-control form-control-sm" id="name" name="name" maxlength="64" placeholder="name" required>
    <button class="btn btn-sm btn-outline-secondary">${parts.icon("save")} Keep</button>
    <span class="mn-muted">for everybody, on every ${service_title} cluster</span>
  </form>
</details>
% endif
</div>
