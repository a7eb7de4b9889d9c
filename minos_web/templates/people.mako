## Pieces of the pages about users.
<%namespace name="parts" file="/parts.mako"/>

<%def name="shown_once(what, secret, note)">
<section class="mn-panel mn-once" aria-labelledby="once-title">
  <div class="mn-panel__body">
    <h2 class="mn-panel__title" id="once-title">${parts.icon("key")} ${what}</h2>
    <p class="mn-once__line"><code class="mn-mono" id="once">${secret}</code> <button type="button" class="btn btn-sm btn-outline-secondary" data-copy="#once">${parts.icon("copy")} Copy</button></p>
    <p class="mn-muted">${note}</p>
  </div>
</section>
</%def>

<%def name="select(bound)">
<div class="mn-field">
  <label class="form-label" for="${bound.name}">${bound.label.text}</label>
  <select class="form-select${' is-invalid' if bound.errors else ''}" id="${bound.name}" name="${bound.name}"${f' aria-describedby="{bound.name}-help"' if bound.description else '' | n}>
    % for value, text in bound.choices:
    <option value="${value}"${' selected' if value == bound.data else ''}>${text}</option>
    % endfor
  </select>
  % if bound.description:
  <p class="mn-field__help" id="${bound.name}-help">${bound.description}</p>
  % endif
  ${parts.field_error(bound.name, " ".join(str(e) for e in bound.errors))}
</div>
</%def>

<%!
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("Mac OS", "macOS"), ("Linux", "Linux"))
%>
<%def name="browser(text)">\
<%
    name = next((word for mark, word in BROWSERS if mark in text), text[:40] or "unknown browser")
    system = next((word for mark, word in SYSTEMS if mark in text), "")
%>\
${name}${f" on {system}" if system else ""}\
</%def>

<%def name="tokens(rows, caption, action='', users=False)">
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">${caption}</caption>
    <thead><tr>${'<th scope="col">User</th>' if users else '' | n}<th scope="col">Name</th><th scope="col">Begins with</th><th scope="col">May do</th><th scope="col">On</th><th scope="col">Made</th><th scope="col">Used</th><th scope="col">Ends</th>${'<th scope="col"><span class="visually-hidden">Revoke</span></th>' if action else '' | n}</tr></thead>
    <tbody>
    % for row in rows:
    <tr id="token-${row.id}" class="${'is-stale' if row.expires_at <= request.now else ''}">\
% if users:
<td data-label="User"><a href="${request.route_path('user', id=row.user_id)}">${row.user.name}</a></td>\
% endif
<th scope="row" data-label="Name">${row.name}</th><td data-label="Begins with"><code class="mn-mono">${row.hint or "–"}</code></td><td data-label="May do">${row.role}</td><td data-label="On" class="mn-table__words">${", ".join(row.clusters or []) or "all that its user may"}</td><td data-label="Made">${parts.age(row.created_at)}</td><td data-label="Used">${parts.age(row.used_at) if row.used_at else "never"}</td><td data-label="Ends">${parts.age(row.expires_at) if row.expires_at > request.now else "ended"}</td>\
% if action:
      <td class="mn-table__actions" data-label=""><form method="post" action="${action}">${parts.csrf()}<input type="hidden" name="token" value="${row.id}"><input type="hidden" name="revoke" value="${row.id}"><button class="btn btn-sm btn-outline-danger" name="do" value="revoke">Revoke</button></form></td>\
% endif
</tr>
    % endfor
    </tbody></table></div>
</%def>
