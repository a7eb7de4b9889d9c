## Parts of the page of an operation: progress, failures by cause, steps, log beside them, plan, what happened.
<%namespace name="parts" file="/parts.mako"/>

<%def name="progress()">
<% bar = {"changing": "--changing", "done": "--done", "failed": "--failed", "paused": "--paused"}.get(badge.kind, "") %>
<section class="mn-op" aria-label="Progress">
  <div class="mn-op__bar mn-op__bar--plain">
    <progress class="mn-progress${' mn-progress' + bar if bar else ''}" value="${ended}" max="${total or 1}" aria-label="Steps ended">${ended} of ${total} steps</progress>
    <span class="mn-op__count">${f"{counts['done']:,}"} of ${show.count(total, "step")} done${"".join(f" · {counts[state]:,} {state}" for state in ("failed", "skipped", "cancelled") if counts[state])}${f" · {counts['running'] + counts['sent']:,} under way" if counts["running"] + counts["sent"] else ""}</span>
    <span class="mn-op__time">\
% if open:
${"running for" if operation.started_at else "waiting for"} <time data-age="short" datetime="${show.iso(operation.started_at or operation.created_at)}">${show.utc(operation.started_at or operation.created_at)}</time>\
% else:
took ${show.duration(operation.ended_at - (operation.started_at or operation.created_at) if operation.ended_at else None)}\
% endif
</span>
  <dl class="mn-facts mn-op__facts">
    % if open and wave_now:
    <div><dt>Wave</dt><dd>${f"{wave_now:,}"} <span class="mn-facts__of">of ${f"{wave_count:,}"}</span></dd></div>
    % endif
    % if open and eta:
    <div><dt>Time left</dt><dd>${eta.words.partition(", ")[0]}<span class="mn-facts__of">, ${eta.words.partition(", ")[2]}</span></dd></div>
    % endif
    % if tolerated:
    <div><dt>Failures borne</dt><dd>${failed_tasks} <span class="mn-facts__of">of ${show.count(tolerated, "task")}</span></dd></div>
    % endif
    % if operation.options.get("parallel"):
    <div><dt>Together</dt><dd>${operation.options["parallel"]} <span class="mn-facts__of">steps at most</span></dd></div>
    % endif
    % if looks:
    <div><dt>Looks at facts</dt><dd>${looks}</dd></div>
    % endif
  </dl>
  </div>
</section>
</%def>

<%def name="failures()">
<section class="mn-panel" aria-labelledby="causes-title" id="causes">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="causes-title">${in_ways(counts["failed"], len(causes))}</h2></header>
  <ul class="mn-causes">
    % for cause in causes[:20]:
    <li class="mn-cause" id="cause-${cause.key}">
      <span class="mn-count mn-count--down">${f"{cause.count:,}"}</span>
      <div class="mn-cause__text"><p class="mn-cause__pattern">${cause.pattern or "without a message"}</p>
      <p class="mn-muted">${", ".join(cause.places)}${f" and {cause.more:,} more" if cause.more else ""}</p>
      % if cause.example and cause.example != cause.pattern:
      <p class="mn-muted">for example <q>${cause.example[:300]}</q></p>
      % endif
      </div>
      <div class="mn-cause__actions">
        <a class="btn btn-sm btn-outline-secondary" href="${address(wave='', state='', q='', cause=cause.key)}#steps">Show ${"it" if cause.count == 1 else "them"}</a>
        % if may_retry:
        <form method="post" action="${request.route_path('operation_control', id=operation.id, verb='retry')}">${parts.csrf()}<input type="hidden" name="cause" value="${cause.key}"><button class="btn btn-sm btn-outline-primary">${parts.icon("retry")} Retry just ${"this one" if cause.count == 1 else f"these {cause.count:,}"}</button></form>
        % endif
      </div>
    </li>
    % endfor
    % if len(causes) > 20:
    <li class="mn-cause mn-muted">and ${len(causes) - 20} more ways: <a href="${address(state='failed', cause='')}#steps">show all that failed</a></li>
    % endif
  </ul>
</section>
</%def>

<%def name="steps()">
<section class="mn-op__steps" aria-label="Steps" id="steps">
  % if total > 12 or wanted.any:
  <form class="mn-filters" method="get" action="${request.route_path('operation', id=operation.id)}" role="search">
    % for name, number in choices.items():
    <a class="mn-chip mn-chip--link" aria-current="${'true' if name == wanted.state and not wanted.cause else 'false'}" href="${address(state=name, cause='')}#steps">${name.capitalize() or "All"} ${f"{number:,}"}</a>
    % endfor
    <label class="visually-hidden" for="q">Task or host</label><input class="form-control form-control-sm" type="search" id="q" name="q" maxlength="200" placeholder="Task or host" value="${wanted.text}" autocomplete="off" spellcheck="false">
    % if wanted.wave is not None:
    <input type="hidden" name="wave" value="${wanted.wave}">
    % endif
    % if wanted.state:
    <input type="hidden" name="state" value="${wanted.state}">
    % endif
    <button class="btn btn-sm btn-outline-secondary">${parts.icon("search")} Find</button>
    % if wanted.any:
    <a class="btn btn-sm btn-link" href="${address(wave='', state='', q='', cause='')}">Back to the waves</a>
    % endif
  </form>
  % endif
  % if found is not None:
  ${found_steps()}
  % else:
  <ol class="mn-waves">
    % for wave in waves:
    ${wave_item(wave)}
    % endfor
  </ol>
  % if not waves:
  <p class="mn-muted">It has no steps.</p>
  % endif
  % endif
  % if waves_page.pages > 1 and found is None:
  <nav class="mn-pager" aria-label="Pages of waves">
    <span class="mn-muted">waves ${f"{waves_page.first:,}–{waves_page.last:,} of {waves_page.total:,}"}</span>
    % if waves_page.number > 1:
    <a class="btn btn-sm btn-outline-secondary" rel="prev" href="${address(waves=waves_page.number - 1)}#steps">${parts.icon("arrow-left")} Earlier waves</a>
    % endif
    % if waves_page.number < waves_page.pages:
    <a class="btn btn-sm btn-outline-secondary" rel="next" href="${address(waves=waves_page.number + 1)}#steps">Later waves ${parts.icon("arrow-right")}</a>
    % endif
  </nav>
  % endif
</section>
</%def>

<%def name="found_steps()">
<%
    named = operation.wave_names
    whose = (
        "that failed in one way" if wanted.cause else
        f"of wave {wanted.wave + 1}{f', {named[wanted.wave]}' if wanted.wave < len(named) else ''}" if wanted.wave is not None else "of all waves"
    )
%>
<div class="mn-panel" id="found">
  <header class="mn-panel__head"><h2 class="mn-panel__title">${show.count(found.total, f"{wanted.state if not wanted.cause else ''} step".strip())}</h2><p class="mn-panel__note">${whose}${f", with “{wanted.text}”" if wanted.text and not wanted.cause else ""}</p></header>
  % if found.items:
  <ul class="mn-steps mn-steps--found">
    % for one in found.items:
    ${step_item(one)}
    % endfor
  </ul>
  <div class="mn-panel__body">${parts.pager(found, "steps")}</div>
  % else:
  <p class="mn-panel__body mn-muted">No step is like this${"; nothing failed in that way any more" if "cause" in request.GET and not wanted.cause else ""}. <a href="${address(wave='', state='', q='', cause='')}">Back to the waves</a></p>
  % endif
</div>
</%def>

<%def name="wave_item(wave)">
<li class="mn-wave mn-wave--${wave.kind}${' mn-wave--always' if wave.always else ''}" id="wave-${wave.number}">
  <details${' open' if wave.open else ''}><summary class="mn-wave__head"><span class="mn-wave__no">${wave.number + 1}</span><span class="mn-wave__title">${wave.name}</span><span class="mn-wave__count">${wave.tally}</span>
    <ul class="mn-blocks" aria-hidden="true">
    % for kind, title in wave.blocks:
<li class="mn-block mn-block--${kind}" title="${title}"></li>\
    % endfor
    </ul></summary>
  <ul class="mn-steps">
    % for one in wave.lines:
    ${step_item(one)}
    % endfor
    % if wave.hidden:
    <li class="mn-step mn-step--more mn-muted">${f"and {wave.hidden:,} more: " if wave.lines else ""}<a href="${address(wave=wave.number, state='', q='', cause='')}#steps">show ${"every step" if wave.lines else f"its {wave.total:,} steps"}</a></li>
    % endif
  </ul></details>
</li>
</%def>

<%def name="step_item(one)">
<%
    step = one.step
    place = {"service": operation.cluster.service, "cluster": operation.cluster.name, "job": step.task.job, "number": step.task.number} if step.task and operation.cluster else None
    output = request.route_path("operation_output", id=operation.id, step=step.id)
%>
<li class="mn-step" id="step-${step.id}">
  ${parts.status(one.badge, since=False)}
  <span class="mn-step__what">\
% if place:
<a href="${request.route_path('task', **place)}">${step.task.job}/${step.task.number}</a> <span class="mn-muted">${step.verb} on ${one.row.host or step.task.address}</span>\
% elif step.args.get("host"):
${parts.on_all(request.route_path('host', name=step.args['host']), step.args["host"])} <span class="mn-muted">${step.verb}</span>\
% else:
${step.label}\
% endif
</span>
  <span class="mn-step__msg">${one.message}\
% if step.fraction is not None and step.state in ("sent", "running"):
 <progress class="mn-progress mn-progress--changing" max="1" value="${step.fraction}">${round(step.fraction * 100)} %</progress>\
% endif
% if step.passed_over and step.state in ("failed", "cancelled"):
 <span class="mn-muted">left behind</span>\
% endif
% if step.attempt > 1:
 <span class="mn-muted">attempt ${step.attempt}</span>\
% endif
% if place and step.task.host_id and step.sent_at:
 <a class="mn-step__log" href="${address(log=step.id)}#log-title" aria-label="Log of ${step.task.job}/${step.task.number}">Log</a>\
% endif
</span>
  <span class="mn-step__time">\
% if one.took is not None:
<span title="${show.utc(step.sent_at)} to ${show.utc(step.ended_at)}">${show.duration(one.took)}</span>\
% elif step.sent_at:
<time data-age="short" datetime="${show.iso(step.sent_at)}">${show.utc(step.sent_at)}</time>\
% endif
</span>
  % if step.verb == "gate" and one.row.evidence.get("facts"):
  ${facts(one)}
  % elif one.row.output_size:
  <details class="mn-step__out" id="output-${step.id}"><summary>Output <span class="mn-muted">${f"{one.row.output_size:,}"} characters</span></summary><div class="mn-log mn-log--output" data-log-later="${output}" data-log-static data-log-title="${step.label}" data-log-raw="${output}?whole=1"><a class="mn-log__btn" href="${output}?whole=1">Raw</a></div></details>
  % endif
</li>
</%def>

<%def name="facts(one)">
<% step, evidence = one.step, one.row.evidence %>
<details class="mn-step__out" id="facts-${step.id}"${" open" if step.state in ("running", "failed") else ""}><summary>Facts</summary>
  <ul class="mn-facts">
  % for fact in evidence["facts"]:
    <li class="mn-facts__item${'' if fact["holds"] else ' mn-facts__item--not'}">${parts.icon("status-done" if fact["holds"] else "error")}<span class="visually-hidden">${"Holds:" if fact["holds"] else "Does not hold:"}</span> <span>${fact["title"]} <span class="mn-muted">${fact["found"]}</span></span></li>
  % endfor
  </ul>
  % if evidence.get("held_since"):
  <p class="mn-muted">All of them hold since ${show.utc(evidence["held_since"])}.</p>
  % elif step.ended_at and step.state == "failed":
  <p class="mn-muted">As found at ${show.utc(step.ended_at)}.</p>
  % endif
</details>
</%def>

<%def name="log_drawer()">
<% task = drawer.task %>
<aside class="mn-panel mn-drawer" aria-labelledby="log-title" id="drawer">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="log-title" tabindex="-1">Log of ${task.job}/${task.number}</h2>
    <div class="mn-panel__actions"><a class="mn-iconbtn" href="${address(log='')}#step-${drawer.step.id}" aria-label="Close the log" title="Close">${parts.icon("close")}</a></div>
  </header>
  <p class="mn-panel__body mn-drawer__links"><a href="${request.route_path('task_log', _query={'file': drawer.file}, **drawer.place)}">All its logs</a>\
% if drawer.minute:
 · <a href="${request.route_path('task_log', _query={'file': drawer.file, 'q': drawer.minute}, **drawer.place)}" title="Lines of that minute; logs that are not written in UTC have another hour">Lines of ${drawer.minute} UTC, when ${drawer.step.verb} ended</a>\
% endif
</p>
  <section class="mn-log" id="log-${drawer.step.id}" data-log-url="${request.route_path('task_log_chunk', _query={'file': drawer.file}, **drawer.place)}" data-log-title="${drawer.file or 'newest stdout'}" aria-label="${drawer.file or 'Newest output'} of ${task.job}/${task.number}"></section>
</aside>
</%def>

<%def name="beside_plan()">
<details class="mn-panel mn-plan" id="beside-plan">
  <summary class="mn-panel__head"><h2 class="mn-panel__title">Planned, and what happened</h2><p class="mn-panel__note">${show.count(wave_count, "wave")}, ${show.count(total, "step")}; as planned: ${sum(not one.notes for one in planned)} of ${show.count(len(planned), "wave")}\
% if waves_page.pages > 1:
 on this page\
% endif
</p></summary>
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Every wave as it was planned at submission, and what happened</caption>
    <thead><tr><th scope="col">Wave</th><th scope="col">Planned</th><th scope="col">Happened</th><th scope="col">Began</th><th scope="col" class="mn-num">Took</th><th scope="col">Otherwise than planned</th></tr></thead>
    <tbody>
    % for one in planned:
    <tr>
      <th scope="row" data-label="Wave"><span>${one.wave.number + 1} <a href="#wave-${one.wave.number}">${one.wave.name}</a></span></th>
      <td data-label="Planned">${one.planned}${", in any case" if one.wave.always else ""}</td>
      <td data-label="Happened">${one.happened}</td>
      <td data-label="Began">${"–" if one.wave.began is None else "+" + show.duration(one.wave.began - (operation.started_at or operation.created_at))}</td>
      <td data-label="Took" class="mn-num">${show.duration(one.took)}</td>
      <td data-label="Otherwise">${"; ".join(one.notes) or "–"}</td>
    </tr>
    % endfor
    </tbody>
  </table></div>
</details>
</%def>

<%def name="happenings()">
<section class="mn-panel" aria-labelledby="events-title" id="events">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="events-title">What happened</h2><p class="mn-panel__note">newest first</p></header>
  <ol class="mn-timeline mn-panel__body">
  % for event in events:
    <li class="mn-timeline__item mn-timeline__item--${TONES.get(event.kind, event.kind)}">
      ${parts.age(event.at)}
      <p>\
% if event.who:
<b>${event.who}</b> \
% endif
% if event.step:
<a href="${address(log='')}#step-${event.step}">${event.text}</a>\
% else:
${event.text}\
% endif
% if event.detail:
 <span class="mn-muted">${event.detail[:400]}</span>\
% endif
</p>
    </li>
  % endfor
  </ol>
</section>
</%def>

<%!
from minos_web.operations.causes import in_ways

TONES = {"failed": "down", "done": "running", "paused": "degraded", "waiting": "stopped", "cancelled": "stopped"}
%>
