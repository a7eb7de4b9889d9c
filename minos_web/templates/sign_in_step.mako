<%inherit file="/layout.mako"/>
<%! translated = True %>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="steps" file="/second_step_parts.mako"/>
<div class="mn-signin__card${' mn-signin__card--wide' if picture or codes else ''}">
  <p class="mn-brand mn-brand--lg"><svg class="mn-brand__mark" aria-hidden="true"><use href="${icons_url}#minos"/></svg><span class="mn-brand__word">Minos</span></p>
  % if codes:
  <h1 class="mn-signin__title">${_("Your recovery codes")}</h1>
  ${steps.recovery_codes(codes)}
  <div class="mn-form__foot"><a class="btn btn-primary" href="${next}">${_("Go on")}</a></div>
  % else:
  <h1 class="mn-signin__title">${_("Set up your second step") if picture else _("Second step")}</h1>
  % if error:
  <div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>${error}</p></div>
  % endif
  % if picture:
  <p class="mn-muted">${_("Your role signs in with a password and a code.")}</p>
  ${steps.secret(picture, secret)}
  % endif
  <form class="mn-form" method="post" action="${request.route_path('sign_in_step')}">
    ${parts.csrf()}
    <input type="hidden" name="next" value="${next}">
    ${steps.code(_("Code"), _("The six digits that your app shows now.") if picture else _("The six digits that your app shows now, or one of your recovery codes."), not picture)}
    <div class="mn-form__foot"><button class="btn btn-primary">${parts.icon("sign-in")} ${_("Sign in")}</button></div>
  </form>
  <p class="mn-signin__other"><a href="${request.route_path('sign_in')}">${_("Begin again")}</a></p>
  % endif
</div>
