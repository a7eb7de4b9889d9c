<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="steps" file="/second_step_parts.mako"/>
<div class="mn-signin__card${' mn-signin__card--wide' if picture or codes else ''}">
  <p class="mn-brand mn-brand--lg"><svg class="mn-brand__mark" aria-hidden="true"><use href="${icons_url}#minos"/></svg><span class="mn-brand__word">Minos</span></p>
  % if codes:
  <h1 class="mn-signin__title">Your recovery codes</h1>
  ${steps.recovery_codes(codes)}
  <div class="mn-form__foot"><a class="btn btn-primary" href="${next}">Go on</a></div>
  % else:
  <h1 class="mn-signin__title">${"Set up your second step" if picture else "Second step"}</h1>
  % if error:
  <div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>${error}</p></div>
  % endif
  % if picture:
  <p class="mn-muted">Your role signs in with a password and a code.</p>
  ${steps.secret(picture, secret)}
  % endif
  <form class="mn-form" method="post" action="${request.route_path('sign_in_step')}">
    ${parts.csrf()}
    <input type="hidden" name="next" value="${next}">
    ${steps.code("Code", "The six digits that your app shows now." if picture else "The six digits that your app shows now, or one of your recovery codes.", not picture)}
    <div class="mn-form__foot"><button class="btn btn-primary">${parts.icon("sign-in")} Sign in</button></div>
  </form>
  <p class="mn-signin__other"><a href="${request.route_path('sign_in')}">Begin again</a></p>
  % endif
</div>
