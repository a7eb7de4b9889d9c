<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="people" file="/people.mako"/>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Users</h1><p class="mn-head__sub">${show.count(len(users), "user")}</p></div></header>
% if shown:
${people.shown_once(f"Password of {shown[0]}", shown[1], "It is not shown again: hand it over now. They can change it on their account page.")}
% endif
<section class="mn-panel" aria-label="Users">
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Users</caption>
    <thead><tr><th scope="col">Name</th><th scope="col">State</th><th scope="col">Since</th><th scope="col">Role</th><th scope="col"><span class="visually-hidden">Change</span></th></tr></thead>
    <tbody>
    % for user in users:
    <tr id="user-${user.id}" class="${'is-stale' if user.disabled else ''}">
      <th scope="row" data-label="Name">${user.name}${" (you)" if user.id == own else ""}</th>
      <td data-label="State">${"disabled" if user.disabled else "active"}${", two steps" if user.id in with_step else ""}</td>
      <td data-label="Since">${parts.age(user.created_at)}</td>
      <td data-label="Role"><form class="mn-inline" method="post" action="${request.route_path('users')}">${parts.csrf()}<input type="hidden" name="user" value="${user.id}">
        <select class="form-select form-select-sm" name="role" aria-label="Role of ${user.name}">
          % for role in roles:
          <option${' selected' if role == user.role else ''}>${role}</option>
          % endfor
        </select> <button class="btn btn-sm btn-outline-secondary" name="do" value="role">Set</button></form></td>
      <td class="mn-table__actions" data-label=""><form class="mn-inline" method="post" action="${request.route_path('users')}">${parts.csrf()}<input type="hidden" name="user" value="${user.id}">
        <button class="btn btn-sm btn-outline-secondary" name="do" value="password">${parts.icon("key")} New password</button>
        % if user.id in with_step:
        <button class="btn btn-sm btn-outline-danger" name="do" value="second-step">Reset second step</button>
        % endif
        % if user.disabled:
        <button class="btn btn-sm btn-outline-secondary" name="do" value="enable">Enable</button>
        % elif user.id != own:
        <button class="btn btn-sm btn-outline-danger" name="do" value="disable">Disable</button>
        % endif
        </form></td>
    </tr>
    % endfor
    </tbody></table></div>
</section>
<section class="mn-panel" aria-labelledby="add-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="add-title">Add a user</h2><p class="mn-panel__note">a first password is made up and shown once</p></header>
  <form class="mn-form mn-panel__body" method="post" action="${request.route_path('users')}" novalidate>
    ${parts.csrf()}
    <div class="mn-field mn-field--row">
      ${parts.form_field(form.name, 'autocomplete="off" autocapitalize="off" spellcheck="false"')}
      ${people.select(form.role)}
    </div>
    <div class="mn-form__foot"><button class="btn btn-primary" name="do" value="add">${parts.icon("add")} Add user</button></div>
  </form>
</section>
</div>
