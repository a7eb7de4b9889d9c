## Step 1 of the wizard for a new cluster: service, name, size.
<%namespace name="parts" file="/parts.mako"/>

<%def name="questions()">
% if not hosts_there:
<div class="mn-flash mn-flash--warning" role="status">${parts.icon("warning")}<p>No host is approved yet. <a href="${request.route_path('hosts_add')}">Add hosts</a> first, or write their addresses in the third step and add them later.</p></div>
% endif
<section class="mn-panel" aria-labelledby="what-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="what-title">Which service</h2></header>
  <div class="mn-panel__body">
    <input type="hidden" name="service" value="${service.name if service else ''}">
    % if len(services) > 1:
    <div class="mn-filters" role="group" aria-label="Service">
      % for one in services:
      <button class="mn-chip mn-chip--link" name="pick" value="${one.name}" aria-pressed="${'true' if service and one.name == service.name else 'false'}">${one.title or one.name}</button>
      % endfor
    </div>
    % endif
    % if service and service.about:
    <p class="mn-muted mn-flat"><b>${service.title or service.name}</b>: ${service.about}</p>
    % endif
    ${parts.field_error("service", errors.get("service", ""))}
  </div>
</section>
% if service:
<section class="mn-panel" aria-labelledby="name-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="name-title">Name and size</h2></header>
  <div class="mn-panel__body">
    <div class="mn-field--row">
    ${parts.text("name", "Name", answers.name, help="Its ZooKeeper cluster, a dash, and its own name, e.g. lake-files. It is for ever." if service.cluster_name == "with-zookeeper" else "Short and for ever: place and kind, e.g. dptst. Letters and digits; what others put behind a dash is theirs." if service.cluster_name == "plain" else "Short and for ever: place and kind, e.g. dptst. Letters, digits and dashes.", error=errors.get("name", ""), extra='autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="63" list="prefixes"' + ("" if errors else " autofocus"))}
    % if service.cluster_name == "with-zookeeper":
    <datalist id="prefixes">
      % for one in zookeepers:
      <option value="${one}-">
      % endfor
    </datalist>
    % endif
    <%parts:field name="level" label="Kind" help="Picks the base file with the settings that such clusters share.">
      <select class="form-select" id="level" name="level" aria-describedby="level-help">
        % for value, text in levels:
        <option value="${value}"${' selected' if value == answers.level else ''}>${text}</option>
        % endfor
      </select>
    </%parts:field>
    % if asks_hdfs:
    ${parts.text("hdfs", "HDFS", answers.hdfs, help="The HDFS cluster that it reads and writes. Empty: that of its ZooKeeper, e.g. lake-files.", error=errors.get("hdfs", ""), optional=True, extra='autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="63" list="hdfs-known"')}
    <datalist id="hdfs-known">
      % for one in hdfs:
      <option value="${one}">
      % endfor
    </datalist>
    % endif
    </div>
    % if service.cluster_name == "with-zookeeper" and not zookeepers:
    <p class="mn-why mn-why--degraded">${parts.icon("warning")} <span>There is no ZooKeeper cluster yet, and ${service.title or service.name} needs one: create that first.</span></p>
    % endif
    <fieldset class="mn-field"><legend class="form-label">Size</legend>
      <div class="mn-picks">
      % for one in sizes:
      <label class="mn-pick"><input class="form-check-input" type="radio" name="size" value="${one.name}"${' checked' if one.name == answers.size else ''}><span><b>${one.title}</b><span class="mn-pick__about">${one.about}</span></span></label>
      % endfor
      </div>
      <p class="mn-field__help">How many hosts each job begins with, and which share of their free memory. All of it can be changed in the steps that follow, and later.</p>
      ${parts.field_error("size", errors.get("size", ""))}
    </fieldset>
  </div>
</section>
% endif
</%def>
