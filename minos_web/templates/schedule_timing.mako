## When a schedule is due, in its form.
<%namespace name="parts" file="/parts.mako"/>

<%def name="when(given, error_of, fresh)">
<% chosen = given.get("timing", "day") %>
<section class="mn-panel mn-form" aria-labelledby="timing-title"><header class="mn-panel__head"><h2 class="mn-panel__title" id="timing-title">When</h2></header><div class="mn-panel__body">
<fieldset class="mn-field"><legend class="visually-hidden">Kind of times</legend>
  <div class="mn-choices">
  ${radio("day", "At a time of the day", chosen)}
  ${radio("every", "Every so many minutes, hours or days", chosen)}
  ${radio("once", "Once", chosen)}
  ${radio("cron", "As a line of cron says", chosen)}
  </div>
</fieldset>
<div class="mn-timing mn-timing--day">
  ${line("time", "Time", given.get("time", "02:30" if fresh else ""), error=error_of("time"), kind="time")}
  <fieldset class="mn-field"><legend class="form-label">Days</legend>
    <div class="mn-choices">
    % for number, day in enumerate(days):
    <label class="form-check"><input class="form-check-input" type="checkbox" name="day" value="${number}"${' checked' if str(number) in given.getall("day") else ''}><span class="form-check-label">${day}</span></label>
    % endfor
    </div>
    <p class="mn-field__help">Nothing ticked means every day.</p>
  </fieldset>
</div>
<div class="mn-timing mn-timing--every"><div class="mn-form__row">
  ${line("number", "Every", given.get("number", "6" if fresh else ""), error=error_of("number") or error_of("every"), extra='inputmode="numeric" autocomplete="off"')}
  <%parts:field name="unit" label="of"><select class="form-select" id="unit" name="unit">
    % for unit in units:
    <option${' selected' if unit == given.get("unit", "hours") else ''}>${unit}</option>
    % endfor
  </select></%parts:field>
  ${line("first", "Counted from", given.get("first", ""), help="Empty: from now.", error=error_of("first"), kind="datetime-local")}
</div></div>
<div class="mn-timing mn-timing--once">
  ${line("once", "Date and time", given.get("once", ""), error=error_of("once") or error_of("at"), kind="datetime-local")}
</div>
<div class="mn-timing mn-timing--cron">
  ${line("cron", "Cron", given.get("cron", ""), help="Minute, hour, day of the month, month, day of the week: 30 2 * * 1-5 is 02:30 from Monday to Friday.", error=error_of("cron"), mono=True, extra='maxlength="120" autocomplete="off" spellcheck="false"')}
</div>
<div class="mn-form__row">
  ${parts.text("zone", "Zone", given.get("zone", "UTC"), help="Whose clocks count, summer time and all.", error=error_of("zone"), extra='list="zones" autocomplete="off" spellcheck="false"')}
  <%parts:field name="missed" label="When the console was down" help="What becomes of times that it missed." error="${error_of('missed')}"><select class="form-select" id="missed" name="missed" aria-describedby="missed-help">
    % for value, words in policies.items():
    <option value="${value}"${' selected' if value == given.get("missed", "skip") else ''}>${words}</option>
    % endfor
  </select></%parts:field>
</div>
<datalist id="zones">
  % for zone in zones:
  <option value="${zone}"></option>
  % endfor
</datalist>
<fieldset class="mn-field mn-field--row"><legend class="form-label">Hours in which it may begin <span class="mn-field__opt">optional</span></legend>
  ${parts.text("opens", "From", given.get("opens", ""), optional=True, kind="time")}
  ${parts.text("closes", "Until", given.get("closes", ""), optional=True, kind="time")}
</fieldset>
${parts.field_error("hours", error_of("hours"))}
<p class="mn-field__help">Times outside of them are left out. What finds another operation open waits until they end; without hours it waits for an hour.</p>
</div></section>
</%def>

<%def name="radio(value, text, chosen)">
<label class="form-check"><input class="form-check-input" type="radio" name="timing" value="${value}"${' checked' if value == chosen else ''}><span class="form-check-label">${text}</span></label>
</%def>

## One line of those of which only the chosen ones count: none is required by itself.
<%def name="line(name, label, value='', help='', error='', kind='text', mono=False, extra='')">
<%parts:field name="${name}" label="${label}" help="${help}" error="${error}">
  <input class="form-control${' mn-mono' if mono else ''}${' is-invalid' if error else ''}" type="${kind}" id="${name}" name="${name}" value="${value}"\
% if help or error:
 aria-describedby="${' '.join(part for part in ((name + '-help') if help else '', (name + '-error') if error else '') if part)}"\
% endif
% if error:
 aria-invalid="true"\
% endif
 ${extra | n}>
</%parts:field>
</%def>
