<%inherit file="/layout.mako"/>
<%! translated = True %>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="steps" file="/second_step_parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path("account"), _("Your account"))}${parts.here(_("Second step"))}</%block>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">${_("Second step of signing in")}</h1><p class="mn-head__sub">${_("a code of your device beside your password; the role {role} needs it here", role=_(frame.role)) if wanted else _("a code of your device beside your password")}</p></div></header>
% if error:
<div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>${_(error)}</p></div>
% endif
% if codes:
<section class="mn-panel mn-once" aria-labelledby="codes-title"><div class="mn-panel__body">
  <h2 class="mn-panel__title" id="codes-title">${parts.icon("key")} ${_("Your recovery codes")}</h2>
  ${steps.recovery_codes(codes)}
</div></section>
% endif
<section class="mn-panel" aria-labelledby="step-title">
% if state == "on":
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="step-title">${_("It is on")}</h2><p class="mn-panel__note">${_n("{n} recovery code left", "{n} recovery codes left", left)}</p></header>
  <form class="mn-form mn-panel__body" method="post" action="${request.route_path('account_step')}" novalidate>
    ${parts.csrf()}
    ${steps.code(_("Code"), _("Whatever you do here needs the six digits that your app shows now, or a recovery code."))}
    <div class="mn-form__foot"><button class="btn btn-outline-primary" name="do" value="codes">${parts.icon("key")} ${_("New recovery codes")}</button>
    % if not wanted:
    <button class="btn btn-outline-danger" name="do" value="off">${_("Turn it off")}</button>
    % endif
    </div>
  </form>
% elif state == "begun":
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="step-title">${_("Confirm your device")}</h2><p class="mn-panel__note">${_("it counts when a first code came from it")}</p></header>
  <div class="mn-panel__body">
  ${steps.secret(picture, secret)}
  <form class="mn-form" method="post" action="${request.route_path('account_step')}" novalidate>
    ${parts.csrf()}
    ${steps.code(_("Code"), _("The six digits that your app shows now."), True)}
    <div class="mn-form__foot"><button class="btn btn-primary" name="do" value="confirm">${_("Turn it on")}</button></div>
  </form>
  </div>
% else:
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="step-title">${_("It is off")}</h2><p class="mn-panel__note">${_("a stolen password is enough to sign in as you")}</p></header>
  <form class="mn-form mn-panel__body" method="post" action="${request.route_path('account_step')}" novalidate>
    ${parts.csrf()}
    ${parts.text("password", _("Current password"), "", kind="password", extra='autocomplete="current-password"')}
    <div class="mn-form__foot"><button class="btn btn-primary" name="do" value="begin">${_("Set it up")}</button></div>
  </form>
% endif
</section>
</div>
