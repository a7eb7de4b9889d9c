<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="li" file="/list_parts.mako"/>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Packages</h1><p class="mn-head__sub">The archives that hosts unpack. A package never changes: another content is another package.</p></div></header>

% if said:
${parts.flash(*said)}
% endif
% if frame.deployer:
<section class="mn-panel" aria-labelledby="upload-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="upload-title">Upload</h2><p class="mn-panel__note">tar.gz, tar.xz, tar.bz2, tar.zst or zip, up to ${show.size(limit)} each</p></header>
  <form class="mn-form mn-upload mn-panel__body" method="post" enctype="multipart/form-data" action="${request.route_path('package_upload')}" data-upload data-upload-url="${request.route_path('api_arrivals')}" data-upload-done="${request.route_path('packages')}">
    ${parts.csrf()}
    <div class="mn-field mn-field--row">
      ${parts.text("artifact", "Artifact", given.get("artifact", known[0] if len(known) == 1 else ""), help="What it is a package of, e.g. zookeeper.", error=errors.get("artifact", ""), extra='list="artifacts" autocomplete="off" autocapitalize="off" spellcheck="false"')}
      ${parts.text("revision", "Revision", given.get("revision", ""), help="Of the sources it was built from, or the release, e.g. 3.9.3.", error=errors.get("revision", ""), extra='autocomplete="off" spellcheck="false"')}
    </div>
    <datalist id="artifacts">
      % for name in known:
      <option value="${name}">
      % endfor
    </datalist>
    <label class="mn-drop" data-upload-drop>
      ${parts.icon("upload", "xl")}
      <span class="mn-drop__text">Drop packages here, or <u>choose files</u></span><span class="mn-drop__file" data-upload-name></span>
      <input class="mn-drop__input" type="file" name="file" required aria-label="Package files" accept=".gz,.tgz,.tar,.bz2,.tbz2,.xz,.txz,.zst,.tzst,.zip,.whl">
    </label>
    ${parts.field_error("file", errors.get("file") or errors.get("name") or errors.get("", ""))}
    <ul class="mn-sending" data-upload-rows aria-label="Uploads"></ul>
    <template data-upload-row><li class="mn-sending__item">
      <span class="mn-sending__name" data-name></span>
      <span class="mn-sending__buttons"><button type="button" class="btn btn-sm btn-outline-secondary" data-pause>${parts.icon("pause")} Pause</button><button type="button" class="btn btn-sm btn-primary" data-resume hidden>${parts.icon("resume")} Resume</button><button type="button" class="btn btn-sm btn-outline-danger" data-cancel>${parts.icon("cancel")} Cancel</button></span>
      <progress class="mn-progress" max="100" value="0" data-bar aria-label="Upload"></progress><span class="mn-sending__text" data-text></span>
    </li></template>
    <p class="mn-field__error" data-upload-error role="alert" hidden></p>
    <div class="mn-form__foot"><button class="btn btn-primary" data-upload-submit>${parts.icon("upload")} Upload</button></div>
  </form>
</section>
% endif

% if frame.deployer and imports:
<section class="mn-panel" aria-labelledby="import-title">
  <details${" open" if "source" in given or errors.get("import_source") else ""}><summary class="mn-panel__head"><h2 class="mn-panel__title" id="import-title">Import</h2><p class="mn-panel__note">the console fetches it: ${", ".join(words_of[kind] for kind in imports)}</p></summary>
  <form class="mn-form mn-panel__body" method="post" action="${request.route_path('package_import')}">
    ${parts.csrf()}
    <div class="mn-field mn-field--row">
      <div class="mn-field"><label class="form-label" for="kind">From</label>
        <select class="form-select" id="kind" name="kind">
        % for kind in imports:
          <option value="${kind}"${" selected" if kind == given.get("kind") else ""}>${words_of[kind]}</option>
        % endfor
        </select></div>
      ${parts.text("source", "What", given.get("source", ""), help="An address, a file on the console's machine, coordinates like org.example:thing:1.0:tar.gz:bin, or the name of a build.", error=errors.get("import_source", ""), extra='list="sources" autocomplete="off" spellcheck="false"')}
    </div>
    <datalist id="sources">
      % for one in offered:
      <option value="${one}">
      % endfor
    </datalist>
    <div class="mn-field mn-field--row">
      ${parts.text("import_artifact", "Artifact", given.get("import_artifact", ""), help="What it is a package of. Builds say it themselves.", error=errors.get("import_artifact", ""), optional=True, extra='list="artifacts" autocomplete="off" spellcheck="false"')}
      ${parts.text("import_revision", "Revision", given.get("import_revision", ""), help="Left empty, a Maven version or the commit of a source tree.", error=errors.get("import_revision", ""), optional=True, extra='autocomplete="off" spellcheck="false"')}
      ${parts.text("sha256", "SHA-256", given.get("sha256", ""), help="If you know it: anything else is refused.", error=errors.get("import_sha256", ""), optional=True, extra='autocomplete="off" spellcheck="false"')}
    </div>
    ${parts.field_error("name", errors.get("import_name") or errors.get("import_", ""))}
    <div class="mn-form__foot"><button class="btn btn-primary">${parts.icon("download")} Import</button></div>
  </form></details>
</section>
% endif

<div id="store" class="mn-stack"\
% if any(not one.ended_at for one in coming):
 hx-get="${request.current_route_path()}" hx-select="#store" hx-trigger="every 2s" hx-swap="outerMorph"\
% endif
>
% if coming:
<section class="mn-panel" aria-labelledby="coming-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="coming-title">On their way</h2><p class="mn-panel__note">what failed is told for a day</p></header>
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Packages on their way into the store</caption>
    <thead><tr><th scope="col">Package</th><th scope="col">Artifact</th><th scope="col">From</th><th scope="col">How far</th><th scope="col">Begun</th><th scope="col"><span class="visually-hidden">Cancel</span></th></tr></thead>
    <tbody>
    % for one in coming:
    <tr id="arrival-${one.id}">
      <th scope="row" data-label="Package">${one.name}</th><td data-label="Artifact">${one.artifact}</td>
      <td data-label="From"><span class="mn-break">${words_of[one.kind]}${f" {one.source}" if one.source else ""}</span></td>
      <td data-label="How far"><span>\
% if one.state == "failed":
<b class="mn-text-danger">Failed.</b> ${show.sentence(one.message)}\
% elif one.state == "coming":
${show.size(here[one.id])} of ${show.size(one.size)} are here. To go on, choose the same file again.\
% else:
${{"waiting": "waits its turn", "fetching": "is fetched", "checking": "is looked into"}[one.state]}${f": {show.size(one.have)}" if one.have else ""}${f" of {show.size(one.size)}" if one.have and one.size else ""} <span class="mn-muted mn-mono mn-break">${one.message}</span>\
% if one.size and one.have and one.state == "fetching":
 <progress class="mn-progress mn-progress--changing" max="${one.size}" value="${one.have}" aria-label="${one.name}"></progress>\
% endif
% endif
</span></td>
      <td data-label="Begun"><span>${parts.age(one.created_at)} by ${one.created_by}</span></td>
      <td class="mn-table__actions" data-label="">\
% if frame.deployer and not one.ended_at:
<form method="post" action="${request.route_path('arrival_cancel', id=one.id)}">${parts.csrf()}<button class="btn btn-sm btn-outline-danger">${parts.icon("cancel")} Cancel</button></form>\
% endif
</td>
    </tr>
    % endfor
    </tbody>
  </table></div>
</section>
% endif

% for one in damaged:
<div class="mn-flash mn-flash--danger">${parts.icon("error")}<p><b><a href="${request.route_path('package', id=one.id)}">${one.name}</a> of ${one.artifact}, revision ${one.revision}, is damaged: ${one.reason}.</b> No cluster finds it; hosts that have it go on. Upload the same file again, or restore it from a copy.</p></div>
% endfor
% if quarantined:
<section class="mn-panel" aria-labelledby="quarantine-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="quarantine-title">Quarantine</h2><p class="mn-panel__note">no cluster finds these; they are deleted after a week</p></header>
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Packages that no host would unpack</caption>
    <thead><tr><th scope="col">Package</th><th scope="col">Artifact</th><th scope="col">Why</th><th scope="col">Uploaded</th></tr></thead>
    <tbody>
    % for one in quarantined:
    <tr><th scope="row" data-label="Package"><a href="${request.route_path('package', id=one.id)}">${one.name}</a></th><td data-label="Artifact">${one.artifact}</td><td data-label="Why"><span>${show.sentence(one.reason)}</span></td><td data-label="Uploaded"><span>${parts.age(one.uploaded_at)} by ${one.uploaded_by}</span></td></tr>
    % endfor
    </tbody>
  </table></div>
</section>
% endif

<section class="mn-panel mn-list" aria-label="Packages" data-list>
  % if view.listed.total:
  ${li.bar(view)}
  ${li.chips(view)}
  % endif
  % if view.page.total:
  <div class="mn-tablewrap" tabindex="0" role="region" aria-label="Table of packages"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Packages</caption>
    ${li.head(view, links=True)}
    <tbody id="package-rows" data-rows>
    % for line in view.page.items:
    <tr id="package-${line.package.id}">
      % for column in view.columns:
      ${cell(column.name, line)}\
      % endfor
      <td class="mn-table__actions" data-label=""><a class="mn-iconbtn" href="${request.route_path('api_package_file', id=line.package.id)}" aria-label="Download ${line.package.name}" title="Download">${parts.icon("download")}</a></td>
    </tr>
    % endfor
    </tbody></table></div>
  ${li.foot(view)}
  % elif view.asked.narrows:
  <%parts:empty icon_name="filter" heading="No package fits this filter"><p><a href="${view.url(q='', kind='')}">Show all packages</a></p></%parts:empty>
  % else:
  <%parts:empty icon_name="packages" heading="No packages yet"><p>${"Upload the tarball of a service above; clusters are bootstrapped from it." if frame.deployer else "A deployer can upload the tarball of a service here."}</p></%parts:empty>
  % endif
</section>
% if sizes:
<section class="mn-panel" aria-labelledby="disk-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="disk-title">Disk</h2><p class="mn-panel__note">${show.size(free)} free where packages are kept</p></header>
  <div class="mn-panel__body"><dl class="mn-kv">
  % for name, (count, size, blocks) in sorted(sizes.items(), key=lambda pair: -pair[1][1]):
    <dt>${name}</dt><dd>${show.size(size)} in ${show.count(count, "package")}${f", and {show.size(blocks)} of blocks for hosts to hand on" if blocks else ""}</dd>
  % endfor
  </dl></div>
</section>
% endif
</div>
</div>

<%def name="cell(name, line)">
<% one = line.package %>\
% if name == "package":
<th scope="row" data-label="Package"><a href="${request.route_path('package', id=one.id)}">${one.name}</a>\
% if line.latest:
 <span class="mn-chip mn-chip--accent">latest</span>\
% endif
</th>
% elif name == "artifact":
<td data-label="Artifact">${one.artifact}</td>
% elif name == "revision":
<td data-label="Revision">${one.revision}</td>
% elif name == "timestamp":
<td data-label="Timestamp" class="mn-mono">${one.timestamp}</td>
% elif name == "tasks":
<td data-label="Tasks" class="mn-num">${line.tasks or "–"}</td>
% elif name == "size":
<td data-label="Size" class="mn-num">${show.size(one.size)}</td>
% elif name == "sha256":
<td data-label="SHA-256"><span><code class="mn-mono" title="${one.sha256}">${one.sha256[:12]}…</code> <button type="button" class="mn-iconbtn" data-copy-text="${one.sha256}" aria-label="Copy SHA-256 of ${one.name}" title="Copy SHA-256">${parts.icon("copy")}</button></span></td>
% elif name == "version":
<td data-label="Version">${one.version or "–"}</td>
% elif name == "uploaded":
<td data-label="Uploaded"><span>${parts.age(one.uploaded_at)} by ${one.uploaded_by}</span></td>
% endif
</%def>
