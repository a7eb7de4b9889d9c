## Step 2 of the wizard for a new cluster: the package.
<%namespace name="parts" file="/parts.mako"/>

<%def name="questions()">
<section class="mn-panel" aria-labelledby="package-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="package-title">Which package</h2><p class="mn-panel__note">of the artifact <span class="mn-mono">${artifact}</span></p></header>
  <div class="mn-panel__body">
    % if known:
    <fieldset class="mn-field"><legend class="form-label">Package</legend>
      <div class="mn-picks">
      % for one in known:
      <label class="mn-pick"><input class="form-check-input" type="radio" name="package" value="${one.id}"${f' checked{"" if errors else " autofocus"}' if one.id == chosen else ''}><span><b class="mn-break">${one.name}</b><span class="mn-pick__about">version ${version_of(one) or "not told"}, revision ${one.revision}, ${show.size(one.size)}, uploaded ${parts.age(one.uploaded_at)} by ${one.uploaded_by}</span></span></label>
      % endfor
      <label class="mn-pick"><input class="form-check-input" type="radio" name="package" value=""${' checked' if not chosen else ''}><span><b>Another version</b><span class="mn-pick__about">Its package is uploaded later: say the version below.</span></span></label>
      </div>
      <p class="mn-field__help">The newest is chosen. Every host checks its size and SHA-256 before it uses it. <a href="${request.route_path('packages')}">Upload another package</a></p>
      ${parts.field_error("package", errors.get("package", ""))}
    </fieldset>
    % else:
    <p class="mn-why mn-why--degraded">${parts.icon("warning")} <span>The store has no package of ${artifact}. <a href="${request.route_path('packages')}">Upload one</a> and come back, or say the version of one that comes later.</span></p>
    % endif
    <div class="mn-field--row">
    ${parts.text("version", "Version", answers.version if not chosen else "", help="Only without a package: as it will stand in its name. zookeeper-3.9.3.tar.gz is version 3.9.3.", error=errors.get("version", ""), optional=bool(known), extra='autocomplete="off" spellcheck="false" maxlength="64"')}
    </div>
    % if known:
    <label class="form-check"><input class="form-check-input" type="checkbox" name="pin" value="1"${' checked' if answers.pin else ''}><span class="form-check-label">Pin it: every start brings exactly this package</span></label>
    <p class="mn-field__help">Without, an update brings the newest package of the same version.</p>
    % endif
  </div>
</section>
</%def>
