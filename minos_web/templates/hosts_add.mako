<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="wizard" file="/wizard_parts.mako"/>
<%namespace name="joined" file="/hosts_join.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('hosts'), "Hosts")}\
% if draft is None:
${parts.here("Add hosts")}\
% else:
${parts.crumb(request.route_path('hosts_add'), "Add hosts")}${parts.here(draft.title)}\
% endif
</%block>
<% here = request.route_path("hosts_draft", id=draft.id, step=step) if draft else request.route_path("hosts_add") %>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Add hosts${f": {draft.title}" if draft else ""}</h1><p class="mn-head__sub">\
% if draft and step != "names":
Kept here as you go: close the page and come back.\
% else:
A line for each host installs its worker; then see them arrive, mend what they lack, and give them to a cluster. <a href="${request.route_path('workers_install')}">What every host lacks, and the line by hand</a>\
% endif
</p></div>
  % if draft:
  <div class="mn-head__actions"><form method="post" action="${request.route_path('hosts_draft_delete', id=draft.id)}">${parts.csrf()}<button class="btn btn-outline-danger">${parts.icon("delete")} Delete this wizard</button></form></div>
  % endif
</header>
% if step == "names":
${names()}
% else:
<form class="mn-form" id="wizard" method="post" action="${here}">${parts.csrf()}${wizard.stages(stages)}</form>
% if errors:
<div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>${" ".join(errors.values())}</p></div>
% endif
% if step == "arrive":
${arriving(here)}
% elif step == "ready":
${ready(here)}
% elif step == "cluster":
${joined.choosing(here)}
% else:
${joined.result(here)}
% endif
% endif
</div>

<%def name="names()">
% if is_local:
<div class="mn-flash mn-flash--warning" role="note">${parts.icon("warning")}<p>The console calls itself <span class="mn-mono">${url}</span>: only this machine can reach that. Set <code>minos.url</code> (and <code>minos.wire</code>) in its ini to an address that hosts reach.</p></div>
% endif
% if drafts:
${wizard.open_drafts(drafts, "hosts_draft", "hosts_draft_delete", keep_days)}
% endif
% if lines:
<section class="mn-panel mn-once" aria-labelledby="lines-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="lines-title">${parts.icon("key")} ${show.count(len(lines), "install line")}</h2><p class="mn-panel__note">their tokens are not kept here: copy them now</p></header>
  <div class="mn-panel__body mn-stack">
    % for number, line in enumerate(lines):
    <div><p><b>On ${line.host}</b> <button type="button" class="btn btn-sm btn-outline-secondary" data-copy="#line-${number}" aria-label="Copy the line for ${line.host}">${parts.icon("copy")} Copy</button></p>
    <pre class="mn-code mn-code--wrap" tabindex="0" id="line-${number}">${line.text}</pre></div>
    % endfor
    <p class="mn-muted">The line fetches a script, compares it with its SHA-256, and runs it. Needs Python 3.11 or newer with venv, curl and, for a service, systemd. A host that shows its token is approved by itself.</p>
    <div class="mn-form__foot"><a class="btn btn-primary" href="${request.route_path('hosts_draft', id=draft.id, step='arrive')}">Next: see them arrive ${parts.icon("arrow-right")}</a></div>
  </div>
</section>
% else:
<form class="mn-form mn-stack" id="wizard" method="post" action="${request.route_path('hosts_add')}" novalidate>
  ${parts.csrf()}
  ${wizard.stages(stages, False)}
  <section class="mn-panel" aria-labelledby="names-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="names-title">Which hosts</h2></header>
  <div class="mn-panel__body">
  <div class="mn-field"><label class="form-label" for="hosts">Hosts</label>
    <textarea class="form-control mn-mono${' is-invalid' if form.hosts.errors else ''}" id="hosts" name="hosts" rows="4" spellcheck="false" autocapitalize="off" aria-describedby="hosts-help"${'' if form.hosts.errors else ' autofocus'}>${form.hosts.data or ""}</textarea>
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
  <div class="mn-form__foot"><button class="btn btn-primary">${parts.icon("key")} Make install lines</button><a class="btn btn-outline-secondary" href="${request.route_path('hosts')}">Cancel</a></div>
  </div></section>
</form>
% endif
</%def>

<%def name="arriving(here)">
<form class="mn-form mn-stack" method="post" action="${here}">
  ${parts.csrf()}
  <section class="mn-panel" aria-labelledby="arrive-title">
    <header class="mn-panel__head"><h2 class="mn-panel__title" id="arrive-title">Hello and approval</h2><p class="mn-panel__note">this list follows by itself</p></header>
    <div id="arrivals" hx-get="${here}" hx-select="#arrivals" hx-trigger="every 4s" hx-swap="outerMorph">
    <% bad = [one for one in arrivals if one.result and not one.result[0] and not one.approved] %>
    <p class="mn-panel__body mn-muted" role="status">${sum(one.approved for one in arrivals)} of ${show.count(len(arrivals), "host")} approved${f", {sum(one.waits for one in arrivals)} waiting for you" if any(one.waits for one in arrivals) else ""}${f", {sum(one.host is None for one in arrivals)} not heard of yet" if any(one.host is None for one in arrivals) else ""}.</p>
    <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
      <caption class="visually-hidden">Hosts that are awaited</caption>
      <thead><tr><th scope="col">Host</th><th scope="col">State</th><th scope="col">Fingerprint of its key</th><th scope="col">Last beat</th><th scope="col">Result</th></tr></thead>
      <tbody>
      % for one in arrivals:
      <tr id="arrival-${one.name}"><th scope="row" data-label="Host">\
% if one.waits:
<label class="mn-tick"><input class="form-check-input" type="checkbox" id="tick-${one.host.id}" name="host" value="${one.host.id}" aria-label="${one.name}"> ${one.name}</label>\
% else:
${one.name}\
% endif
</th><td data-label="State">\
% if one.badge:
${parts.status(one.badge, since=False)}\
% else:
<span class="mn-status mn-status--waiting"><svg class="mn-icon" aria-hidden="true"><use href="${icons_url}#status-waiting"/></svg><span class="mn-status__word">not heard of yet</span></span>\
% endif
</td><td data-label="Fingerprint">\
% if one.fingerprint:
<code class="mn-mono mn-break">${one.fingerprint}</code>\
% elif one.token:
<span class="mn-muted">its token ends ${parts.age(one.token.expires_at)}</span>\
% else:
<span class="mn-muted">its token is used or has ended: <a href="${request.route_path('hosts_add', _query={'host': one.name})}">make another line</a></span>\
% endif
</td><td data-label="Last beat">${parts.age(one.host.beat_at if one.host else None)}</td><td data-label="Result">${one.result[1] if one.result else "–"}</td></tr>
      % endfor
      </tbody></table></div>
    % if any(one.waits for one in arrivals):
    <div class="mn-panel__body"><p class="mn-field__help mn-flat">Run <code>minos-worker --fingerprint worker.ini</code> on the host, compare what it prints, tick it, approve.</p>
      <div class="mn-form__foot"><button class="btn btn-primary" name="do" value="approve">${parts.icon("approve")} Approve the ticked ones</button><button class="btn btn-outline-danger" name="do" value="reject">${parts.icon("reject")} Reject the ticked ones</button></div></div>
    % endif
    % if bad:
    <div class="mn-panel__body"><button class="btn btn-outline-primary" name="do" value="again">${parts.icon("retry")} Try again the ${show.count(len(bad), "one")} that failed</button></div>
    % endif
    </div>
  </section>
</form>
% if others:
<form class="mn-form mn-panel" method="post" action="${here}">
  ${parts.csrf()}
  <details class="mn-more"><summary>${show.count(len(others), "other worker")} ${"waits" if len(others) == 1 else "wait"} for approval</summary>
  <p class="mn-field__help">One may be yours, under another name than you expected.</p>
  % for host, print_ in others:
  <label class="form-check"><input class="form-check-input" type="checkbox" name="host" value="${host.id}"><span class="form-check-label">${host.name} <span class="mn-muted">${host.address}</span> <code class="mn-mono mn-break">${print_}</code></span></label>
  % endfor
  <div class="mn-form__foot"><button class="btn btn-outline-secondary" name="do" value="take">Take the ticked ones into this list</button></div>
  </details>
</form>
% endif
${onward("ready", "Next: what they lack")}
</%def>

<%def name="ready(here)">
<section class="mn-panel" aria-labelledby="ready-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="ready-title">What they lack</h2><p class="mn-panel__note">this list follows by itself</p></header>
  <div id="lacks" hx-get="${here}" hx-select="#lacks" hx-trigger="every 4s" hx-swap="outerMorph">
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Each host with what its worker tells, and what it lacks</caption>
    <thead><tr><th scope="col">Host</th><th scope="col">Ready</th><th scope="col">Java</th><th scope="col" class="mn-num">Cores</th><th scope="col" class="mn-num">Free memory</th><th scope="col" class="mn-num">Free disk</th><th scope="col">Lacks</th></tr></thead>
    <tbody>
    % for one in arrivals:
    <% facts = one.host.facts if one.host else {} %>
    <tr><th scope="row" data-label="Host">\
% if one.approved:
<a href="${request.route_path('host', name=one.name)}">${one.name}</a>\
% else:
${one.name}\
% endif
</th><td data-label="Ready">${verdict(one)}</td><td data-label="Java">${facts.get("java") or "–"}</td><td data-label="Cores" class="mn-num">${facts.get("cores") or "–"}</td><td data-label="Free memory" class="mn-num">${show.size(one.machine.memory) if one.machine and one.machine.memory else "–"}</td><td data-label="Free disk" class="mn-num">${show.size(one.machine.disk) if one.machine and one.machine.disk else "–"}</td><td data-label="Lacks">\
% if one.host is None:
a worker: it was not heard of yet\
% elif one.lacks:
<ul class="mn-plainlist">\
% for lack in one.lacks:
<li><b>${lack.what}</b>: ${lack.advice}</li>\
% endfor
</ul>\
% else:
<span class="mn-muted">nothing</span>\
% endif
</td></tr>
    % endfor
    </tbody></table></div>
  </div>
  <p class="mn-panel__body mn-field__help mn-flat">Open files and core dumps are limits of the host's own unit (<code>LimitNOFILE</code>); a task that asks for more is refused when it starts, with a sentence. Ports, directories and room for the package are looked at again before anything is bootstrapped.</p>
</section>
${onward("cluster", "Next: into a cluster")}
<p><a href="${request.route_path('hosts')}">Enough: go to the hosts</a></p>
</%def>

<%def name="verdict(one)">\
<% kind, word = ("done", "ready") if one.approved and not one.lacks else ("failed", "not yet") %>\
<span class="mn-status mn-status--${kind}"><svg class="mn-icon" aria-hidden="true"><use href="${icons_url}#status-${kind}"/></svg><span class="mn-status__word">${word}</span></span>\
</%def>

<%def name="onward(target, text)">
<div class="mn-form__foot"><button class="btn btn-primary" form="wizard" name="go" value="${target}">${text} ${parts.icon("arrow-right")}</button></div>
</%def>
