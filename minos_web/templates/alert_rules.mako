<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="al" file="/alert_parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('alerts'), "Alerts")}${parts.here("Rules")}</%block>
<%
    def kind_link(kind): return request.route_path("alert_rules", _query=[(k, v) for k, v in {**wanted, "kind": "" if wanted["kind"] == kind else kind}.items() if v])
%>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Rules</h1><p class="mn-head__sub">what is judged, when it is an alert, and when it is over; ${show.count(total, "rule")}</p></div>
  % if frame.operator:
  <div class="mn-head__actions"><a class="btn btn-primary" href="${request.route_path('alert_rule_new')}">${parts.icon("add")} New rule</a></div>
  % endif
</header>
${al.tabs()}
<section class="mn-panel" aria-label="Filter"><div class="mn-panel__body">
  <form class="mn-filters" method="get" action="${request.route_path('alert_rules')}">
    % for kind, words in kinds.items():
    <a class="mn-chip mn-chip--link" aria-current="${'true' if wanted['kind'] == kind else 'false'}" href="${kind_link(kind)}">${words}</a>
    % endfor
    <label class="visually-hidden" for="service">Service</label><select class="form-select form-select-sm" id="service" name="service"><option value="">All services</option>
      % for name in services:
      <option${' selected' if name == wanted['service'] else ''}>${name}</option>
      % endfor
    </select>
    <label class="visually-hidden" for="q">Name, title or figure</label><input class="form-control form-control-sm" type="search" id="q" name="q" placeholder="Name, title or figure" value="${wanted['q']}">
    % if wanted["kind"]:
    <input type="hidden" name="kind" value="${wanted['kind']}">
    % endif
    <button class="btn btn-sm btn-outline-secondary">${parts.icon("filter")} Filter</button>
    % if any(wanted.values()):
    <a class="btn btn-sm btn-link" href="${request.route_path('alert_rules')}">Show all</a>
    % endif
  </form>
</div></section>
% for name, rules in groups:
<section class="mn-panel" aria-labelledby="group-${loop.index}">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="group-${loop.index}">${name}</h2><p class="mn-panel__note">${show.count(len(rules), "rule")}</p></header>
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Rules: ${name}</caption>
    <thead><tr><th scope="col">Rule</th><th scope="col">Judges</th><th scope="col">Fires when</th><th scope="col">Level</th><th scope="col">State</th><th scope="col" class="mn-num">Alerts now</th></tr></thead>
    <tbody>
    % for rule in rules:
    <tr id="rule-${rule.name}" class="${'' if rule.enabled else 'is-stale'}">
      <th scope="row" class="mn-break" data-label="Rule"><a href="${request.route_path('alert_rule', name=rule.name)}">${rule.title}</a><span class="mn-muted mn-mono mn-alert__why">${rule.name}</span></th>
      <td data-label="Judges"><span>each ${rule.about}\
% if scope_here(rule):
 <span class="mn-muted">of ${scope_here(rule)}</span>\
% endif
</span></td>
      <td data-label="Fires when" class="mn-table__words"><span class="mn-break">${rule_words(rule)}</span>\
% if rule.problem:
<span class="mn-field__error">${parts.icon("error")} ${rule.problem}</span>\
% endif
</td>
      <td data-label="Level">${parts.status(level_badge(rule.level))}</td>
      <td data-label="State"><span>${"on" if rule.enabled else "off"}${", changed here" if rule.changed else ""}</span></td>
      <td data-label="Alerts now" class="mn-num">\
% if numbers.get(rule.name):
<a href="${request.route_path('alerts', _query={'rule': rule.name})}">${numbers[rule.name]}</a>\
% else:
0\
% endif
</td>
    </tr>
    % endfor
    </tbody></table></div>
</section>
% endfor
% if not groups:
<section class="mn-panel" aria-label="Rules">
  % if any(wanted.values()):
  <%parts:empty icon_name="filter" heading="No rule fits"><p><a href="${request.route_path('alert_rules')}">Show all rules</a></p></%parts:empty>
  % else:
  <%parts:empty icon_name="alerts" heading="No rules"><p>No service folder brings rules, and nobody has made one: nothing is judged, and nobody is told of anything.</p></%parts:empty>
  % endif
</section>
% endif
</div>
