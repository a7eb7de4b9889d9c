## How an action is done: how many at once, what at a failure, and for rolling updates how a batch is judged.
<%namespace name="parts" file="/parts.mako"/>
<%def name="choices(act, given, error_of, log_levels)">
% if act.name == "rolling_update":
<div class="mn-form__row">
${number("batch", "Batch", given, error_of, "So many tasks together, or a part of them: 3 or 25%. Never more than a job can spare.", "1", text=True)}
${number("min_healthy", "Healthy for", given, error_of, "Seconds for which all facts must hold before the next batch.", "0")}
${number("deadline", "Give up after", given, error_of, "Seconds until a fact that does not come stops the operation.", "600")}
</div>
<fieldset class="mn-field"><legend class="form-label">Look for yourself</legend>
  <label class="form-check"><input class="form-check-input" type="checkbox" name="pause_after_first" value="1"${' checked' if "pause_after_first" in given else ''}><span class="form-check-label">Stand still after the first batch of each job until I resume</span></label>
</fieldset>
% elif act.name in ("decommission", "recommission"):
<div class="mn-form__row">
${number("deadline", "Stand still after", given, error_of, "Seconds until facts that do not come make it stand still and ask: copying what a host holds takes its time. Empty: a week.", "")}
</div>
% endif
<details class="mn-more"${" open" if any(given.get(name) for name in ("parallel", "tolerate", "log_level")) or any(error_of(name) for name in ("parallel", "tolerate", "on_failure", "log_level")) else ""}>
  <summary>How many at once, and what at a failure</summary>
  <div class="mn-form__row">
  ${number("parallel", "At once", given, error_of, "Most steps of a wave together. 0: all.", "0")}
  ${number("tolerate", "Tolerated failures", given, error_of, "So many tasks may fail and are left behind.", "0")}
  <%parts:field name="on_failure" label="At a failure" error="${error_of('on_failure')}">
    <select class="form-select" id="on_failure" name="on_failure">
    % for value, text in (("pause", "stand still and ask"), ("stop", "end the operation")):
    <option value="${value}"${" selected" if value == (given.get("on_failure") or ("pause" if act.name in ("rolling_update", "decommission", "recommission") else "stop")) else ""}>${text}</option>
    % endfor
    </select>
  </%parts:field>
  % if act.sends:
  <%parts:field name="log_level" label="Log level" help="In place of the described one, until something is sent again." error="${error_of('log_level')}">
    <select class="form-select" id="log_level" name="log_level" aria-describedby="log_level-help">
    <option value="">as described</option>
    % for level in log_levels:
    <option value="${level}"${" selected" if given.get("log_level") == level else ""}>${level}</option>
    % endfor
    </select>
  </%parts:field>
  % endif
  </div>
</details>
</%def>

<%def name="number(name, label, given, error_of, help, usual, text=False)">
${parts.text(name, label, given.get(name, usual), help=help, error=error_of(name), optional=True, extra='inputmode="text" autocomplete="off"' if text else 'inputmode="numeric" autocomplete="off"')}
</%def>
