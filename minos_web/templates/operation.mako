<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="lists" file="/lists.mako"/>
<%namespace name="spreads" file="/spread_parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('operations'), "Operations")}${parts.here(title)}</%block>
<%
    cluster = operation.cluster
    chosen = operation.selection or {}
    scope = ", ".join(
        f"{name[:-1] if len(values) == 1 else name} {', '.join(str(v) for v in values)}"
        for name, values in (("jobs", chosen.get("jobs") or []), ("tasks", chosen.get("tasks") or []), ("hosts", chosen.get("hosts") or []))
        if values
    )
    bar = {"changing": "--changing", "done": "--done", "failed": "--failed", "paused": "--paused"}.get(badge.kind, "")
%>
<div class="mn-stack" id="operation"\
% if open:
 hx-get="${request.current_route_path()}" hx-select="#operation" hx-trigger="every 1s" hx-swap="outerMorph"\
% endif
>
<header class="mn-head">
  <div class="mn-head__text">
    <p class="mn-head__kind">Operation ${operation.id}</p>
    <h1 class="mn-head__title"><span>${lists.what(operation)}</span> ${parts.status(badge, large=True, since=False)}</h1>
    <p class="mn-head__sub">${about}${f" · {scope or 'the whole cluster'}" if cluster else ""} · by ${operation.created_by}\
% if schedule:
, as <a href="${request.route_path('schedule', id=schedule.id)}">${schedule.name}</a> says\
% endif
, ${parts.age(operation.created_at)} ${f"· configuration revision {operation.config_revision}" if cluster else ""}${f" · package {package.name} ({package.revision})" if package else ""}</p>
  </div>
  % if controls or way_back:
  <div class="mn-head__actions">
    % if way_back:
    <a class="btn btn-outline-secondary" href="${way_back}">${parts.icon("retry")} Go back…</a>
    % endif
    % for verb, text in controls:
    <form method="post" action="${request.route_path('operation_control', id=operation.id, verb=verb)}">${parts.csrf()}<button class="btn ${'btn-outline-danger' if verb == 'cancel' else 'btn-primary' if verb in ('retry', 'resume') else 'btn-outline-secondary'}">${parts.icon(verb)} ${text}</button></form>
    % endfor
  </div>
  % endif
</header>

% if operation.options.get("reason"):
${parts.why("info", show.sentence(operation.options["reason"]))}
% endif
% if badge.kind == "failed":
${parts.why("down", operation.message or "A step failed.")}
% elif operation.message:
${parts.why("degraded" if badge.kind == "paused" and counts.get("failed") else "info", operation.message)}
% endif
% if counts.get("unknown"):
${parts.why("unknown", f"{show.count(counts['unknown'], 'step')} got no answer in time. Whether it was done is not known; it settles when the worker is back.")}
% endif

<section class="mn-op" aria-label="Progress">
  <div class="mn-op__bar mn-op__bar--plain">
    <progress class="mn-progress${' mn-progress' + bar if bar else ''}" value="${ended}" max="${total or 1}" aria-label="Steps ended">${ended} of ${total} steps</progress>
    <span class="mn-op__count">${counts["done"]} of ${show.count(total, "step")} done${"".join(f" · {counts[state]} {state}" for state in ("failed", "skipped", "cancelled") if counts[state])}${f" · {counts['running'] + counts['sent']} under way" if counts["running"] + counts["sent"] else ""}</span>
    <span class="mn-op__time">${"running for" if open and operation.started_at else "waiting for" if open else "took"} ${show.duration(elapsed)}</span>
  </div>
  <ol class="mn-waves">
    % for wave in waves:
    ${wave_item(wave)}
    % endfor
  </ol>
  % if not waves:
  <p class="mn-muted">It has no steps.</p>
  % endif
</section>
% if spread:
${spreads.panel(spread, package, "How the package spreads" if open else "How the package spread")}
% endif
</div>

<%def name="wave_item(wave)">
<li class="mn-wave mn-wave--${wave.kind}${' mn-wave--always' if wave.always else ''}" id="wave-${wave.number}">
  <details${' open' if wave.open or wave.total <= 12 else ''}><summary class="mn-wave__head"><span class="mn-wave__no">${wave.number + 1}</span><span class="mn-wave__title">${wave.name}</span><span class="mn-wave__count">${wave.tally}</span>
    <ul class="mn-blocks" aria-hidden="true">
    % for kind, title in wave.blocks:
    ${parts.block(kind, title)}
    % endfor
    </ul></summary>
  <ul class="mn-steps">
    % for line in wave.lines:
    ${step_item(line)}
    % endfor
    % if wave.hidden:
    <li class="mn-step mn-muted">and ${wave.hidden} more: <a href="${request.current_route_path(_query={'all': '1'})}">show every step</a></li>
    % endif
  </ul></details>
</li>
</%def>

<%def name="step_item(line)">
<%
    step = line.step
    place = {"service": operation.cluster.service, "cluster": operation.cluster.name, "job": step.task.job, "number": step.task.number} if step.task and operation.cluster else None
%>
<li class="mn-step" id="step-${step.id}">
  ${parts.status(line.badge, since=False)}
  <span class="mn-step__what">\
% if place:
<a href="${request.route_path('task', **place)}">${step.task.job}/${step.task.number}</a> <span class="mn-muted">${step.verb} on ${step.task.address}</span>\
% elif step.args.get("host"):
<a href="${request.route_path('host', name=step.args['host'])}">${step.args["host"]}</a> <span class="mn-muted">${step.verb}</span>\
% else:
${step.label}\
% endif
</span>
  <span class="mn-step__msg">${step.message}\
% if step.fraction is not None and step.state in ("sent", "running"):
 <progress class="mn-progress mn-progress--changing" max="1" value="${step.fraction}">${round(step.fraction * 100)} %</progress>\
% endif
% if step.passed_over and step.state in ("failed", "cancelled"):
 <span class="mn-muted">left behind</span>\
% endif
% if step.attempt > 1:
 <span class="mn-muted">attempt ${step.attempt}</span>\
% endif
</span>
  <span class="mn-step__time">\
% if line.took is not None:
${show.duration(line.took)}\
% elif step.sent_at:
<time data-age="short" datetime="${show.iso(step.sent_at)}">${show.utc(step.sent_at)}</time>\
% endif
</span>
  % if step.verb == "gate" and step.data.get("facts"):
  ${facts(step)}
  % elif step.output:
  <details class="mn-step__out" id="output-${step.id}"><summary>Output</summary><pre class="mn-code" tabindex="0">${step.output}</pre></details>
  % endif
</li>
</%def>

<%def name="facts(step)">
<details class="mn-step__out" id="facts-${step.id}"${" open" if step.state in ("running", "failed") else ""}><summary>Facts</summary>
  <ul class="mn-facts">
  % for fact in step.data["facts"]:
    <li class="mn-facts__item${'' if fact["holds"] else ' mn-facts__item--not'}">${parts.icon("status-done" if fact["holds"] else "error")}<span class="visually-hidden">${"Holds:" if fact["holds"] else "Does not hold:"}</span> <span>${fact["title"]} <span class="mn-muted">${fact["found"]}</span></span></li>
  % endfor
  </ul>
</details>
</%def>
