## Clusters as cards.
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="wall" file="/wall_parts.mako"/>

<%def name="card(card)">
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
  % if card.group:
  <p class="mn-wall__own"><span class="visually-hidden">Tasks: ${card.group.words}</span>${wall.squares(card.group)}</p>
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
