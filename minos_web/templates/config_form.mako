<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('config_tree'), "Configuration", wide=True)}${parts.crumb(request.route_path('config_file', path=path), path)}${parts.here("Form")}</%block>
<%
    wrong = lambda name: errors.get(name, "")
    pinned = "|".join(everyday.pin) if everyday.pin else ""
    known_pins = ["|".join((one.name, one.revision, one.timestamp)) for one in packages]
%>
<div class="mn-stack">
<header class="mn-head">
  <div class="mn-head__text"><p class="mn-head__kind">${service.title or service.name} cluster ${cluster_name}</p><h1 class="mn-head__title">Everyday changes</h1>
    <p class="mn-head__sub">What is changed here is written into <a class="mn-mono" href="${request.route_path('config_file', path=path)}">${path}</a>; everything else in it stays as it is. Nothing happens on any host.</p></div>
  <div class="mn-head__actions"><a class="btn btn-outline-secondary" href="${request.route_path('config_file', path=path)}">${parts.icon("edit")} Edit the text</a></div>
</header>
% if errors or problems:
<div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>Nothing was saved: ${show.count(len(errors) + len(problems), "thing")} to put right. ${wrong("")}</p></div>
% endif
% if problems:
<ul class="mn-problems">
% for problem in problems:
<li class="mn-problem mn-problem--${problem['level']}"><span class="mn-problem__line">${f"[{problem['section']}]" if problem["section"] else "file"}</span><span class="mn-problem__where">${problem["key"] or ""}</span><span class="mn-problem__text">${problem["message"]}</span></li>
% endfor
</ul>
% endif
<form class="mn-form mn-stack" method="post" action="${request.route_path('config_form', path=path)}" data-guard novalidate>
  ${parts.csrf()}
  <input type="hidden" name="based_on" value="${based_on}">
  <datalist id="known-hosts">
    % for name, address in hosts:
    <option value="${address or name}">${name}</option>
    % endfor
  </datalist>
  <section class="mn-panel" aria-labelledby="cluster-title">
    <header class="mn-panel__head"><h2 class="mn-panel__title" id="cluster-title">Cluster</h2></header>
    <div class="mn-panel__body mn-field--row">
      ${parts.text("version", "Version", everyday.version, error=wrong("version"), help="Of the software; a package with it in its name is used.", mono=True, extra='autocomplete="off" spellcheck="false"')}
      <%parts:field name="pin" label="Package" help="Pin one, and every start brings exactly it.">
        <select class="form-select" id="pin" name="pin" aria-describedby="pin-help">
          <option value="">not pinned: the newest of this version</option>
          % if pinned and pinned not in known_pins:
          <option value="${pinned}" selected>${" · ".join(everyday.pin)} (not in the store)</option>
          % endif
          % for one, value in zip(packages, known_pins):
          <option value="${value}"${' selected' if value == pinned else ''}>${one.name} · ${one.revision} · ${one.timestamp}</option>
          % endfor
        </select>
      </%parts:field>
    </div>
  </section>
  % for job in everyday.jobs:
  <section class="mn-panel" aria-labelledby="${job.name}-title">
    <header class="mn-panel__head"><h2 class="mn-panel__title" id="${job.name}-title">${job.title}</h2><p class="mn-panel__note mn-mono">${job.name}</p></header>
    <div class="mn-panel__body">
    % if job.elsewhere:
    <p class="mn-muted">The section [${job.name}] stands in ${job.elsewhere}, which this file builds on: change it there.</p>
    % else:
    <div class="mn-field--row">
      ${parts.text(job.name + ".base_port", "Base port", job.base_port, error=wrong(job.name + ".base_port"), help="A multiple of 100; the job's ports count from it.", mono=True, extra='inputmode="numeric" autocomplete="off"')}
      % if job.plain_heap:
      ${parts.text(job.name + ".heap", "Heap", job.heap, error=wrong(job.name + ".heap"), help=f"Largest heap of a process (-Xmx), e.g. 4g. " + (f"Empty: {job.inherited}, from a base." if job.inherited else "Empty: what the bases say, else java's own."), optional=True, mono=True, extra=f'autocomplete="off" spellcheck="false"')}
      % else:
      <div class="mn-field"><span class="form-label">Heap</span><p class="mn-field__help">The job's arguments are a list, or have no section here: change its heap in the text.</p></div>
      % endif
    </div>
    % if job.hosts_from:
    <p class="mn-muted">Its hosts are those of ${job.hosts_from}.</p>
    % else:
    % if job.hosts:
    <div class="mn-tablewrap mn-tablewrap--fields"><table class="mn-table mn-table--cards">
      <caption class="visually-hidden">Hosts of ${job.name}</caption>
      <thead><tr><th scope="col" class="mn-num">No.</th><th scope="col">Address</th>\
% if job.multi_instance:
<th scope="col">Instances</th>\
% endif
<th scope="col">Attributes</th><th scope="col">Take away</th></tr></thead>
      <tbody>
      % for line in job.hosts:
      <tr><th scope="row" class="mn-num" data-label="No.">${line.number}</th>
        <td data-label="Address">${cell(job, line, "address", line.address, "Address", 'list="known-hosts"')}</td>
        % if job.multi_instance:
        <td data-label="Instances">${cell(job, line, "instances", line.instances, "Instances", 'inputmode="numeric"')}</td>
        % endif
        <td data-label="Attributes">${cell(job, line, "attributes", " ".join(line.attributes), "Attributes", 'placeholder="rack=r1"')}</td>
        <td data-label="Take away"><span><input class="form-check-input" type="checkbox" name="${job.name}.${line.key}.drop" value="1" aria-label="Take ${line.address} away"></span></td></tr>
      % endfor
      </tbody></table></div>
    % endif
    <% gone = [line for part in before.jobs if part.name == job.name for line in part.hosts if f"{job.name}.{line.key}" in dropped] %>
    % for line in gone:
    <label class="form-check"><input class="form-check-input" type="checkbox" name="${job.name}.${line.key}.drop" value="1" checked><span class="form-check-label">take host.${line.number} (${line.address}) away</span></label>
    % endfor
    <%parts:field name="${job.name}.more" label="${'More hosts' if job.hosts else 'Hosts'}" help="${'Addresses or names, with blanks or lines between them; ' + ('/instance_num=2' if job.multi_instance else '/rack=r1') + ' may stand behind one, and dn-[01-20] is twenty of them.'}" error="${wrong(job.name + '.more')}" optional="${True}">
      <textarea class="form-control mn-mono" id="${job.name}.more" name="${job.name}.more" rows="2" spellcheck="false" autocapitalize="off" aria-describedby="${job.name}.more-help">${more.get(job.name, "")}</textarea>
    </%parts:field>
    % endif
    % endif
    </div>
  </section>
  % endfor
  <div class="mn-field mn-field--save">
    <label class="form-label" for="note">What did you change? <span class="mn-field__opt">optional</span></label>
    <input class="form-control" id="note" name="note" maxlength="400" value="${note}" autocomplete="off">
  </div>
  <p class="mn-muted">Taking a host away gives the tasks behind it new numbers; what runs there is still shown, and can be stopped and cleaned up.</p>
  <div class="mn-form__foot"><button class="btn btn-primary" name="do" value="save">${parts.icon("save")} Save</button><button class="btn btn-outline-secondary" name="do" value="text">${parts.icon("edit")} Look at the text first</button></div>
</form>
</div>

<%def name="cell(job, line, what, value, label, extra='')">\
<% at = f"{job.name}.{line.key}.{what}" %>\
<input class="form-control form-control-sm mn-mono${' is-invalid' if errors.get(at) else ''}" name="${at}" value="${value}" aria-label="${label} of host.${line.number} of ${job.name}" autocomplete="off" autocapitalize="off" spellcheck="false" ${extra | n}>\
% if errors.get(at):
<span class="mn-field__error">${errors[at]}</span>\
% endif
</%def>
