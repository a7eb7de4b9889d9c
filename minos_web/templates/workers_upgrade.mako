<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('hosts'), "Hosts")}${parts.here("Upgrade workers")}</%block>
<% here = request.route_path("workers_upgrade") %>
<div class="mn-stack mn-narrow">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Upgrade workers</h1><p class="mn-head__sub">A worker starts again as another release of itself. What it supervises runs on and does not notice. A release that does not reach the console within a minute is given up by the host itself.</p></div></header>

% if running:
<div class="mn-flash mn-flash--warning" role="alert">${parts.icon("warning")}<p>Another operation is open on the workers: <a href="${request.route_path('operation', id=running)}">operation ${running}</a>. Wait until it ends, or cancel it there.</p></div>
% elif refused:
<div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>${show.sentence(refused.message)}</p></div>
% endif

% if not own_kept:
<section class="mn-panel" aria-labelledby="own-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="own-title">This console brings a worker along: version ${version}</h2></header>
  <form class="mn-panel__body mn-form" method="post" action="${request.route_path('workers_own')}">${parts.csrf()}
    <p>It is not in the package store yet.</p>
    <div class="mn-form__foot"><button class="btn ${'btn-outline-primary' if packages else 'btn-primary'}">${parts.icon("packages")} Put it into the package store</button></div>
  </form>
</section>
% endif

% if not packages:
<section class="mn-panel"><%parts:empty icon_name="packages" heading="No worker release in the package store"><p>Put the one of this console there, or <a href="${request.route_path('packages')}">upload a worker wheel</a> as artifact <code>minos-worker</code>.</p></%parts:empty></section>
% elif not lines:
<section class="mn-panel"><%parts:empty icon_name="hosts" heading="No approved host"><p><a href="${request.route_path('workers_install')}">Add hosts</a> first.</p></%parts:empty></section>
% elif drafted:
<section class="mn-panel" aria-labelledby="plan-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="plan-title">What will happen</h2><p class="mn-panel__note">${show.count(len(drafted.waves), "wave")}, ${show.count(sum(len(wave) for wave in drafted.waves), "host")}</p></header>
  <form class="mn-panel__body mn-form" method="post" action="${here}">${parts.csrf()}
    <p>To <b>${drafted.package.name}</b>, uploaded ${parts.age(drafted.package.uploaded_at)} by ${drafted.package.uploaded_by}: release <span class="mn-mono">${drafted.release}</span>.</p>
    <ol class="mn-waves mn-waves--plan">
      % for number, wave in enumerate(drafted.waves, 1):
      <li class="mn-wave mn-wave--waiting"><span class="mn-wave__head"><span class="mn-wave__no">${number}</span><span class="mn-wave__title">${"Try it on" if number == 1 else "Then, together"}</span><span class="mn-wave__count">${", ".join(host.name for host in wave[:8])}${f" and {len(wave) - 8} more" if len(wave) > 8 else ""}</span></span></li>
      % endfor
    </ol>
    % if drafted.already:
    <p class="mn-muted">Left out, because it runs there already: ${", ".join(host.name for host in drafted.already[:8])}${f" and {len(drafted.already) - 8} more" if len(drafted.already) > 8 else ""}.</p>
    % endif
    <p>At the first failure the operation stands still: then you try again, go on without that host, or cancel.</p>
    <input type="hidden" name="package" value="${drafted.package.id}"><input type="hidden" name="at_once" value="${wish.at_once}">
    % for wave in drafted.waves:
    % for host in wave:
    <input type="hidden" name="host" value="${host.name}">
    % endfor
    % endfor
    <div class="mn-form__foot"><button class="btn btn-primary"${" disabled" if running else ""}>${parts.icon("refresh")} Upgrade ${show.count(sum(len(wave) for wave in drafted.waves), "worker")}</button><a class="btn btn-outline-secondary" href="${here}">Back</a></div>
  </form>
</section>
% else:
<form class="mn-form mn-panel mn-panel__body" method="get" action="${here}">
  <input type="hidden" name="look" value="1">
  <div class="mn-field mn-field--row">
    <div class="mn-field"><label class="form-label" for="package">Release</label>
      <select class="form-select" id="package" name="package">
        % for package in packages:
        <option value="${package.id}"${' selected' if package.id == wish.package_id else ''}>${package.revision} (${package.sha256[:12]}, ${show.utc(package.uploaded_at)})</option>
        % endfor
      </select></div>
    ${parts.text("at_once", "At once", str(wish.at_once), "One host goes first; then so many together.", refused.message if refused and refused.field == "at_once" else "", extra='inputmode="numeric"')}
  </div>
  <fieldset class="mn-field"><legend class="form-label">Hosts</legend>
    <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
      <caption class="visually-hidden">Hosts whose workers to upgrade</caption>
      <thead><tr><th scope="col">Host</th><th scope="col">State</th><th scope="col">Version</th><th scope="col">Release</th><th scope="col" class="mn-num">Starts</th></tr></thead>
      <tbody>
      % for line in lines:
      <tr id="host-${line.host.id}"><th scope="row" data-label="Host"><label class="form-check"><input class="form-check-input" type="checkbox" name="host" value="${line.host.name}"${' checked' if line.chosen else ''}><span class="form-check-label">${line.host.name}</span></label></th><td data-label="State">${parts.status(line.badge, since=False)}</td><td data-label="Version">${line.host.worker_version or "–"}</td><td data-label="Release"><span class="mn-mono">${line.runs}</span></td><td data-label="Starts" class="mn-num">${line.host.worker_starts}</td></tr>
      % endfor
      </tbody></table></div>
  </fieldset>
  <div class="mn-form__foot"><button class="btn btn-primary">${parts.icon("operations")} Show what will happen</button><a class="btn btn-outline-secondary" href="${request.route_path('hosts')}">Cancel</a></div>
</form>
% endif
</div>
