<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs"><li aria-current="page">Clusters</li></%block>
<div id="overview" class="mn-stack" hx-get="${request.route_path('home')}" hx-select="#overview" hx-trigger="every 4s" hx-swap="outerMorph">
  <header class="mn-head">
    <div class="mn-head__text">
      <h1 class="mn-head__title">Clusters</h1>
      % if cards:
      <p class="mn-head__sub">${show.count(len(cards), "cluster")} on ${show.count(host_count, "host")}\
<% unwell_cards = sum(card.badge.kind in ("down", "degraded", "unknown") for card in cards) %>\
${f", {unwell_cards} in need of a look" if unwell_cards else "" if firing else ", nothing needs a look"}\
% if firing:
, <a href="${request.route_path('alerts')}">${firing} firing</a>\
% endif
</p>
      % endif
    </div>
    % if frame.operator and cards:
    <div class="mn-head__actions"><a class="btn btn-outline-secondary" href="${request.route_path('clusters_new')}">${parts.icon("add")} New cluster</a></div>
    % endif
  </header>

  % if cards:
  <div class="mn-grid mn-grid--3">
    % for card in cards:
    ${cluster_card(card)}
    % endfor
  </div>
  % else:
  <section class="mn-panel">
    <%parts:empty icon_name="clusters" heading="No clusters yet">
      <p>From nothing to a running service in four steps:</p>
      <ol class="mn-steplist">
        <li class="${'is-done' if host_count else ''}"><a href="${request.route_path('hosts')}">Approve the hosts</a> <span class="mn-muted">${show.count(host_count, "host") + " ready" if host_count else "each runs one worker"}</span></li>
        <li class="${'is-done' if has_packages else ''}"><a href="${request.route_path('packages')}">Upload a package</a> <span class="mn-muted">${"done" if has_packages else "the service's own tarball"}</span></li>
        <li><a href="${request.route_path('clusters_new')}">Describe the cluster</a> <span class="mn-muted">one readable file: hosts, ports, settings</span></li>
        <li>Bootstrap it <span class="mn-muted">from the cluster's own page</span></li>
      </ol>
      <p class="mn-muted">The <a href="${request.route_path('help_page', page='quick-start')}">quick start</a> tells each step in a few sentences.</p>
    </%parts:empty>
  </section>
  % endif

  % if running:
  <section class="mn-panel" aria-labelledby="running-title">
    <header class="mn-panel__head"><h2 class="mn-panel__title" id="running-title">Running now</h2><div class="mn-panel__actions"><a href="${request.route_path('operations')}">All operations</a></div></header>
    <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
      <caption class="visually-hidden">Operations that have not ended</caption>
      <thead><tr><th scope="col">Operation</th><th scope="col">State</th><th scope="col">Progress</th><th scope="col">By</th><th scope="col">Started</th></tr></thead>
      <tbody>
      % for one in running:
      <tr id="operation-${one.operation.id}">
        <th scope="row" data-label="Operation"><a href="${request.route_path('operation', id=one.operation.id)}">${"".join(show.deed(one.operation))}</a></th>
        <td data-label="State">${parts.status(one.badge, since=False)}</td>
        <td data-label="Progress"><span class="mn-inline"><progress class="mn-progress mn-progress--${one.badge.kind}" value="${one.ended}" max="${one.total or 1}">${one.ended} of ${one.total}</progress> <span class="mn-muted">${one.ended} of ${one.total}</span></span></td>
        <td data-label="By">${one.operation.created_by}</td>
        <td data-label="Started">${parts.age(one.operation.started_at or one.operation.created_at)}</td>
      </tr>
      % endfor
      </tbody>
    </table></div>
  </section>
  % endif

  % if unwell:
  <section class="mn-panel" aria-labelledby="unwell-title">
    <header class="mn-panel__head"><h2 class="mn-panel__title" id="unwell-title">Hosts that need a look</h2><div class="mn-panel__actions"><a href="${request.route_path('hosts')}">All hosts</a></div></header>
    <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
      <caption class="visually-hidden">Hosts that are pending, silent or degraded</caption>
      <thead><tr><th scope="col">Host</th><th scope="col">State</th><th scope="col">Why</th><th scope="col">Last beat</th></tr></thead>
      <tbody>
      % for host, badge in unwell:
      <tr id="host-${host.id}">
        <th scope="row" data-label="Host"><a href="${request.route_path('hosts') if host.state == 'pending' else request.route_path('host', name=host.name)}">${host.name}</a></th>
        <td data-label="State">${parts.status(badge)}</td>
        <td data-label="Why">${badge.title or ("compare its fingerprint and approve it" if host.state == "pending" else "–")}</td>
        <td data-label="Last beat">${parts.age(host.beat_at)}</td>
      </tr>
      % endfor
      </tbody>
    </table></div>
    % if unwell_more:
    <p class="mn-panel__body mn-muted">and ${unwell_more} more</p>
    % endif
  </section>
  % endif
</div>

<%def name="cluster_card(card)">
<% cluster = card.cluster %>
<article class="mn-card mn-card--${card.badge.kind}" id="cluster-${cluster.service}-${cluster.name}">
  <header class="mn-card__head"><div><p class="mn-card__kind">${service_link(card)}\
% if card.entry:
 · <a class="mn-card__own" href="${card.entry}" title="${card.entry}" rel="noopener noreferrer" target="_blank">its own page ${parts.icon("external")}</a>\
% endif
</p><h2 class="mn-card__title"><a class="mn-card__link" href="${request.route_path('cluster', service=cluster.service, cluster=cluster.name)}">${cluster.name}</a></h2></div>${parts.status(card.badge)}</header>
  % if cluster.description:
  <p class="mn-muted">${cluster.description}</p>
  % endif
  % if card.badge.title and card.badge.kind not in ("running", "stopped"):
  <p class="mn-card__why">${card.badge.title}</p>
  % endif
  % if card.alerts:
  <p class="mn-card__alerts"><a class="mn-card__own" href="${request.route_path('alerts', _query={'service': cluster.service, 'cluster': cluster.name})}">${parts.icon("alerts")} ${card.alerts}</a></p>
  % endif
  <dl class="mn-facts">
    % for job, health in (cluster.health_jobs or {}).items():
    <div\
% if health["reason"]:
 title="${health["reason"]}"\
% endif
><dt>${job}</dt><dd>${health["running"]}<span class="mn-facts__of">/${health["total"]}</span>\
% if health["kind"] not in ("running", "stopped"):
 <span class="mn-status mn-status--${health['kind']}">${parts.icon("status-" + health["kind"])}<span class="visually-hidden">${health["reason"]}</span></span>\
% endif
</dd></div>
    % endfor
    <div><dt>Version</dt><dd>${card.version or "–"}</dd></div>
    % if not cluster.bootstrapped_at:
    <div><dt>Bootstrap</dt><dd>not yet</dd></div>
    % endif
  </dl>
  % if card.blocks:
  <ul class="mn-blocks" aria-label="Tasks">
    % for kind, title in card.blocks:
    ${parts.block(kind, title)}
    % endfor
  </ul>
  % if card.more:
  <p class="mn-muted">and ${f"{card.more:,}"} more</p>
  % endif
  % endif
  % if card.operation:
  <a class="mn-card__op" href="${request.route_path('operation', id=card.operation.operation.id)}">${parts.icon("status-" + card.operation.badge.kind)} ${show.action(card.operation.operation.action)} ${card.operation.badge.word} <progress class="mn-progress mn-progress--${card.operation.badge.kind}" value="${card.operation.ended}" max="${card.operation.total or 1}">${card.operation.ended} of ${card.operation.total}</progress></a>
  % endif
</article>
</%def>

<%def name="service_link(card)">\
% if request.console.catalog.get(card.cluster.service):
<a class="mn-card__own" href="${request.route_path('service', name=card.cluster.service)}">${card.title}</a>\
% else:
${card.title}\
% endif
</%def>
