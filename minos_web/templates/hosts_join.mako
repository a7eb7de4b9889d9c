## The last steps of adding hosts: a cluster for them, and how it went.
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="wizard" file="/wizard_parts.mako"/>
<%namespace name="beside" file="/side_by_side.mako"/>
<%namespace name="planned" file="/plan_parts.mako"/>

<%def name="choosing(here)">
<section class="mn-panel" aria-labelledby="cluster-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="cluster-title">Into a cluster</h2><p class="mn-panel__note">${show.count(len(ready), "approved host")}</p></header>
  % if not ready:
  <%parts:empty icon_name="hosts" heading="None of these hosts is approved yet"><p>Go back to their arrival.</p></%parts:empty>
  % elif not clusters:
  <%parts:empty icon_name="clusters" heading="No cluster is described yet"><p><a href="${request.route_path('clusters_new')}">Create one</a>: these hosts are offered there.</p></%parts:empty>
  % else:
  <form class="mn-form mn-panel__body" method="post" action="${here}">
    ${parts.csrf()}
    <%parts:field name="cluster" label="Cluster" help="Its file gets a line for each host. You see the difference and the plan before anything is saved.">
      <select class="form-select" id="cluster" name="cluster" aria-describedby="cluster-help">
        <option value="">none: only add the hosts</option>
        % for one in clusters:
        <% value = f"{one.service}/{one.name}" %>
        <option value="${value}"${' selected' if value == chosen else ''}>${value}</option>
        % endfor
      </select>
    </%parts:field>
    % if jobs:
    <fieldset class="mn-field"><legend class="form-label">Jobs</legend>
      <div class="mn-choices">
      % for name, title in jobs:
      <label class="form-check"><input class="form-check-input" type="checkbox" name="job" value="${name}"${' checked' if name in ticked else ''}><span class="form-check-label">${title}</span></label>
      % endfor
      </div>
      <p class="mn-field__help">Every approved host of this list gets each ticked job: ${", ".join(ready[:8])}${f" and {len(ready) - 8} more" if len(ready) > 8 else ""}.</p>
    </fieldset>
    % endif
    <div class="mn-form__foot"><button class="btn btn-outline-primary" name="do" value="look">${parts.icon("refresh")} ${"Show the difference and the plan" if jobs else "Show its jobs"}</button><a class="btn btn-outline-secondary" href="${request.route_path('hosts')}">Enough: go to the hosts</a></div>
  </form>
  % endif
</section>
% if trouble:
<div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>${trouble}</p></div>
% endif
% if preview:
<section class="mn-panel" aria-labelledby="diff-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="diff-title">What changes in its file</h2></header>
  % if preview.stretches:
  ${beside.sides(preview.stretches, "As it is", "With these hosts")}
  % else:
  <p class="mn-panel__body mn-muted">Nothing: these hosts have these jobs already.</p>
  % endif
  % if preview.problems:
  <div class="mn-panel__body">${parts.problems(preview.problems)}</div>
  % endif
</section>
${wizard.notes(preview.notes, go=False)}
% if preview.foreseen.trouble:
<div class="mn-flash mn-flash--warning" role="status">${parts.icon("warning")}<p>They could not be bootstrapped now: ${preview.foreseen.trouble.message}.</p></div>
% endif
% if preview.foreseen.draft:
<section class="mn-panel" aria-labelledby="plan-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="plan-title">What a bootstrap of the new tasks would do</h2><p class="mn-panel__note">${show.count(len(preview.foreseen.draft.tasks), "task")}, ${show.count(len(preview.foreseen.draft.waves), "wave")}</p></header>
  <div class="mn-panel__body">${planned.waves(preview.foreseen.draft)}</div>
</section>
% endif
% if preview.fresh and not may_change:
${parts.why("info", f"To change the file of {chosen} takes a deployer: show them this page, or ask an administrator for that role. These hosts wait approved until then.")}
% elif preview.fresh:
<% name = chosen.partition("/")[2] %>
<form class="mn-form mn-panel" method="post" action="${here}" data-confirm data-confirm-expect="${name}">
  ${parts.csrf()}
  <button class="visually-hidden" name="do" value="look-again" tabindex="-1" aria-hidden="true" disabled>Look</button>
  <input type="hidden" name="based_on" value="${preview.based_on}"><input type="hidden" name="seal" value="${preview.foreseen.seal}">
  <%parts:field name="confirm" label="Type ${name} to confirm" help="Asked for the bootstrap; saving alone changes nothing on any host." error="${errors.get('confirm', '')}">
    <input class="form-control mn-mono${' is-invalid' if errors.get('confirm') else ''}" id="confirm" name="confirm" data-confirm-input autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="${name}" value="${given.get('confirm', '')}" aria-describedby="confirm-help">
  </%parts:field>
  <div class="mn-form__foot"><button class="btn btn-primary" name="do" value="apply" data-confirm-submit${' disabled data-blocked' if preview.broken or preview.foreseen.trouble else ''}>${parts.icon("bootstrap")} Save, and bootstrap the new tasks</button><button class="btn btn-outline-primary" name="do" value="save"${' disabled' if preview.broken else ''}>${parts.icon("save")} Only save the file</button></div>
</form>
% endif
% endif
</%def>

<%def name="result(here)">
<section class="mn-panel" aria-labelledby="result-title" id="result"\
% if not over:
 hx-get="${here}" hx-select="#result" hx-trigger="every 4s" hx-swap="outerMorph"\
% endif
>
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="result-title">How it went on each host</h2><p class="mn-panel__note"><a href="${request.route_path('cluster', service=cluster_service, cluster=cluster_name)}">${cluster_name}</a>\
% if operation:
, <a href="${request.route_path('operation', id=operation.id)}">operation ${operation.id}</a>: ${operation.state}\
% else:
: its file is saved, nothing is on any host yet\
% endif
</p></header>
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Hosts with their new tasks</caption>
    <thead><tr><th scope="col">Host</th><th scope="col">New tasks</th><th scope="col">Result</th></tr></thead>
    <tbody>
    % for one in outcomes:
    <tr><th scope="row" data-label="Host">${one.address}</th><td data-label="New tasks"><span class="mn-inline">\
% for task, badge in one.tasks:
<span>${task.job}/${task.number} ${parts.status(badge, since=False)}</span>\
% endfor
</span></td><td data-label="Result">${one.failed or ("under way" if not over else "done" if operation else "described")}</td></tr>
    % endfor
    </tbody></table></div>
  % if failed:
  <form class="mn-form mn-panel__body" method="post" action="${here}" data-confirm data-confirm-expect="${cluster_name}">
    ${parts.csrf()}
    <%parts:field name="confirm" label="Type ${cluster_name} to confirm" help="Only the hosts that failed are bootstrapped again: ${', '.join(failed[:8])}." error="${errors.get('confirm', '')}">
      <input class="form-control mn-mono" id="confirm" name="confirm" data-confirm-input autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="${cluster_name}" aria-describedby="confirm-help">
    </%parts:field>
    <div class="mn-form__foot"><button class="btn btn-primary" name="do" value="again" data-confirm-submit>${parts.icon("retry")} Try again on ${show.count(len(failed), "host")}</button></div>
  </form>
  % endif
</section>
<p><a href="${request.route_path('hosts')}">Go to the hosts</a></p>
</%def>
