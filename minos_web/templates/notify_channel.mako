<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('notifications'), "Notifications")}${parts.here(title)}</%block>
<%
    here = request.route_path("notify_channel", id=row.id) if row else request.route_path("notify_channel_new", _query={"kind": kind})
    texts, errors = form.texts, form.errors
    secret = 'autocomplete="new-password" spellcheck="false"'
    kept = "Stays as it is when this is left empty; it is not shown." if row else ""
%>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><p class="mn-head__kind">${kind_words[kind]}</p><h1 class="mn-head__title">${title}</h1>
  % if row and row.shown:
  <p class="mn-head__sub">leads to ${row.shown}</p>
  % endif
</div></header>
% if not row:
<nav class="mn-filters" aria-label="Kind of channel">
  % for name, word in kind_words.items():
  <a class="mn-chip mn-chip--link" href="${request.route_path('notify_channel_new', _query={'kind': name})}"${' aria-current="true"' if name == kind else '' | n}>${word}</a>
  % endfor
</nav>
% endif
<form class="mn-form mn-panel mn-panel__body" method="post" action="${here}" novalidate data-guard>
  ${parts.csrf()}
  <input type="hidden" name="kind" value="${kind}">
  % if "" in errors:
  ${parts.why("down", errors[""])}
  % endif
  ${parts.text("name", "Name", texts["name"], error=errors.get("name", ""), extra='maxlength="64" autocomplete="off"')}
  % if kind == "mail":
  <div class="mn-form__row">
    ${parts.text("host", "Mail server", texts["host"], help=f"Empty: that of the ini, {settings.smtp_host}." if settings.smtp_host else "Name or address of the host.", error=errors.get("host", ""), optional=bool(settings.smtp_host), extra='maxlength="255" autocomplete="off" autocapitalize="off" spellcheck="false"')}
    <%parts:field name="security" label="Encryption" help="Encrypted, or not sent at all." error="${errors.get('security', '')}">
      <select class="form-select" id="security" name="security" aria-describedby="security-help">
        % for name, word in (("starttls", "STARTTLS"), ("tls", "TLS"), ("none", "none")):
        <option value="${name}"${' selected' if name == texts["security"] else ''}>${word}</option>
        % endfor
      </select>
    </%parts:field>
    ${parts.text("port", "Port", texts["port"], help=f"Empty: {ports['starttls']} with STARTTLS, {ports['tls']} with TLS, {ports['none']} without.", error=errors.get("port", ""), optional=True, extra='inputmode="numeric" autocomplete="off"')}
  </div>
  <div class="mn-form__row">
    ${parts.text("user", "User", texts["user"], help="Empty: without signing in.", error=errors.get("user", ""), optional=True, extra='maxlength="255" autocomplete="off" autocapitalize="off" spellcheck="false"')}
    ${parts.text("password", "Password", "", help=kept or "It is kept sealed, and not shown again.", error=errors.get("password", ""), optional=True, kind="password", extra=secret)}
  </div>
  ${parts.text("sender", "Sender", texts["sender"], help=f"Empty: {settings.mail_from}", error=errors.get("sender", ""), optional=True, extra='maxlength="255" autocomplete="off"')}
  % else:
  ${parts.text("url", "Address", "", help=kept or ("Below an address of minos.webhook_urls. Only its host is shown again." if kind == "webhook" else "As Apprise writes it, such as slack://… or tgram://…; its kind stands in minos.apprise_schemes. It is kept sealed, and not shown again."), error=errors.get("url", ""), optional=bool(row), kind="password" if kind == "apprise" else "text", mono=True, extra=secret)}
  % if kind == "webhook":
  ${parts.text("secret", "Secret", "", help=kept or "At least 16 characters. What is sent is signed with it: see the help.", error=errors.get("secret", ""), optional=bool(row), kind="password", extra=secret)}
  % endif
  % endif
  <div class="mn-form__row">
    ${parts.text("most", "Messages at most", texts["most"], help="To the same people. What is more goes into one message.", error=errors.get("most", ""), extra='inputmode="numeric" autocomplete="off"')}
    ${parts.text("per_minutes", "In so many minutes", texts["per_minutes"], error=errors.get("per_minutes", ""), extra='inputmode="decimal" autocomplete="off"')}
  </div>
  <label class="form-check"><input class="form-check-input" type="checkbox" name="enabled" value="1"${' checked' if texts["enabled"] else ''}><span class="form-check-label">Messages go over it</span></label>
  <div class="mn-form__foot"><button class="btn btn-primary">${parts.icon("save")} Keep</button><a class="btn btn-outline-secondary" href="${request.route_path('notifications')}">Cancel</a>
    % if row:
    <a class="btn btn-outline-danger" href="#delete-dialog" data-dialog-open="delete-dialog">${parts.icon("delete")} Delete…</a>
    % endif
  </div>
</form>
% if row and row.enabled:
<form class="mn-form mn-panel mn-panel__body" method="post" action="${request.route_path('channel_test', id=row.id)}" aria-labelledby="test-title">
  ${parts.csrf()}
  <h2 class="mn-panel__title" id="test-title">Test</h2>
  <p class="mn-muted">A message goes over the channel as it is kept, now; how that went is shown at once.</p>
  % if kind == "mail":
  ${parts.text("to", "To", address, help="One or more addresses.", extra='autocomplete="off"')}
  % endif
  <div class="mn-form__foot"><button class="btn btn-outline-secondary">${parts.icon("notifications")} Send a test</button></div>
</form>
% endif
% if row:
<dialog class="mn-dialog mn-dialog--danger" id="delete-dialog" aria-labelledby="delete-title">
  <form method="post" action="${here}">${parts.csrf()}
    <header class="mn-dialog__head"><h2 class="mn-dialog__title" id="delete-title">Delete ${row.name}?</h2></header>
    <div class="mn-dialog__body"><p>Messages that wait for it are given up. A channel to which a route leads cannot be deleted.</p></div>
    <footer class="mn-dialog__foot"><button type="button" class="btn btn-outline-secondary" data-dialog-close>Keep it</button><button class="btn btn-danger" name="do" value="delete">${parts.icon("delete")} Delete</button></footer>
  </form>
</dialog>
% endif
</div>
