## Step 5 of the wizard for a new cluster: the file, what is found in it, the plan, and the end.
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="wizard" file="/wizard_parts.mako"/>
<%namespace name="planned" file="/plan_parts.mako"/>
<%namespace name="differing" file="/differences.mako"/>

<%def name="questions()">
% if clashes:
<div class="mn-flash mn-flash--warning" role="alert">${parts.icon("warning")}<p>You changed lines of the file that your later answers change as well: in ${show.count(clashes, "place")} both stand between marks (&lt;&lt;&lt;&lt;&lt;&lt;&lt; and &gt;&gt;&gt;&gt;&gt;&gt;&gt;). Keep what is right and take the marks away.</p></div>
% endif
% if broken:
<div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>${show.count(broken, "error")} in the file below: it cannot be created like this.</p></div>
% endif
<section class="mn-panel" aria-labelledby="file-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="file-title">The cluster file${", with your changes" if changed else ""}</h2><p class="mn-panel__note mn-mono mn-break">${path}</p></header>
  <div class="mn-panel__body">
    <label class="visually-hidden" for="text">Text of the cluster file</label>
    <textarea class="form-control mn-mono" id="text" name="text" rows="20" data-editor data-language="cfg" data-path="${path}" data-check-url="${request.route_path('config_check', path=path)}" data-words-url="${request.route_path('config_words', path=path)}" spellcheck="false" wrap="off">${"\n" if text.startswith("\n") else ""}${text}</textarea>
    ${parts.problems(problems)}
    <p class="mn-field__help">Change what you like: it is checked as you type, and kept when you go back. Afterwards it is a file of the configuration like all others.</p>
    <button class="btn btn-sm btn-outline-secondary" name="do" value="look" formnovalidate>${parts.icon("refresh")} Check it, and show the plan for it</button>
  </div>
</section>
${wizard.notes(notes)}
% if foreseen.trouble:
<div class="mn-flash mn-flash--warning" role="status">${parts.icon("warning")}<p>It could not be bootstrapped now: ${foreseen.trouble.message}.</p></div>
% endif
% if foreseen.draft:
<section class="mn-panel" aria-labelledby="plan-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="plan-title">What a bootstrap would do</h2><p class="mn-panel__note">${show.count(len(foreseen.draft.waves), "wave")}, ${show.count(sum(len(wave.steps) for wave in foreseen.draft.waves), "step")}</p></header>
  <div class="mn-panel__body">
    % if foreseen.draft.package:
    <p>With package <b>${foreseen.draft.package.name}</b>, revision ${foreseen.draft.package.revision}.</p>
    % endif
    ${planned.waves(foreseen.draft)}
    % if foreseen.comparison and foreseen.comparison.differences:
    <details class="mn-more"><summary>What would be sent to the hosts</summary>${differing.changes(foreseen.comparison)}</details>
    % endif
  </div>
</section>
% endif
<section class="mn-panel" aria-labelledby="end-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="end-title">Create it</h2></header>
  <div class="mn-panel__body">
    <input type="hidden" name="seal" value="${foreseen.seal}">
    <div class="mn-form__foot mn-flat">
      <button class="btn btn-outline-primary" name="do" value="create"${' disabled' if broken else ''}>${parts.icon("save")} Create ${answers.name}</button>
      <span class="mn-muted">Saves the file. Nothing happens on any host; bootstrap it later from its page.</span>
    </div>
    % if may_bootstrap:
    <fieldset class="mn-sized"><legend class="mn-section">Create and bootstrap</legend>
      <div class="mn-field--row">
      ${parts.text("cleanup_password", "Cleanup password", help="Asked for before this cluster's data may ever be deleted; 6 characters or more. Leave it empty and one is made up and shown once.", error=errors.get("cleanup_password", ""), optional=True, kind="password", extra='autocomplete="new-password" minlength="6"')}
      <%parts:field name="confirm" label="Type ${answers.name} to confirm" help="So that nobody bootstraps by a slip." error="${errors.get('confirm', '')}">
        <input class="form-control mn-mono${' is-invalid' if errors.get('confirm') else ''}" id="confirm" name="confirm" data-confirm-input autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="${answers.name}" value="${given.get('confirm', '')}" aria-describedby="confirm-help">
      </%parts:field>
      </div>
      % for name in ("hosts", "tasks", "package_id", "config"):
      ${parts.field_error(name, errors.get(name, ""))}
      % endfor
      <div class="mn-form__foot">
        <button class="btn btn-primary" name="do" value="bootstrap" data-confirm-submit${' disabled data-blocked' if broken or foreseen.trouble else ''}>${parts.icon("bootstrap")} Create and bootstrap ${answers.name}</button>
        <button class="btn btn-outline-secondary" name="go" value="back" formnovalidate>${parts.icon("arrow-left")} Back</button>
      </div>
    </fieldset>
    % endif
  </div>
</section>
</%def>
