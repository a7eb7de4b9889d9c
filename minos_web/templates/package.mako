<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="spreads" file="/spread_parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('packages'), "Packages")}${parts.here(package.name)}</%block>
<% here = request.route_path("package", id=package.id) %>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text">
  <p class="mn-head__kind">Package of ${package.artifact}</p>
  <h1 class="mn-head__title">${package.name}</h1>
  <p class="mn-head__sub">Revision ${package.revision}, ${show.size(package.size)}, uploaded ${parts.age(package.uploaded_at)} by ${package.uploaded_by}.</p>
</div>
<div class="mn-head__actions">
  % if package.state == "ready" and there:
  <a class="btn btn-outline-secondary" href="${request.route_path('api_package_file', id=package.id)}">${parts.icon("download")} Download</a>
  % endif
  % if frame.deployer:
  <a class="btn btn-outline-danger" href="#delete-dialog" data-dialog-open="delete-dialog">${parts.icon("delete")} Delete…</a>
  % endif
</div></header>
% if refused:
${parts.flash("danger", refused)}
% endif
% if package.state == "quarantined":
<div class="mn-flash mn-flash--danger">${parts.icon("error")}<p><b>In quarantine: no host would unpack it.</b> ${show.sentence(package.reason)} Correct the archive and upload it again; this one is deleted after a week.</p></div>
% elif package.state == "damaged":
<div class="mn-flash mn-flash--danger">${parts.icon("error")}<p><b>Damaged on the console's disk.</b> ${show.sentence(package.reason)} No cluster finds it; hosts that have it go on. Upload the same file again, or restore it from a copy.</p></div>
% elif not there:
<div class="mn-flash mn-flash--danger">${parts.icon("error")}<p><b>Its file is gone from the console's disk.</b> Hosts that have it go on; no other host can get it. Upload the same file again.</p></div>
% endif
% for text in inside.notes if inside else ():
<div class="mn-flash mn-flash--warning">${parts.icon("warning")}<p>${show.sentence(text)}</p></div>
% endfor

<section class="mn-panel" aria-labelledby="what-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="what-title">What it is</h2></header>
  <div class="mn-panel__body"><dl class="mn-kv">
    <dt>Version</dt><dd>${package.version or "none in its name"}</dd>
    <dt>Last read anew</dt><dd>${parts.age(package.checked_at) if package.checked_at else "not since it came"}</dd>
    <dt>On hosts</dt><dd>${", ".join(host.name for host in holders[:12]) or "none"}${f" and {len(holders) - 12} more" if len(holders) > 12 else ""}</dd>
    <dt>Timestamp</dt><dd class="mn-mono">${package.timestamp}</dd>
    <dt>SHA-256</dt><dd><code class="mn-mono mn-break">${package.sha256}</code> <button type="button" class="mn-iconbtn" data-copy-text="${package.sha256}" aria-label="Copy SHA-256" title="Copy SHA-256">${parts.icon("copy")}</button></dd>
    <dt>SHA-1</dt><dd><code class="mn-mono mn-break">${package.sha1}</code></dd>
    % if inside:
    <dt>Unpacked</dt><dd>${show.size(inside.bytes)} in ${show.count(inside.members, "member")}${f", all below {inside.top}" if inside.top else ""}</dd>
    % endif
  </dl></div>
</section>

% if package.state == "ready":
<section class="mn-panel" aria-labelledby="uses-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="uses-title">Where it is used</h2>${f'<p class="mn-panel__note">{show.count(len(uses), "cluster")}</p>' if uses else "" | n}</header>
  % if uses:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Clusters that use ${package.name}</caption>
    <thead><tr><th scope="col">Cluster</th><th scope="col" class="mn-num">Tasks that run from it</th><th scope="col">On hosts</th><th scope="col">Its cluster file</th></tr></thead>
    <tbody>
    % for use in uses:
    <tr>
      <th scope="row" data-label="Cluster"><a href="${request.route_path('cluster', service=use.cluster.service, cluster=use.cluster.name)}">${use.cluster.service} ${use.cluster.name}</a></th>
      <td data-label="Tasks that run from it" class="mn-num">${len(use.tasks)}</td>
      <td data-label="On hosts"><span>${", ".join(sorted(use.hosts)[:6])}${f" and {len(use.hosts) - 6} more" if len(use.hosts) > 6 else ""}</span></td>
      <td data-label="Its cluster file">${"asks for it: the next bootstrap or update brings it" if use.named else "asks for another one"}</td>
    </tr>
    % endfor
    </tbody>
  </table></div>
  % else:
  <div class="mn-panel__body"><p class="mn-muted">No cluster asks for it, and no task runs from it.</p></div>
  % endif
</section>
% endif

% if spread:
${spreads.panel(spread, package, "Hosts that fetched it")}
% endif
% if inside:
% if inside.jars:
<section class="mn-panel" aria-labelledby="jars-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="jars-title">Jars</h2><p class="mn-panel__note">${show.count(len(inside.jars), "jar")}</p></header>
  <details class="mn-panel__body"><summary>Show them, with the versions that their names say</summary>
  <div class="mn-tablewrap"><table class="mn-table">
    <caption class="visually-hidden">Jars of ${package.name}</caption>
    <thead><tr><th scope="col">Jar</th><th scope="col">Version</th><th scope="col">Path</th></tr></thead>
    <tbody>
    % for jar in sorted(inside.jars, key=lambda jar: (jar.name, jar.version, jar.path)):
    <tr><th scope="row">${jar.name}</th><td class="mn-mono">${jar.version or "–"}</td><td class="mn-mono mn-break">${jar.path}</td></tr>
    % endfor
    </tbody>
  </table></div></details>
</section>
% endif
<section class="mn-panel" aria-labelledby="contents-title" id="contents">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="contents-title">Contents</h2><p class="mn-panel__note">${show.count(members.total, "file")}${" shown of more" if len(inside.listed) < inside.members and len(inside.listed) >= 5000 else ""}</p></header>
  <form class="mn-panel__body mn-filters" method="get" action="${here}#contents"><label class="visually-hidden" for="q">Path</label><input class="form-control form-control-sm" type="search" id="q" name="q" placeholder="Part of a path" value="${wanted}"><button class="btn btn-sm btn-outline-secondary">${parts.icon("filter")} Filter</button></form>
  % if members.total:
  <div class="mn-tablewrap"><table class="mn-table">
    <caption class="visually-hidden">Files of ${package.name}</caption>
    <thead><tr><th scope="col">Path</th><th scope="col" class="mn-num">Size</th></tr></thead>
    <tbody>
    % for path, size in members.items:
    <tr><th scope="row" class="mn-mono mn-break">${path}</th><td class="mn-num">${show.size(size)}</td></tr>
    % endfor
    </tbody>
  </table></div>
  % if members.pages > 1:
  <div class="mn-panel__body">${parts.pager(members, "files")}</div>
  % endif
  % else:
  <div class="mn-panel__body"><p class="mn-muted">No path holds ${wanted}.</p></div>
  % endif
</section>
% elif package.state == "ready":
<p class="mn-muted">It came before packages were looked into; upload the same file again to see what is in it.</p>
% endif

% if frame.deployer:
<dialog class="mn-dialog mn-dialog--danger" id="delete-dialog" data-confirm data-confirm-expect="${package.name}" aria-labelledby="delete-title">
  <form method="post" action="${here}">${parts.csrf()}
    <header class="mn-dialog__head"><h2 class="mn-dialog__title" id="delete-title">Delete ${package.name}?</h2></header>
    <div class="mn-dialog__body">
      <p>Its file is taken off the console's disk. Refused while a task runs from it, a cluster file asks for it, or an operation brings it to hosts.</p>
      <div class="mn-field"><label class="form-label" for="delete-name">Type <b class="mn-mono">${package.name}</b> to confirm</label>
        <input class="form-control mn-mono" id="delete-name" name="confirm" data-confirm-input autocomplete="off" autocapitalize="off" spellcheck="false"></div>
    </div>
    <footer class="mn-dialog__foot"><button type="button" class="btn btn-outline-secondary" data-dialog-close>Keep it</button><button class="btn btn-danger" data-confirm-submit>Delete</button></footer>
  </form>
</dialog>
% endif
</div>
