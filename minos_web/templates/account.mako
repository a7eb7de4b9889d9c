<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="people" file="/people.mako"/>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Your account</h1><p class="mn-head__sub">${frame.user}, ${"a password of your own is needed first" if request.identity.must_change else frame.role}${"".join(f"; {one.role} on {one.pattern}" for one in request.identity.grants)}</p></div></header>

% if new_token:
${people.shown_once("Your new API token", new_token, "It is not kept here: copy it now. Programs send it as Authorization: Bearer … to the API.")}
% endif

<div class="mn-grid mn-grid--2">
<section class="mn-panel" aria-labelledby="password-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="password-title">Password</h2></header>
  <form class="mn-form mn-panel__body" method="post" action="${request.route_path('account_password')}" novalidate>
    ${parts.csrf()}
    ${parts.form_field(password_form.current, 'autocomplete="current-password"')}
    ${parts.form_field(password_form.password, 'autocomplete="new-password" minlength="12"')}
    ${parts.form_field(password_form.again, 'autocomplete="new-password"')}
    <div class="mn-form__foot"><button class="btn btn-primary">Change password</button> <a class="btn btn-outline-secondary" href="${request.route_path('account_step')}">Second step</a></div>
  </form>
</section>

<section class="mn-panel" aria-labelledby="signins-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="signins-title">Signed-in browsers</h2></header>
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Browsers signed in as ${frame.user}</caption>
    <thead><tr><th scope="col">Browser</th><th scope="col">From</th><th scope="col">Used</th><th scope="col"><span class="visually-hidden">End</span></th></tr></thead>
    <tbody>
    % for row in sign_ins:
    <tr id="sign-in-${row.id}"><th scope="row" data-label="Browser"><span class="mn-ellipsis" title="${row.browser}">${people.browser(row.browser)}</span></th><td data-label="From">${row.address or "–"}</td><td data-label="Used">${parts.age(row.seen_at)}</td>
      <td class="mn-table__actions" data-label="">\
% if row.id == own:
<span class="mn-chip mn-chip--accent">this one</span>\
% else:
<form method="post" action="${request.route_path('account')}">${parts.csrf()}<button class="btn btn-sm btn-outline-secondary" name="sign_in" value="${row.id}">Sign out</button></form>\
% endif
</td></tr>
    % endfor
    </tbody></table></div>
</section>
</div>

<section class="mn-panel" aria-labelledby="tokens-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="tokens-title">API tokens</h2><p class="mn-panel__note">for programs that use the API in your name</p></header>
  % if tokens:
  ${people.tokens(tokens, "Your API tokens", action=request.route_path('account_tokens'))}
  % endif
  <form class="mn-form mn-panel__body" method="post" action="${request.route_path('account_tokens')}" novalidate>
    ${parts.csrf()}
    <div class="mn-field mn-field--row">
      ${parts.form_field(token_form.name, 'maxlength="64"')}
      ${people.select(token_form.role)}
      ${parts.form_field(token_form.clusters, 'autocomplete="off" spellcheck="false"')}
      ${parts.form_field(token_form.days, 'inputmode="numeric"')}
    </div>
    <div class="mn-form__foot"><button class="btn btn-outline-primary">${parts.icon("key")} Make a token</button></div>
  </form>
</section>
</div>
