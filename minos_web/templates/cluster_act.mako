<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="differing" file="/differences.mako"/>
<%namespace name="way" file="/act_way.mako"/>
<%namespace name="planned" file="/plan_parts.mako"/>
<%block name="crumbs">${parts.way(cluster)}${parts.here(act.verb.removesuffix(" of"))}</%block>
<%
    at = {"service": cluster.service, "cluster": cluster.name}
    here = request.route_path("cluster_act", action=act.name, **at)
    here_now = request.route_path("cluster_act", action=act.name, _query=[(name, value) for name in ("job", "host", "task") for value in sorted(ticked[name]) if value], **at)
    whole = len(chosen) == len(rows)
    nothing = act.chooses and not chosen
    tasks_text = show.count(len(chosen), "task")
    broken = any(risk.breaks for risk in risks)
    error_of = lambda name: refused.message if refused and refused.field == name else ""
    blocked = bool(running) or (broken and not may_override) or trouble is not None or (plan is None and refused is not None)
    sent = [(name, value) for name in ("job", "host", "task") for value in sorted(ticked[name]) if value]
%>
<div class="mn-stack mn-narrow" id="act" data-arrived="What would happen is worked out: ${act.verb.lower()} ${"the whole cluster" if whole else tasks_text}.">
<header class="mn-head"><div class="mn-head__text">
  <p class="mn-head__kind">${service_title} cluster ${cluster.name}</p>
  <h1 class="mn-head__title">${act.verb} ${"which tasks" if nothing else "the whole cluster" if whole else tasks_text}?</h1>
  <p class="mn-head__sub">${act.means}${f" Back to what was there before operation {given['back_to']}." if given.get("back_to") else ""}</p>
</div></header>

<div id="busy"\
% if busy or running:
 hx-get="${here_now}" hx-select="#busy" hx-trigger="every 3s" hx-swap="outerMorph"\
% endif
>
% if busy or running:
<% other = busy or running.operation.id %>
<div class="mn-flash mn-flash--warning" role="alert">${parts.icon("warning")}<p>Another operation is open on this cluster: <a href="${request.route_path('operation', id=other)}">operation ${other}</a>. Wait until it ends, or cancel it there. One cluster, one operation at a time.</p></div>
% elif frame.partial:
<div class="mn-flash mn-flash--success" role="status">${parts.icon("success")}<p>The other operation has ended. <a href="${here_now}">Look again at what would happen now</a></p></div>
% endif
</div>
% if refused and not (busy or running):
<div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>${show.sentence(refused.message)}</p></div>
% endif
% if trouble and (not busy or trouble.code == "brake"):
<div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>${show.sentence(trouble.message)}\
% if trouble.code == "bad-config":
 <a href="${request.route_path('config_file', path=config_path)}">Open the description</a>\
% elif trouble.code == "no-package":
 <a href="${request.route_path('packages')}">Go to the packages</a>\
% elif trouble.code in ("host-missing", "host-pending", "host-lost") and frame.sees_all:
 <a href="${request.route_path('hosts')}">Go to the hosts</a>\
% endif
</p></div>
% endif

<div class="mn-stack" id="risks">
% for risk in risks:
<div class="mn-flash mn-flash--${'danger' if risk.breaks else 'warning'}" role="note">${parts.icon("error" if risk.breaks else "warning")}<p>${risk.text}${"" if not risk.breaks else " Not done unless you say below that it is to be done all the same." if may_override else " Only an administrator may do this all the same."}</p></div>
% endfor
</div>
% if cautions:
<section class="mn-panel" aria-labelledby="cautions-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="cautions-title">Worth a look first</h2><p class="mn-panel__note">${show.count(len(cautions), "warning")}</p></header>
  <div class="mn-panel__body">${parts.problems_of_files(cautions)}</div>
</section>
% endif
<section class="mn-panel" aria-labelledby="scope-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="scope-title">On what</h2>
    <p class="mn-panel__note">${f"all {tasks_text}" if whole else f"{len(chosen)} of {show.count(len(rows), 'task')}"} on ${show.count(len({row.task.address for row in chosen}), "host")}</p></header>
  <div class="mn-panel__body">
    <ul class="mn-blocks" aria-label="Chosen tasks">
      % for row in chosen[:200]:
      ${parts.block(row.badge.kind, f"{row.task.job}/{row.task.number} on {row.task.address}: {row.badge.word}")}
      % endfor
    </ul>
    % if not whole:
    <p class="mn-muted">${", ".join(f"{row.task.job}/{row.task.number}" for row in chosen[:12])}${f" and {len(chosen) - 12} more" if len(chosen) > 12 else ""}</p>
    % endif
    <details class="mn-more"${" open" if nothing else ""}>
      <summary>${"Choose" if nothing else "Choose other"} jobs, hosts or tasks</summary>
      <form class="mn-form" method="get" action="${here}">
        % if len(jobs) > 1:
        ${choice("Jobs", "job", [(job, job) for job in jobs], ticked["job"])}
        % endif
        ${choice("Hosts", "host", [(host, host) for host in hosts], ticked["host"])}
        ${choice("Tasks", "task", [(f"{row.task.job}/{row.task.number}", f"{row.task.job}/{row.task.number} on {row.task.address}") for row in offered[:500]], ticked["task"])}
        <p class="mn-field__help">${"Tick jobs, hosts or tasks; a list with nothing ticked narrows nothing." if act.chooses else "Nothing ticked in a list means all of it."}</p>
        <div class="mn-form__foot"><button class="btn btn-outline-secondary">${parts.icon("refresh")} Show the plan for these</button></div>
      </form>
    </details>
  </div>
</section>

<div class="mn-stack" id="plan">
% if plan is not None:
<section class="mn-panel" aria-labelledby="plan-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="plan-title">What will happen</h2>
    <p class="mn-panel__note">${show.count(len(plan.waves), "wave")}, ${show.count(sum(len(wave.steps) for wave in plan.waves), "step")}</p></header>
  <div class="mn-panel__body">
    % if plan.package and act.picks:
    <p>Package <b>${plan.package.name}</b>, revision ${plan.package.revision} of ${plan.package.timestamp}.</p>
    % elif plan.package:
    <p>With package <b>${plan.package.name}</b>, revision ${plan.package.revision}, and configuration revision ${plan.revision}.</p>
    % elif act.sends:
    <p>With the package that each task has, and configuration revision ${plan.revision}.</p>
    % endif
    ${planned.waves(plan)}
  </div>
</section>
% endif
% if comparison is not None:
<section class="mn-panel" aria-labelledby="changes-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="changes-title">What changes on the hosts</h2>
    <p class="mn-panel__note">${"nothing" if not comparison.differences and not comparison.untold else show.count(len(comparison.differences), "part")}</p></header>
  <div class="mn-panel__body">
    % if not comparison.differences and not comparison.untold:
    <p>${"Package, files and start command" if comparison.whole else "Configuration is not sent, and the package"} of ${"the task" if comparison.tasks == 1 else f"all {comparison.tasks} tasks"} ${"are on the hosts as they are wanted" if comparison.whole else "stays"}.</p>
    % endif
    ${differing.changes(comparison)}
  </div>
</section>
% endif
<input type="hidden" name="plan" value="${plan_id}" form="act-form">
</div>

<form class="mn-form mn-panel mn-panel__body" id="act-form" method="post" action="${here}"\
% if act.typed:
 data-confirm data-confirm-expect="${cluster.name}"\
% endif
>
  ${parts.csrf()}
  % for name, value in sent:
  <input type="hidden" name="${name}" value="${value}">
  % endfor
  % if act.moves:
  <div class="mn-stack" hx-get="${here}" hx-include="#act-form" hx-vals='{"look": "1"}' hx-select="#plan" hx-target="#plan" hx-swap="outerMorph" hx-trigger="change">
  % if act.sends and given.get("back_to"):
  <input type="hidden" name="back_to" value="${given['back_to']}">
  <input type="hidden" name="update_config" value="1">
  % elif act.sends or act.picks:
  <%parts:field name="package_id" label="Package" help="${'The version that is unpacked on the hosts.' if act.name in ('install', 'bootstrap') else 'Keep what each task has, unless you choose one.'}" error="${error_of('package_id')}">
    <select class="form-select${' is-invalid' if error_of('package_id') else ''}" id="package_id" name="package_id" aria-describedby="package_id-help">
      <option value="">${"As the description says" if packages or act.name not in ("install", "bootstrap") else "No package was uploaded yet"}</option>
      % for package in packages:
      <option value="${package.id}"${' selected' if given.get('package_id') == str(package.id) else ''}>${package.name} · ${package.revision} · ${package.timestamp}</option>
      % endfor
    </select>
  </%parts:field>
  % if act.sends and act.name != "bootstrap":
  <fieldset class="mn-field"><legend class="form-label">Before they start</legend>
    ${tick("update_config", "Send the configuration as it is now", request.method == "GET" or "update_config" in given)}
    ${tick("update_package", "Bring the newest package that fits the description", "update_package" in given)}
  </fieldset>
  % elif act.sends:
  <input type="hidden" name="update_config" value="1">
  % endif
  % endif
  ${way.choices(act, given, error_of, log_levels)}
  </div>
  % endif
  % if act.name == "bootstrap" and not guarded:
  ${parts.text("cleanup_password", "Cleanup password", help="Asked for before this cluster's data may ever be deleted; 6 characters or more. Leave it empty and one is made up and shown once.", error=error_of("cleanup_password"), optional=True, kind="password", extra='autocomplete="new-password" minlength="6"')}
  % elif act.name == "cleanup" and cluster.cleanup_hash:
  ${parts.text("cleanup_password", "Cleanup password", help="The one that was set when the cluster was bootstrapped.", error=error_of("cleanup_password"), kind="password", extra='autocomplete="off"')}
  % endif
  % if broken and may_override:
  <fieldset class="mn-field"><legend class="form-label">What depends on it</legend>
    ${tick("override", "Do it all the same: I know what will not be served meanwhile", "override" in given)}
    ${parts.field_error("override", error_of("override"))}
  </fieldset>
  % endif
  % if act.typed:
  <%parts:field name="confirm" label="Type ${cluster.name} to confirm" error="${error_of('confirm')}">
    <input class="form-control mn-mono${' is-invalid' if error_of('confirm') else ''}" id="confirm" name="confirm" data-confirm-input autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="${cluster.name}" value="${given.get('confirm', '')}" required>
  </%parts:field>
  % endif
  <div class="mn-form__foot">
    <button class="btn ${'btn-danger' if act.danger else 'btn-primary'}"${' data-confirm-submit' if act.typed else ''}${' disabled data-blocked' if blocked else ''}>${parts.icon(act.icon)} ${act.verb} ${"tasks" if nothing else cluster.name if whole else tasks_text}</button>
    <a class="btn btn-outline-secondary" href="${request.route_path('cluster', **at)}">${"Keep running" if act.name == "stop" else "Go back"}</a>
  </div>
</form>
</div>

<%def name="choice(legend, name, options, ticked)">
<fieldset class="mn-field"><legend class="form-label">${legend}</legend>
  <div class="mn-choices">
  % for value, text in options:
  <label class="form-check"><input class="form-check-input" type="checkbox" name="${name}" value="${value}"${' checked' if value in ticked else ''}><span class="form-check-label">${text}</span></label>
  % endfor
  </div>
</fieldset>
</%def>

<%def name="tick(name, text, on)">
<label class="form-check"><input class="form-check-input" type="checkbox" name="${name}" value="1"${' checked' if on else ''}><span class="form-check-label">${text}</span></label>
</%def>
