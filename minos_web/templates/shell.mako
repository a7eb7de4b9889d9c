<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="ch" file="/cluster_head.mako"/>
<%block name="crumbs">${parts.way(cluster)}${parts.here("Shell")}</%block>
<%
    at = {"service": cluster.service, "cluster": cluster.name}
    here = request.route_path("cluster_shell", **at)
    def error_of(name): return show.sentence(refused.message) if refused and refused.field == name else ""
    def again(one): return request.route_path("cluster_shell", _query={"command": one.command, "words": one.words}, **at)
    reading = [command.name for command in commands if command.interactive]
%>
<div class="mn-stack">
<div id="cluster-head" hx-get="${here}" hx-select="#cluster-head" hx-trigger="every 5s" hx-swap="outerMorph">${ch.head("shell")}</div>
${ch.tabs("shell")}
% if refused and refused.field not in ("command", "words", "host", "seconds", "file"):
<div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>${show.sentence(refused.message)}</p></div>
% endif
% if not commands:
<%parts:empty icon_name="terminal" heading="${service_title} has no client commands"><p>Its service folder names none: <code>[[commands]]</code> in <code>service.toml</code>.</p></%parts:empty>
% elif not hosts:
<%parts:empty icon_name="hosts" heading="No host to run anything on"><p>None of this cluster's hosts has an approved worker. <a href="${request.route_path('hosts')}">Go to the hosts</a></p></%parts:empty>
% else:
<form class="mn-form mn-form--wide mn-panel mn-panel__body" method="post" action="${here}" enctype="multipart/form-data" data-shell>
  ${parts.csrf()}
  <div class="mn-shell">
    <%parts:field name="command" label="Command" error="${error_of('command')}">
      <select class="form-select mn-mono" id="command" name="command" data-shell-command>
      % for command in commands:
      <option value="${command.name}" data-example="${command.example}" data-title="${command.title}${'; reads lines while it runs' if command.interactive else ''}"${" selected" if command.name == chosen else ""}>${command.name}</option>
      % endfor
      </select>
    </%parts:field>
    <%parts:field name="words" label="What follows it" help="Words are split as a shell does; a shell is not asked." error="${error_of('words')}">
      <input class="form-control mn-mono${' is-invalid' if error_of('words') else ''}" id="words" name="words" value="${given.get('words', '')}" placeholder="${next((c.example for c in commands if c.name == chosen), '')}" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="8000" aria-describedby="words-help" autofocus>
    </%parts:field>
    <%parts:field name="host" label="On host" error="${error_of('host')}">
      <select class="form-select" id="host" name="host">
      % for host in hosts:
      <option value="${host.name}"${" selected" if host.name == given.get("host") else ""}>${host.name}</option>
      % endfor
      </select>
    </%parts:field>
  </div>
  <details class="mn-more"${" open" if error_of("file") or error_of("seconds") else ""}>
    <summary>Files for it, and how long it may take</summary>
    <div class="mn-form__row">
      <%parts:field name="file" label="Files" help="They lie in the directory in which it runs; 256 MiB each." error="${error_of('file')}" optional="${True}">
        <input class="form-control" type="file" id="file" name="file" multiple aria-describedby="file-help">
      </%parts:field>
      ${parts.text("minutes", "Minutes", given.get("minutes", usual_minutes), help="It is ended when it takes longer.", error=error_of("seconds"), optional=True, extra='inputmode="decimal" autocomplete="off"')}
    </div>
  </details>
  <div class="mn-form__foot">
    <button class="btn btn-primary">${parts.icon("terminal")} Run</button>
    <p class="mn-muted" data-shell-title>${next((c.title for c in commands if c.name == chosen), "")}</p>
  </div>
</form>
% endif
% if saved:
<section class="mn-panel" aria-labelledby="saved-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="saved-title">Kept commands</h2><p class="mn-panel__note">for every ${service_title} cluster</p></header>
  <ul class="mn-kept">
  % for one in saved:
    <li><a href="${again(one)}"><b>${one.name}</b> <code>${one.command} ${one.words}</code></a> <span class="mn-muted">${one.created_by}</span>
      <form method="post" action="${request.route_path('saved_delete', id=one.id, **at)}">${parts.csrf()}<button class="mn-iconbtn" aria-label="Delete ${one.name}" title="Delete">${parts.icon("delete")}</button></form></li>
  % endfor
  </ul>
</section>
% endif
<section class="mn-panel" aria-labelledby="runs-title" id="runs" hx-get="${request.current_route_path(_query=list(request.GET.items()))}" hx-select="#runs" hx-trigger="every 3s" hx-swap="outerMorph">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="runs-title">What was run</h2><p class="mn-panel__note">newest first</p></header>
  % if page.total:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Commands that were run on ${cluster.name}</caption>
    <thead><tr><th scope="col">Command</th><th scope="col">State</th><th scope="col">Host</th><th scope="col">By</th><th scope="col">When</th><th scope="col" class="mn-num">Took</th><th scope="col"><span class="visually-hidden">Again</span></th></tr></thead>
    <tbody>
    % for run, one_badge in page.items:
    <tr id="run-${run.id}">
      <th scope="row" data-label="Command"><a class="mn-ellipsis" href="${request.route_path('run', id=run.id)}" title="${run.command} ${run.words}"><code>${run.command} ${run.words}</code></a></th>
      <td data-label="State">${parts.status(one_badge, since=False)}</td>
      <td data-label="Host">${run.step.args.get("host", "")}</td>
      <td data-label="By">${run.created_by}</td>
      <td data-label="When">${parts.age(run.created_at)}</td>
      <td data-label="Took" class="mn-num">${show.duration(run.step.ended_at - run.step.sent_at) if run.step.ended_at and run.step.sent_at else "–"}</td>
      <td data-label=""><a class="btn btn-sm btn-link" href="${again(run)}">Again…</a></td>
    </tr>
    % endfor
    </tbody>
  </table></div>
  <div class="mn-panel__body">${parts.pager(page, "runs")}</div>
  % else:
  <%parts:empty icon_name="terminal" heading="Nothing was run here yet"><p>What you run stays listed here with its output.</p></%parts:empty>
  % endif
</section>
</div>
