<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('hosts'), "Hosts")}${parts.here("Add hosts")}</%block>
<%
    ways = {"install": "", "hosts": request.route_path("hosts"), "upgrade": request.route_path("workers_upgrade") if frame.admin else ""}
    advised = lambda one, lack: request.route_path("host", name=one.name) if lack.way == "host" else ways[lack.way]
%>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Add hosts</h1><p class="mn-head__sub">A line for each host: typed there once, it installs the worker, starts it as a service, and lets it in.</p></div></header>

% if is_local:
<div class="mn-flash mn-flash--warning" role="note">${parts.icon("warning")}<p>The console calls itself <span class="mn-mono">${url}</span>: only this machine can reach that. Set <code>minos.url</code> (and <code>minos.wire</code>) in its ini to an address that hosts reach.</p></div>
% endif

% if lines:
<section class="mn-panel mn-once" aria-labelledby="lines-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="lines-title">${parts.icon("key")} ${show.count(len(lines), "install line")}</h2><p class="mn-panel__note">their tokens are not kept here: copy them now</p></header>
  <div class="mn-panel__body mn-stack">
    % for number, line in enumerate(lines):
    <div><p><b>On ${line.host}</b> <button type="button" class="btn btn-sm btn-outline-secondary" data-copy="#line-${number}" aria-label="Copy the line for ${line.host}">${parts.icon("copy")} Copy</button></p>
    <pre class="mn-code mn-code--wrap" tabindex="0" id="line-${number}">${line.text}</pre></div>
    % endfor
    <p class="mn-muted">The line fetches a script, compares it with its SHA-256, and runs it; the script in turn compares all that it fetches. Needs Python 3.11 or newer with venv, curl and, for a service, systemd. Add <code>--no-service</code> to start it by other means.</p>
  </div>
</section>
% endif

% if frame.operator:
<form class="mn-form mn-panel mn-panel__body" method="post" action="${request.route_path('workers_install')}" novalidate>
  ${parts.csrf()}
  <h2 class="mn-panel__title">Install lines</h2>
  <div class="mn-field"><label class="form-label" for="hosts">Hosts</label>
    <textarea class="form-control mn-mono${' is-invalid' if form.hosts.errors else ''}" id="hosts" name="hosts" rows="4" spellcheck="false" autocapitalize="off" aria-describedby="hosts-help">${form.hosts.data or ""}</textarea>
    <p class="mn-field__help" id="hosts-help">${form.hosts.description}</p>
    ${parts.field_error("hosts", " ".join(str(e) for e in form.hosts.errors))}</div>
  <div class="mn-field mn-field--row">
    ${parts.form_field(form.hours, 'inputmode="numeric"')}
    ${parts.form_field(form.user, 'autocomplete="off" autocapitalize="off" spellcheck="false"')}
  </div>
  <div class="mn-field mn-field--row">
    ${parts.form_field(form.root, 'spellcheck="false"')}
    ${parts.form_field(form.data_dirs, 'spellcheck="false"')}
  </div>
  <div class="mn-form__foot"><button class="btn btn-primary">${parts.icon("key")} Make install lines</button></div>
</form>
% endif

<section class="mn-panel" aria-labelledby="lacks-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="lacks-title">What each host lacks</h2><p class="mn-panel__note">${f"{show.count(lacking, 'host')} of {page.total}" if page.total else ""}</p></header>
  <div id="lacks" hx-get="${request.route_path('workers_install')}" hx-select="#lacks" hx-trigger="every 4s" hx-swap="outerMorph">
  % if page.total:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Hosts with what they lack</caption>
    <thead><tr><th scope="col">Host</th><th scope="col">Address</th><th scope="col">Worker</th><th scope="col">Lacks</th></tr></thead>
    <tbody>
    % for one in page.items:
    <tr><th scope="row" data-label="Host">\
% if one.host and one.host.state == "approved":
<a href="${request.route_path('host', name=one.name)}">${one.name}</a>\
% else:
${one.name}\
% endif
</th><td data-label="Address">${one.address}</td><td data-label="Worker">${(one.host.worker_version or "–") if one.host else "none"}</td>
      <td data-label="Lacks">\
% if one.lacks:
<ul class="mn-plainlist">\
% for lack in one.lacks:
<li><b>${lack.what}</b>: ${lack.advice}\
% if advised(one, lack):
 <a href="${advised(one, lack)}" aria-label="Mend ${lack.what} of ${one.name}">Go there</a>\
% endif
</li>\
% endfor
</ul>\
% else:
<span class="mn-muted">nothing</span>\
% endif
</td></tr>
    % endfor
    </tbody></table></div>
  % if page.pages > 1:
  <div class="mn-panel__body">${parts.pager(page, "hosts")}</div>
  % endif
  % else:
  <%parts:empty icon_name="hosts" heading="No host is known or wanted yet"><p>Name the first ones above.</p></%parts:empty>
  % endif
  </div>
</section>

% if tokens:
<section class="mn-panel" aria-labelledby="tokens-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="tokens-title">Open tokens</h2><p class="mn-panel__note">each lets one host in, once</p></header>
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Join tokens that were not used yet</caption>
    <thead><tr><th scope="col">For host</th><th scope="col">Made</th><th scope="col">Ends</th><th scope="col"><span class="visually-hidden">Revoke</span></th></tr></thead>
    <tbody>
    % for row in tokens[:200]:
    <tr id="token-${row.id}"><th scope="row" data-label="For host">${row.host_name}</th><td data-label="Made"><span>${parts.age(row.created_at)} by ${row.created_by}</span></td><td data-label="Ends">${parts.age(row.expires_at)}</td><td class="mn-table__actions" data-label="">\
% if frame.operator:
<form method="post" action="${request.route_path('workers_token', id=row.id)}">${parts.csrf()}<button class="btn btn-sm btn-outline-danger" aria-label="Revoke the token for ${row.host_name}">Revoke</button></form>\
% endif
</td></tr>
    % endfor
    </tbody></table></div>
</section>
% endif

<section class="mn-panel" aria-labelledby="hand-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="hand-title">By hand</h2></header>
  <div class="mn-panel__body"><details class="mn-more"><summary>What the line would write</summary>
    <p>Whatever installs the worker on your hosts, its <code>worker.ini</code> needs these keys; without a <code>join_token</code> the host waits on the hosts page until somebody compares its fingerprint.</p>
    <pre class="mn-code" tabindex="0">[worker]
console = ${wire}
console_key = ${key}
root = /home/work/minos</pre>
    <p>A unit of systemd must end only the worker itself, never what it supervises:</p>
    <pre class="mn-code" tabindex="0">[Service]
ExecStart=/home/work/minos/environment/bin/minos-worker /home/work/minos/worker.ini
User=minos
Restart=always
KillMode=process
OOMPolicy=continue
Delegate=yes
TasksMax=infinity
LimitNOFILE=1048576</pre>
    <p>The script of this console: <a href="${request.route_path('install_script')}">worker.sh</a>, SHA-256 <span class="mn-mono">${digest}</span>.</p>
  </details></div>
</section>
</div>
