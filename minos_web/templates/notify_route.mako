<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('notifications'), "Notifications")}${parts.here(title)}</%block>
<%
    here = request.route_path("notify_route", id=row.id) if row else request.route_path("notify_route_new")
    texts, errors = form.texts, form.errors
    plain = 'autocomplete="off" autocapitalize="off" spellcheck="false"'
%>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><p class="mn-head__kind">Route</p><h1 class="mn-head__title">${title}</h1></div></header>
<form class="mn-form mn-panel mn-panel__body" method="post" action="${here}" novalidate data-guard>
  ${parts.csrf()}
  ${parts.text("name", "Name", texts["name"], error=errors.get("name", ""), extra='maxlength="64" autocomplete="off"')}
  <h2 class="mn-panel__title">Of what</h2>
  <p class="mn-muted">What is left empty fits everything. A star stands for any signs: <code>dptst-*</code>.</p>
  <div class="mn-form__row">
    ${parts.text("service", "Service", texts["service"], error=errors.get("service", ""), optional=True, extra=plain)}
    ${parts.text("cluster", "Cluster", texts["cluster"], error=errors.get("cluster", ""), optional=True, extra=plain)}
    ${parts.text("host", "Host", texts["host"], error=errors.get("host", ""), optional=True, extra=plain)}
  </div>
  ${choices("levels", "Levels", levels)}
  ${choices("kinds", "Kinds", kinds)}
  <h2 class="mn-panel__title">When</h2>
  <div class="mn-form__row">
    ${parts.text("hours", "Hours", texts["hours"], help="Such as 22:00-06:00. Empty: at any hour.", error=errors.get("hours", ""), optional=True, extra=plain)}
    ${parts.text("zone", "Time zone", texts["zone"], help="Such as UTC or Europe/Paris.", error=errors.get("zone", ""), extra=plain)}
  </div>
  ${choices("days", "Days", days)}
  <h2 class="mn-panel__title">Who hears</h2>
  <fieldset class="mn-field"><legend class="form-label">Channels, at once</legend>
    <div class="mn-choices">
    % for one in channels:
    <label class="form-check"><input class="form-check-input" type="checkbox" name="channels" value="${one.id}"${' checked' if one.id in texts["channels"] else ''}><span class="form-check-label">${one.name} <span class="mn-muted">${one.trouble or one.shown}</span></span></label>
    % endfor
    </div>
    ${parts.field_error("stages", errors.get("stages", ""))}
  </fieldset>
  <%parts:field name="recipients" label="Mail addresses" help="One in a line. They get the mails of this route." error="${errors.get('recipients', '')}" optional="${True}">
    <textarea class="form-control${' is-invalid' if 'recipients' in errors else ''}" id="recipients" name="recipients" rows="3" aria-describedby="recipients-help">${texts["recipients"]}</textarea>
  </%parts:field>
  % for at in later:
  <fieldset class="mn-field"><legend class="form-label">${"If nobody acknowledges it" if at == 0 else "And if still nobody does"}</legend>
  <div class="mn-form__row">
    <div class="mn-field"><label class="form-label" for="later${at}_channel">Channel</label>
      <select class="form-select" id="later${at}_channel" name="later${at}_channel"><option value="">–</option>
      % for one in channels:
      <option value="${one.id}"${' selected' if str(one.id) == str(texts[f"later{at}_channel"]) else ''}>${one.name}</option>
      % endfor
      </select>
    </div>
    ${parts.text(f"later{at}_minutes", "After minutes", texts[f"later{at}_minutes"], error=errors.get(f"later{at}_minutes", ""), optional=True, extra='inputmode="decimal" autocomplete="off"')}
    ${parts.text(f"later{at}_recipients", "Mail addresses", texts[f"later{at}_recipients"], help="Empty: those of the route.", optional=True, extra=plain)}
  </div>
  </fieldset>
  % endfor
  ${parts.text("collect_minutes", "Collect for minutes", texts["collect_minutes"], help="All that is told within them goes into one message. Empty: each by itself.", error=errors.get("collect_minutes", ""), optional=True, extra='inputmode="decimal" autocomplete="off"')}
  <label class="form-check"><input class="form-check-input" type="checkbox" name="go_on" value="1"${' checked' if texts["go_on"] else ''}><span class="form-check-label">Ask the next route too</span></label>
  <label class="form-check"><input class="form-check-input" type="checkbox" name="enabled" value="1"${' checked' if texts["enabled"] else ''}><span class="form-check-label">This route is asked</span></label>
  <div class="mn-form__foot"><button class="btn btn-primary">${parts.icon("save")} Keep</button><a class="btn btn-outline-secondary" href="${request.route_path('notifications')}">Cancel</a>
    % if row:
    <a class="btn btn-outline-danger" href="#delete-dialog" data-dialog-open="delete-dialog">${parts.icon("delete")} Delete…</a>
    % endif
  </div>
</form>
% if row:
<dialog class="mn-dialog mn-dialog--danger" id="delete-dialog" aria-labelledby="delete-title">
  <form method="post" action="${here}">${parts.csrf()}
    <header class="mn-dialog__head"><h2 class="mn-dialog__title" id="delete-title">Delete ${row.name}?</h2></header>
    <div class="mn-dialog__body"><p>News that it decided go to the routes below it.</p></div>
    <footer class="mn-dialog__foot"><button type="button" class="btn btn-outline-secondary" data-dialog-close>Keep it</button><button class="btn btn-danger" name="do" value="delete">${parts.icon("delete")} Delete</button></footer>
  </form>
</dialog>
% endif
</div>

<%def name="choices(name, label, all_of)">
<fieldset class="mn-field"><legend class="form-label">${label}</legend>
  <div class="mn-choices">
  % for one in all_of:
  <label class="form-check"><input class="form-check-input" type="checkbox" name="${name}" value="${one}"${' checked' if one in form.texts[name] else ''}><span class="form-check-label">${one}</span></label>
  % endfor
  </div>
  ${parts.field_error(name, form.errors.get(name, ""))}
</fieldset>
</%def>
