## Mail addresses of users of HDFS: the list, one user, many at once.
<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text">
  <h1 class="mn-head__title">Addresses of HDFS users</h1>
  <p class="mn-head__sub">Who has addresses here gets mail when the quota of <code>/user/&lt;name&gt;</code> is nearly used up or well again, and the reports of quotas, in every cluster.</p>
</div></header>
% if notes:
<section class="mn-panel" aria-labelledby="notes-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="notes-title">${show.count(taken, "user")} taken in; ${show.count(len(notes), "remark")}</h2></header>
  <ul class="mn-plainlist mn-panel__body">
  % for note in notes[:200]:
  <li class="mn-break">${note}</li>
  % endfor
  % if len(notes) > 200:
  <li>and ${len(notes) - 200} more</li>
  % endif
  </ul>
</section>
% endif
<section class="mn-panel" aria-labelledby="users-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="users-title">Users</h2><p class="mn-panel__note">${f"{page.total:,} of {total:,}" if q else show.count(total, "user")}</p></header>
  % if total:
  <div class="mn-panel__body"><form class="mn-filters" method="get" role="search"><label class="visually-hidden" for="q">Filter users</label><input class="form-control form-control-sm" id="q" name="q" type="search" placeholder="Part of a name or address" value="${q}"><button class="btn btn-sm btn-outline-secondary">${parts.icon("filter")} Filter</button></form></div>
  % endif
  % if page.total:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Users of HDFS with addresses</caption>
    <thead><tr><th scope="col">User</th><th scope="col">Addresses</th><th scope="col"><span class="visually-hidden">Forget</span></th></tr></thead>
    <tbody>
    % for user, mine in page.items:
    <tr><th scope="row" class="mn-break">${user}</th><td data-label="Addresses" class="mn-break">${", ".join(mine)}</td>
      <td class="mn-table__actions" data-label="">\
% if frame.admin:
<form method="post" action="${here}">${parts.csrf()}<button class="mn-iconbtn" name="forget" value="${user}" aria-label="Forget ${user}" title="Forget">${parts.icon("delete")}</button></form>\
% endif
</td></tr>
    % endfor
    </tbody></table></div>
  <div class="mn-panel__body">${parts.pager(page, "users")}</div>
  % elif total:
  <%parts:empty icon_name="filter" heading="Nothing fits"><p><a href="${here}">Show all</a></p></%parts:empty>
  % else:
  <%parts:empty icon_name="users" heading="No addresses"><p>Without addresses the quotas' news go where the routes of notifications say, and users hear nothing.</p></%parts:empty>
  % endif
</section>
% if frame.admin:
<div class="mn-grid mn-grid--2">
<form class="mn-form mn-panel mn-panel__body" method="post" action="${here}" novalidate>
  ${parts.csrf()}
  <h2 class="mn-panel__title">One user</h2>
  ${parts.text("user", "User", value=given.get("user", ""), help="As HDFS calls it: the name of the directory below /user.", error=errors.get("user", ""), extra='maxlength="128" autocomplete="off" autocapitalize="off" spellcheck="false"')}
  ${parts.text("addresses", "Addresses", value=given.get("addresses", ""), help="One or more, with blanks or commas between them.", error=errors.get("addresses", ""), extra='autocomplete="off"')}
  <div class="mn-form__foot"><button class="btn btn-primary" name="do" value="keep">${parts.icon("save")} Keep</button></div>
</form>
<form class="mn-form mn-panel mn-panel__body" method="post" action="${here}" novalidate>
  ${parts.csrf()}
  <h2 class="mn-panel__title">A list</h2>
  <%parts:field name="list" label="Users and addresses" help="As in kerberos_ids.txt: on each line a user or principal, then addresses; # begins a comment. Users that are not in it stay." error="${errors.get('list', '')}">
    <textarea class="form-control mn-mono${' is-invalid' if 'list' in errors else ''}" id="list" name="list" rows="6" spellcheck="false" required aria-describedby="list-help${' list-error' if 'list' in errors else ''}">${given.get("list", "")}</textarea>
  </%parts:field>
  <div class="mn-form__foot"><button class="btn btn-outline-primary" name="do" value="list">${parts.icon("upload")} Take it in</button></div>
</form>
</div>
% endif
</div>
