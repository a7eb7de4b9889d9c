<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Packages</h1><p class="mn-head__sub">The tarballs that hosts unpack. A package never changes: another content is another package.</p></div></header>

% if said:
${parts.flash(*said)}
% endif
% if frame.operator:
<section class="mn-panel" aria-labelledby="upload-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="upload-title">Upload</h2><p class="mn-panel__note">tar.gz, tar.xz, tar.bz2 or zip, up to ${show.size(limit)}</p></header>
  <form class="mn-form mn-upload mn-panel__body" method="post" enctype="multipart/form-data" action="${request.route_path('package_upload')}" data-upload data-upload-url="${request.route_path('api_packages')}" data-upload-done="${request.route_path('packages')}">
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
      <span class="mn-drop__text">Drop a tarball here, or <u>choose a file</u></span><span class="mn-drop__file" data-upload-name></span>
      <input class="mn-drop__input" type="file" name="file" required aria-label="Tarball" accept=".gz,.tgz,.tar,.bz2,.xz,.zip">
    </label>
    ${parts.field_error("file", errors.get("file") or errors.get("name") or errors.get("", ""))}
    <div class="mn-upload__progress" data-upload-progress hidden><progress class="mn-progress" max="100" value="0" data-upload-bar aria-label="Upload"></progress><span class="mn-upload__text" data-upload-text></span></div>
    <p class="mn-field__error" data-upload-error role="alert" hidden></p>
    <div class="mn-form__foot"><button class="btn btn-primary" data-upload-submit>${parts.icon("upload")} Upload</button><button type="button" class="btn btn-outline-secondary" data-upload-cancel hidden>Cancel upload</button></div>
  </form>
</section>
% endif

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

<section class="mn-panel" aria-label="Packages">
  % if len(artifacts) > 1 or artifact:
  <div class="mn-panel__body"><div class="mn-filters">
    % for name in artifacts:
    <a class="mn-chip mn-chip--link" aria-current="${'true' if name == artifact else 'false'}" href="${request.route_path('packages', _query={} if name == artifact else {'artifact': name})}">${name}</a>
    % endfor
  </div></div>
  % endif
  % if page.total:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Packages, newest first</caption>
    <thead><tr><th scope="col">Package</th><th scope="col">Artifact</th><th scope="col">Revision</th><th scope="col">Timestamp</th><th scope="col" class="mn-num">Tasks</th><th scope="col" class="mn-num">Size</th><th scope="col">SHA-256</th><th scope="col">Uploaded</th><th scope="col"><span class="visually-hidden">Download</span></th></tr></thead>
    <tbody>
    % for one in page.items:
    <tr id="package-${one.id}">
      <th scope="row" data-label="Package"><a href="${request.route_path('package', id=one.id)}">${one.name}</a>\
% if one.id in latest:
 <span class="mn-chip mn-chip--accent">latest</span>\
% endif
</th>
      <td data-label="Artifact">${one.artifact}</td><td data-label="Revision">${one.revision}</td><td data-label="Timestamp" class="mn-mono">${one.timestamp}</td><td data-label="Tasks" class="mn-num">${tasks.get(one.sha256, 0) or "–"}</td><td data-label="Size" class="mn-num">${show.size(one.size)}</td>
      <td data-label="SHA-256"><span><code class="mn-mono" title="${one.sha256}">${one.sha256[:12]}…</code> <button type="button" class="mn-iconbtn" data-copy-text="${one.sha256}" aria-label="Copy SHA-256 of ${one.name}" title="Copy SHA-256">${parts.icon("copy")}</button></span></td>
      <td data-label="Uploaded"><span>${parts.age(one.uploaded_at)} by ${one.uploaded_by}</span></td>
      <td class="mn-table__actions" data-label=""><a class="mn-iconbtn" href="${request.route_path('api_package_file', id=one.id)}" aria-label="Download ${one.name}" title="Download">${parts.icon("download")}</a></td>
    </tr>
    % endfor
    </tbody></table></div>
  % if page.pages > 1:
  <div class="mn-panel__body">${parts.pager(page, "packages")}</div>
  % endif
  % else:
  <%parts:empty icon_name="packages" heading="No packages yet"><p>${"Upload the tarball of a service above; clusters are bootstrapped from it." if frame.operator else "An operator can upload the tarball of a service here."}</p></%parts:empty>
  % endif
</section>
% if sizes:
<section class="mn-panel" aria-labelledby="disk-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="disk-title">Disk</h2><p class="mn-panel__note">${show.size(free)} free where packages are kept</p></header>
  <div class="mn-panel__body"><dl class="mn-kv">
  % for name, (count, size) in sorted(sizes.items(), key=lambda pair: -pair[1][1]):
    <dt>${name}</dt><dd>${show.size(size)} in ${show.count(count, "package")}</dd>
  % endfor
  </dl></div>
</section>
% endif
</div>
