<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="al" file="/alert_parts.mako"/>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Alerts</h1><p class="mn-head__sub">what is wrong now; what follows from something else is folded under it</p></div></header>
${al.tabs()}
% if nobody_hears:
<div class="mn-why mn-why--degraded">${parts.icon("warning")}<div><p>Nobody hears of alerts who does not look here: no route leads to a channel that works. <a href="${request.route_path('notifications')}">Say who should</a>.</p></div></div>
% endif
<section class="mn-panel" aria-label="Open alerts">
  <div class="mn-panel__body">${al.filters("alerts")}</div>
  <div id="alerts" hx-get="${request.current_route_path()}" hx-select="#alerts" hx-trigger="every 5s" hx-swap="outerMorph">
  % if not_judged:
  <div class="mn-panel__body">${parts.why("unknown", not_judged)}</div>
  % endif
  % if page.total:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards mn-alerts">
    <caption class="visually-hidden">Open alerts, the worst first</caption>
    <thead><tr><th scope="col">Alert</th><th scope="col">Level</th><th scope="col">State</th><th scope="col">Of</th><th scope="col">Looked after by</th></tr></thead>
    <tbody>
    % for one in page.items:
${row(one)}
    % endfor
    </tbody></table></div>
  <div class="mn-panel__body">${parts.pager(page, "incidents")}\
% if symptoms:
<p class="mn-muted mn-alert__why">with ${show.count(symptoms, "symptom")} folded under them</p>\
% endif
</div>
  % elif wanted.narrows:
  <%parts:empty icon_name="filter" heading="No open alert fits"><p><a href="${request.route_path('alerts')}">Show all open alerts</a>, or look into the <a href="${request.route_path('alerts_history', _query=[(k, v) for k, v in request.GET.items() if k != 'state'])}">history</a>.</p></%parts:empty>
  % else:
  <%parts:empty icon_name="success" heading="${'No alert is open' if not_judged else 'Nothing is wrong'}"><p>Rules are checked all the time: of hosts, tasks and clusters, and of the console itself. What has been bad for long enough stands here until it is over, and people are told once. <a href="${request.route_path('alert_rules')}">Which rules there are</a>, and how to make your own, and <a href="${request.route_path('help_page', page='alerts')}">how alerts work</a>.</p></%parts:empty>
  % endif
  </div>
</section>
</div>

<%def name="row(one)">
<% alert = one.head %>\
    <tr id="alert-${alert.id}" class="${'is-down' if alert.level == 'error' and alert.state == 'firing' and not alert.muted else 'is-stale' if alert.unknown_since is not None else ''}">
      <th scope="row" class="mn-break" data-label="Alert"><a href="${request.route_path('alert', id=alert.id)}">${headline(alert)}</a>${al.reason(alert)}\
% if not one.fits:
<span class="mn-muted mn-alert__why">shown for its symptoms</span>\
% endif
</th>
      <td data-label="Level">${parts.status(level_badge(alert.level))}</td>
      <td data-label="State">${parts.status(badge_of(alert))}</td>
      <td data-label="Of"><span>${al.about(alert)}</span></td>
      <td data-label="Looked after by"><span>${al.owner(alert)}${al.muted(alert)}</span></td>
    </tr>
    % if one.symptoms:
    <tr id="symptoms-${alert.id}" class="mn-table__detail"><td colspan="5" data-label="">
      <details class="mn-symptoms" id="folded-${alert.id}"><summary>${show.count(len(one.symptoms), "symptom")} of it</summary>
        <ul class="mn-symptoms__list">
          % for symptom in one.symptoms[:shown_symptoms]:
          <li id="symptom-${symptom.id}">${parts.status(badge_of(symptom))} <a href="${request.route_path('alert', id=symptom.id)}">${headline(symptom)}</a> <span class="mn-muted">${symptom.level} · ${subject(symptom)}</span></li>
          % endfor
        </ul>
        % if len(one.symptoms) > shown_symptoms:
        <p><a href="${request.route_path('alert', id=alert.id)}">All ${f"{len(one.symptoms):,}"} symptoms</a></p>
        % endif
      </details>
    </td></tr>
    % endif
</%def>
