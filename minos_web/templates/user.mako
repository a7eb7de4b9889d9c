<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="people" file="/people.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('users'), "Users")}${parts.here(title)}</%block>
<% here = request.route_path('user', id=user.id) %>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">${user.name}${" (you)" if own else ""}</h1><p class="mn-head__sub">${user.role}${"; disabled" if user.disabled else "; has to change the password" if user.must_change else ""}; here since ${parts.age(user.created_at)}</p></div></header>
% if shown:
${people.shown_once(f"One-time password of {user.name}", shown, f"It is not shown again: hand it over now. It signs in for {code_hours} hours, and only to be changed.")}
% endif
% for field in ("", "name"):
${parts.why("error", errors.get(field, ""))}
% endfor
<div class="mn-grid mn-grid--2">
<section class="mn-panel" aria-labelledby="role-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="role-title">Role</h2><p class="mn-panel__note">counts everywhere</p></header>
  <form class="mn-form mn-panel__body" method="post" action="${here}">
    ${parts.csrf()}
    <div class="mn-field"><label class="form-label" for="role">Role of ${user.name}</label>
      <select class="form-select" id="role" name="role">
        % for value, words in roles:
        <option value="${value}"${' selected' if value == user.role else ''}>${words}</option>
        % endfor
      </select>
      ${parts.field_error("role", errors.get("role", ""))}
    </div>
    <div class="mn-form__foot"><button class="btn btn-primary" name="do" value="role">Set role</button></div>
  </form>
</section>
<section class="mn-panel" aria-labelledby="access-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="access-title">Access</h2></header>
  <form class="mn-form mn-panel__body" method="post" action="${here}">
    ${parts.csrf()}
    <p class="mn-muted">\
% if outside:
Signs in by ${"a directory" if outside == "directory" else "an identity provider"}: no password is kept here.\
% elif user.password_at:
Password set ${parts.age(user.password_at)}.\
% else:
Signs in with a password.\
% endif
${" A second step is set up." if with_step else ""}</p>
    <div class="mn-form__foot">
      % if not outside:
      <button class="btn btn-outline-secondary" name="do" value="password">${parts.icon("key")} New one-time password</button>
      % if not user.must_change:
      <button class="btn btn-outline-secondary" name="do" value="must-change">Have it changed</button>
      % endif
      % endif
      % if with_step:
      <button class="btn btn-outline-danger" name="do" value="second-step">Reset second step</button>
      % endif
      % if user.disabled:
      <button class="btn btn-outline-secondary" name="do" value="enable">Enable</button>
      % elif not own:
      <button class="btn btn-outline-danger" name="do" value="disable">Disable</button>
      % endif
    </div>
  </form>
</section>
</div>
<section class="mn-panel" aria-labelledby="grants-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="grants-title">On certain clusters</h2><p class="mn-panel__note">adds to the role</p></header>
  % if user.grants:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">What ${user.name} is on certain clusters</caption>
    <thead><tr><th scope="col">Clusters</th><th scope="col">Role</th><th scope="col">Granted</th><th scope="col"><span class="visually-hidden">Take away</span></th></tr></thead>
    <tbody>
    % for row in user.grants:
    <tr id="grant-${row.id}"><th scope="row" data-label="Clusters"><code class="mn-mono">${row.pattern}</code></th><td data-label="Role">${row.role}</td><td data-label="Granted">${parts.age(row.created_at)} by ${row.created_by}</td>
      <td class="mn-table__actions" data-label=""><form method="post" action="${here}">${parts.csrf()}<input type="hidden" name="grant" value="${row.id}"><button class="btn btn-sm btn-outline-danger" name="do" value="ungrant">Take away</button></form></td></tr>
    % endfor
    </tbody></table></div>
  % endif
  <form class="mn-form mn-panel__body" method="post" action="${here}" novalidate>
    ${parts.csrf()}
    <div class="mn-field mn-field--row">
      ${parts.text("pattern", "Clusters", value=given.get("pattern", ""), help="service/cluster, where * stands for any: hdfs/*, */dptst, hbase/dptst", error=errors.get("pattern", ""), mono=True, extra='maxlength="97" autocomplete="off" spellcheck="false"')}
      <div class="mn-field"><label class="form-label" for="grant-role">May act there as</label>
        <select class="form-select" id="grant-role" name="role">
          % for value in grantable:
          <option${' selected' if value == given.get("role", "operator") else ''}>${value}</option>
          % endfor
        </select></div>
    </div>
    <div class="mn-form__foot"><button class="btn btn-outline-primary" name="do" value="grant">${parts.icon("add")} Grant</button></div>
  </form>
</section>
<section class="mn-panel" aria-labelledby="signins-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="signins-title">Signed-in browsers</h2><p class="mn-panel__note">${show.count(len(sign_ins), "browser")}</p></header>
  % if sign_ins:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Browsers signed in as ${user.name}</caption>
    <thead><tr><th scope="col">Browser</th><th scope="col">From</th><th scope="col">Signed in</th><th scope="col">Used</th></tr></thead>
    <tbody>
    % for row in sign_ins:
    <tr><th scope="row" data-label="Browser"><span class="mn-ellipsis" title="${row.browser}">${people.browser(row.browser)}</span></th><td data-label="From">${row.address or "–"}</td><td data-label="Signed in">${parts.age(row.created_at)}</td><td data-label="Used">${parts.age(row.seen_at)}</td></tr>
    % endfor
    </tbody></table></div>
  <form class="mn-form mn-panel__body" method="post" action="${here}">${parts.csrf()}<div class="mn-form__foot"><button class="btn btn-outline-danger" name="do" value="sign-out">Sign out everywhere${" but here" if own else ""}</button></div></form>
  % endif
</section>
<section class="mn-panel" aria-labelledby="tokens-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="tokens-title">API tokens</h2><p class="mn-panel__note">${show.count(len(tokens), "token")}</p></header>
  % if tokens:
  ${people.tokens(tokens, f"API tokens of {user.name}", action=here)}
  % endif
</section>
% if not own:
<section class="mn-panel" aria-labelledby="delete-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="delete-title">Delete</h2><p class="mn-panel__note">browsers, tokens and grants go too; what they did keeps their name</p></header>
  <form class="mn-form mn-panel__body" method="post" action="${here}" novalidate>
    ${parts.csrf()}
    ${parts.text("confirm", f"Type {user.name}", error=errors.get("confirm", ""), extra='autocomplete="off" autocapitalize="off" spellcheck="false"')}
    <div class="mn-form__foot"><button class="btn btn-danger" name="do" value="delete">Delete ${user.name}</button></div>
  </form>
</section>
% endif
</div>
