<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="people" file="/people.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('home'), "Clusters")}${parts.here("New cluster")}</%block>
<div class="mn-stack mn-narrow">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">New cluster</h1><p class="mn-head__sub">A few answers make a first description. It opens in the editor: nothing is saved, and nothing happens on any host, before you say so. <a href="${request.route_path('services')}">What each service is</a></p></div></header>
% if not hosts:
<div class="mn-flash mn-flash--warning" role="status">${parts.icon("warning")}<p>No host is approved yet. <a href="${request.route_path('hosts')}">Approve hosts</a> first, or write their addresses into the description later.</p></div>
% endif
% if len(form.service.choices) > 1:
<form class="mn-filters" method="get" action="${request.route_path('clusters_new')}">
  % for value, text in form.service.choices:
  <button class="mn-chip mn-chip--link" name="service" value="${value}" aria-pressed="${'true' if value == form.service.data else 'false'}">${text}</button>
  % endfor
</form>
% endif
% if service is None:
<section class="mn-panel"><%parts:empty icon_name="clusters" heading="No service can be deployed"><p>The catalog has no service with a template for clusters.</p></%parts:empty></section>
% else:
<form class="mn-form mn-panel mn-panel__body" method="post" action="${request.route_path('clusters_new', _query={'service': service.name})}" novalidate>
  ${parts.csrf()}
  <input type="hidden" name="service" value="${service.name}">
  <h2 class="mn-panel__title">${service.title or service.name}</h2>
  % if service.about:
  <p class="mn-muted">${service.about}</p>
  % endif
  <div class="mn-field mn-field--row">
    ${parts.form_field(form.name, 'autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="63"')}
    ${parts.form_field(form.version, 'autocomplete="off" spellcheck="false"')}
  </div>
  <div class="mn-field mn-field--row">
    ${people.select(form.level)}
    ${parts.form_field(form.base_port, 'inputmode="numeric"')}
  </div>
  % for job in service.jobs:
  % if not job.hosts_from:
  <fieldset class="mn-field"><legend class="form-label">Hosts of ${job.title or job.name}</legend>
    <div class="mn-choices">
    % for place, host in enumerate(hosts):
    <label class="form-check"><input class="form-check-input" type="checkbox" name="hosts.${job.name}" value="${host.address}"${' checked' if (chosen is None and len(hosts) <= 3 and place < (job.usual_hosts or 3)) or host.address in (chosen or {}).get(job.name, []) else ''}><span class="form-check-label">${host.name} <span class="mn-muted">${host.address}</span></span></label>
    % endfor
    </div>
    ${parts.field_error("hosts." + job.name, errors.get(job.name, ""))}
  </fieldset>
  % endif
  % endfor
  <div class="mn-form__foot"><button class="btn btn-primary">${parts.icon("edit")} Make the description</button><a class="btn btn-outline-secondary" href="${request.route_path('home')}">Cancel</a></div>
</form>
% endif
</div>
