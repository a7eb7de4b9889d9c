<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="people" file="/people.mako"/>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Users</h1><p class="mn-head__sub">${counts}</p></div></header>
% if shown:
${people.shown_once(f"One-time password of {shown[0].name}", shown[1], f"It is not shown again: hand it over now. It signs in for {code_hours} hours, and only to be changed.")}
% endif
<section class="mn-panel" aria-label="Users">
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Users</caption>
    <thead><tr><th scope="col">Name</th><th scope="col">Role</th><th scope="col">On clusters</th><th scope="col">State</th><th scope="col">Seen</th><th scope="col">Since</th></tr></thead>
    <tbody>
    % for user in users:
    <tr id="user-${user.id}" class="${'is-stale' if user.disabled else ''}">
      <th scope="row" data-label="Name"><a href="${request.route_path('user', id=user.id)}">${user.name}</a>${" (you)" if user.id == own else ""}</th>
      <td data-label="Role">${user.role}</td>
      <td data-label="On clusters" class="mn-table__words">${", ".join(f"{one.role} on {one.pattern}" for one in user.grants) or "–"}</td>
      <td data-label="State">${"disabled" if user.disabled else "has to change the password" if user.must_change else "active"}${", two steps" if user.id in with_step else ""}</td>
      <td data-label="Seen">${parts.age(seen[user.id]) if user.id in seen else "–"}</td>
      <td data-label="Since">${parts.age(user.created_at)}</td>
    </tr>
    % endfor
    </tbody></table></div>
</section>
<section class="mn-panel" aria-labelledby="add-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="add-title">Add a user</h2><p class="mn-panel__note">a one-time password is made up and shown once; what they may do on certain clusters is set on their page</p></header>
  <form class="mn-form mn-panel__body" method="post" action="${request.route_path('users')}" novalidate>
    ${parts.csrf()}
    <div class="mn-field mn-field--row">
      ${parts.form_field(form.name, 'autocomplete="off" autocapitalize="off" spellcheck="false"')}
      ${people.select(form.role)}
    </div>
    <div class="mn-form__foot"><button class="btn btn-primary" name="do" value="add">${parts.icon("add")} Add user</button></div>
  </form>
</section>
<section class="mn-panel" aria-labelledby="tokens-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="tokens-title">API tokens of all users</h2><p class="mn-panel__note">${show.count(len(tokens), "token")}; revoked on the page of their user</p></header>
  % if tokens:
  ${people.tokens(tokens, "All API tokens", users=True)}
  % endif
</section>
</div>
