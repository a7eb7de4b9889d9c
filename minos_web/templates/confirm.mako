<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<div class="mn-stack mn-narrow">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Is it you, ${frame.user}?</h1><p class="mn-head__sub">What comes next can do much harm, or opens doors. You are asked for it once in ${minutes} minutes of such work.</p></div></header>
% if not elsewhere:
<section class="mn-panel" aria-label="Confirm that it is you">
  <form class="mn-form mn-panel__body" method="post" action="${request.route_path('confirm')}" novalidate>
    ${parts.csrf()}
    <input type="hidden" name="next" value="${next}">
    % if with_step:
    ${parts.text("code", "Code of your app, or a recovery code", error=error, extra='autocomplete="one-time-code" inputmode="text" autofocus')}
    % else:
    ${parts.text("password", "Your password", error=error, kind="password", extra='autocomplete="current-password" autofocus')}
    % endif
    <div class="mn-form__foot"><button class="btn btn-primary">${parts.icon("key")} It is me</button> <a class="btn btn-link" href="${request.route_path('home')}">Leave it</a></div>
  </form>
</section>
% endif
<p class="mn-muted">${"You sign in by an identity provider: sign out and in again, which counts for as long." if elsewhere else "Signing out and in again counts as well."}</p>
</div>
