<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="way" file="/act_way.mako"/>
<%namespace name="bits" file="/schedule_parts.mako"/>
<%namespace name="timing" file="/schedule_timing.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('schedules'), "Schedules", wide=True)}${parts.crumb(request.route_path('schedule', id=row.id), row.name) if row else ""}${parts.here("Change" if row else "New")}</%block>
<%
    here = request.route_path("schedule_edit", id=row.id) if row else request.route_path("schedules_new")
    def error_of(name): return show.sentence(refused.message) if refused and refused.field == name else ""
    shown = ("name", "what", "cluster", "time", "number", "first", "once", "at", "cron", "every", "zone", "hours", "missed", "confirm", "table", "command", "words", "host", "seconds", "recipients", "parallel", "tolerate", "on_failure", "log_level", "batch", "min_healthy", "deadline", "package_id", "override")
%>
<div class="mn-stack mn-narrow">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">${title}</h1>
  <p class="mn-head__sub">\
% if what:
${what.title}${f" · {cluster.service} {cluster.name}" if cluster else ""}\
% else:
First what, and where\
% endif
</p></div></header>
% if refused and refused.field not in shown:
<div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>${show.sentence(refused.message)}</p></div>
% endif
% if not what:
${first_step(here, error_of)}
% else:
${second_step(here, error_of)}
% endif
</div>

<%def name="first_step(here, error_of)">
<form class="mn-form mn-panel mn-panel__body" method="get" action="${here}">
  <%parts:field name="what" label="What" help="Cleaning up, bootstrapping and taking hosts out of service delete or decide something: they cannot be scheduled, somebody has to look at them." error="${error_of('what')}">
    <select class="form-select" id="what" name="what" required aria-describedby="what-help">
      <option value="">Choose…</option>
      % for group, found in groups:
      <optgroup label="${group}">
        % for one in found:
        <option value="${one.value}"${' selected' if one.value == chosen['what'] else ''}>${one.title}</option>
        % endfor
      </optgroup>
      % endfor
    </select>
  </%parts:field>
  <%parts:field name="cluster" label="Cluster" help="A report is about all clusters when none is chosen; packages are of the console itself." error="${error_of('cluster')}" optional="${True}">
    <select class="form-select" id="cluster" name="cluster" aria-describedby="cluster-help"><option value="">None</option>
      % for one in clusters:
      <option value="${one.service}/${one.name}"${' selected' if f'{one.service}/{one.name}' == chosen['cluster'] else ''}>${one.service} ${one.name}</option>
      % endfor
    </select>
  </%parts:field>
  <div class="mn-form__foot"><button class="btn btn-primary">Go on ${parts.icon("arrow-right")}</button><a class="btn btn-outline-secondary" href="${request.route_path('schedules' if frame.sees_all else 'mine')}">Go back</a></div>
</form>
</%def>

<%def name="second_step(here, error_of)">
<form class="mn-stack" id="schedule-form" method="post" action="${here}"\
% if typed:
 data-confirm data-confirm-expect="${cluster.name}"\
% endif
>
  ${parts.csrf()}
  % if not row:
  <input type="hidden" name="what" value="${what.value}"><input type="hidden" name="cluster" value="${chosen['cluster']}">
  % endif
  <div class="mn-stack" hx-get="${here}" hx-include="#schedule-form" hx-vals='{"look": "1"}' hx-select="#preview" hx-target="#preview" hx-swap="outerMorph" hx-trigger="change, input delay:500ms">
  <section class="mn-panel mn-form" aria-labelledby="what-title"><header class="mn-panel__head"><h2 class="mn-panel__title" id="what-title">What</h2></header><div class="mn-panel__body">
    ${parts.text("name", "Name", given.get("name", "") or (f"{what.title} {cluster.name}" if fresh and cluster else what.title if fresh else ""), help="As lists and messages call it.", error=error_of("name"), extra='maxlength="120" autocomplete="off"')}
    ${arguments(error_of)}
  </div></section>
  ${timing.when(given, error_of, fresh)}
  </div>
  <section class="mn-panel" id="preview" aria-labelledby="preview-title" aria-live="polite"><header class="mn-panel__head"><h2 class="mn-panel__title" id="preview-title">What that means</h2></header><div class="mn-panel__body">
    % if preview.problem:
    <p class="mn-field__error">${parts.icon("error")} ${show.sentence(preview.problem)}</p>
    % endif
    % if preview.when:
    <p>${show.sentence(preview.when)}</p>
    <ol class="mn-commands">
      % for pair in preview.following:
      <li>${bits.time(pair)} <span class="mn-muted">${show.utc(pair[1])}</span></li>
      % endfor
    </ol>
    % elif not preview.problem:
    <p class="mn-muted">The next times stand here once it is said when.</p>
    % endif
    % for text in preview.cautions:
    <p class="mn-why mn-why--degraded">${parts.icon("warning")} <span>${text}</span></p>
    % endfor
  </div></section>
  <section class="mn-panel mn-form" aria-label="Save"><div class="mn-panel__body">
  % if typed:
  <%parts:field name="confirm" label="Type ${cluster.name} to have it done without you" error="${error_of('confirm')}">
    <input class="form-control mn-mono${' is-invalid' if error_of('confirm') else ''}" id="confirm" name="confirm" data-confirm-input autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="${cluster.name}" value="${given.get('confirm', '')}" required>
  </%parts:field>
  % endif
  <p class="mn-muted">It is done in your name${f", no more in that of {row.owner}" if row and row.owner != frame.user else ""}: your role is looked at each time it begins.</p>
  <div class="mn-form__foot"><button class="btn btn-primary"${' data-confirm-submit' if typed else ''}>${parts.icon("save")} Save</button><a class="btn btn-outline-secondary" href="${request.route_path('schedule', id=row.id) if row else request.route_path('schedules' if frame.sees_all else 'mine')}">Cancel</a></div>
  </div></section>
</form>
</%def>

<%def name="arguments(error_of)">
% if what.kind in ("operation", "check") and not what.procedure and not what.drill:
${selection()}
% endif
% if procedure:
<p>${procedure.about}</p>
% for name, meaning in procedure.asks.items():
${parts.text(name, meaning, given.get(name, ""), error=error_of(name), extra='autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="64"')}
% endfor
% endif
% if act and (act.sends or act.picks):
<%parts:field name="package_id" label="Package" help="Keep what each task has, unless you choose one." error="${error_of('package_id')}">
  <select class="form-select" id="package_id" name="package_id" aria-describedby="package_id-help"><option value="">As the description says</option>
    % for package in packages:
    <option value="${package.id}"${' selected' if given.get('package_id') == str(package.id) else ''}>${package.name} · ${package.revision} · ${package.timestamp}</option>
    % endfor
  </select>
</%parts:field>
% endif
% if act and act.sends:
<fieldset class="mn-field"><legend class="form-label">Before they start</legend>
  ${tick("update_config", "Send the configuration as it is then", fresh or "update_config" in given)}
  ${tick("update_package", "Bring the newest package that fits the description", "update_package" in given)}
</fieldset>
% endif
% if act and act.moves:
${way.choices(act, given, error_of, log_levels)}
% endif
% if typed and may_override:
<fieldset class="mn-field"><legend class="form-label">What depends on it</legend>
  ${tick("override", "Do it all the same: I know what will not be served meanwhile", "override" in given)}
  ${parts.field_error("override", error_of("override"))}
</fieldset>
% endif
% if what.kind == "row-count":
${parts.text("table", "Table", given.get("table", ""), help="As HBase's shell calls it: name, or namespace:name.", error=error_of("table"), mono=True, extra='maxlength="255" autocomplete="off" spellcheck="false"')}
% elif what.kind == "command":
<%parts:field name="command" label="Command" error="${error_of('command')}">
  <select class="form-select" id="command" name="command">
    % for one in commands:
    <option value="${one.name}"${' selected' if one.name == given.get('command') else ''}>${one.name}: ${one.title}</option>
    % endfor
  </select>
</%parts:field>
${parts.text("words", "Its words", given.get("words", ""), help="As they are typed behind the command; nothing reads what it may ask.", error=error_of("words"), optional=True, mono=True, extra='autocomplete="off" spellcheck="false"')}
<div class="mn-form__row">
${parts.text("host", "Host", given.get("host", ""), help="Empty: any host of the cluster.", error=error_of("host"), optional=True, extra='autocomplete="off"')}
${parts.text("seconds", "Give up after", given.get("seconds", "3600"), help="Seconds.", error=error_of("seconds"), optional=True, extra='inputmode="numeric" autocomplete="off"')}
</div>
% elif what.kind == "report":
<%parts:field name="recipients" label="To" help="Mail addresses, one per line. Empty: whom the routes of notifications name for reports." error="${error_of('recipients')}" optional="${True}">
  <textarea class="form-control" id="recipients" name="recipients" rows="3" aria-describedby="recipients-help" spellcheck="false">${given.get("recipients", "")}</textarea>
</%parts:field>
% elif what.kind == "package-integrity":
<p>Every package of the store is read anew, one every five minutes, and compared with what came. One that is damaged makes this fail.</p>
% endif
</%def>

<%def name="selection()">
<details class="mn-more"${" open" if any(given.getall(name) for name in ("job", "host", "task")) else ""}>
  <summary>Choose jobs, hosts or tasks: nothing ticked means the whole cluster</summary>
  % if len(jobs) > 1 or given.getall("job"):
  ${choice("Jobs", "job", [(job, job) for job in jobs])}
  % endif
  ${choice("Hosts", "host", [(host, host) for host in hosts])}
  ${choice("Tasks", "task", [(f"{task.job}/{task.number}", f"{task.job}/{task.number} on {task.address}") for task in tasks[:500]])}
</details>
</%def>

<%def name="choice(legend, name, options)">
<fieldset class="mn-field"><legend class="form-label">${legend}</legend>
  <div class="mn-choices">
  % for value, text in options:
  <label class="form-check"><input class="form-check-input" type="checkbox" name="${name}" value="${value}"${' checked' if value in given.getall(name) else ''}><span class="form-check-label">${text}</span></label>
  % endfor
  </div>
</fieldset>
</%def>

<%def name="tick(name, text, on)">
<label class="form-check"><input class="form-check-input" type="checkbox" name="${name}" value="1"${' checked' if on else ''}><span class="form-check-label">${text}</span></label>
</%def>
