<%inherit file="/layout.mako"/>
<%! translated = True %>
<%namespace name="parts" file="/parts.mako"/>
<div class="mn-signin__card">
  <p class="mn-brand mn-brand--lg"><svg class="mn-brand__mark" aria-hidden="true"><use href="${icons_url}#minos"/></svg><span class="mn-brand__word">Minos</span></p>
  <h1 class="mn-signin__title">${_("Sign in")}</h1>
  % if error:
  <div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>${error}</p></div>
  % endif
  <form class="mn-form" method="post" action="${request.route_path('sign_in')}">
    ${parts.csrf()}
    <input type="hidden" name="next" value="${next}">
    ${parts.text("user", _("User"), user, extra='autocomplete="username" autocapitalize="off" spellcheck="false"' + ("" if user else " autofocus"))}
    ${parts.text("password", _("Password"), "", kind="password", extra='autocomplete="current-password"' + (" autofocus" if user else ""))}
    <div class="mn-form__foot"><button class="btn btn-primary">${parts.icon("sign-in")} ${_("Sign in")}</button></div>
  </form>
  % if button:
  <p class="mn-signin__or"><span>${_("or")}</span></p>
  <a class="btn btn-outline-primary mn-signin__way" href="${request.route_path('sign_in_provider', _query={'next': next} if next else {})}">${_(button)}</a>
  % endif
  ${parts.language_choice()}
</div>
