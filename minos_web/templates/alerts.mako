<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="li" file="/list_parts.mako"/>
<%namespace name="al" file="/alert_parts.mako"/>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Alerts</h1><p class="mn-head__sub">what is wrong now; what follows from something else is folded under it</p></div></header>
${al.tabs()}
% if nobody_hears:
<div class="mn-why mn-why--degraded">${parts.icon("warning")}<div><p>Nobody hears of alerts who does not look here: no route leads to a channel that works. <a href="${request.route_path('notifications')}">Say who should</a>.</p></div></div>
% endif
<section class="mn-panel mn-list" aria-label="Open alerts" data-list>
  ${li.bar(view)}
  <div id="alerts" hx-get="${view.live()}" hx-select="#alerts" hx-trigger="every 5s, minos:again" hx-swap="outerMorph">
  % if not_judged:
  <div class="mn-panel__body">${parts.why("unknown", not_judged)}</div>
  % endif
  ${li.chips(view)}
  % if view.page.total:
  <div class="mn-tablewrap" tabindex="0" role="region" aria-label="Table of open alerts"><table class="mn-table mn-table--cards mn-alerts">
    <caption class="visually-hidden">Open alerts, with what follows from them folded under them</caption>
    ${li.head(view, pick=frame.operates_some)}
    <tbody id="alert-rows" data-rows>
    % for line in view.page.items:
${row(line)}
    % endfor
    </tbody></table></div>
  % if symptoms:
  <p class="mn-panel__body mn-muted">with ${show.count(symptoms, "symptom")} folded under them</p>
  % endif
  ${li.foot(view)}
  % elif view.asked.narrows:
  <%parts:empty icon_name="filter" heading="No open alert fits"><p><a href="${view.url(q='', kind='')}">Show all open alerts</a>, or look into the <a href="${request.route_path('alerts_history')}">history</a>.</p></%parts:empty>
  % else:
  <%parts:empty icon_name="success" heading="${'No alert is open' if not_judged else 'Nothing is wrong'}"><p>Rules are checked all the time: of hosts, tasks and clusters, and of the console itself. What has been bad for long enough stands here until it is over, and people are told once. <a href="${request.route_path('alert_rules')}">Which rules there are</a>, and how to make your own, and <a href="${request.route_path('help_page', page='alerts')}">how alerts work</a>.</p></%parts:empty>
  % endif
  </div>
  % if frame.operates_some and view.listed.total:
  ${li.bulk(view, request.route_path("alerts_bulk"), bulk)}
  % endif
</section>
</div>

<%def name="row(line)">
<% alert = line.alert %>\
    <tr id="alert-${alert.id}" class="${'is-down' if alert.level == 'error' and alert.state == 'firing' and not alert.muted else 'is-stale' if alert.unknown_since is not None else ''}">
      % if frame.operates_some:
      <td class="mn-table__pick"><input class="form-check-input" type="checkbox" name="pick" value="${alert.id}" form="bulk" aria-label="${subject(alert)}: ${headline(alert)}"></td>
      % endif
      % for column in view.columns:
      ${al.cell(column.name, line, fits)}\
      % endfor
    </tr>
    % if line.symptoms:
    <tr id="symptoms-${alert.id}" class="mn-table__detail"><td colspan="${len(view.columns) + (1 if frame.operates_some else 0)}" data-label="">
      <details class="mn-symptoms" id="folded-${alert.id}"><summary>${show.count(len(line.symptoms), "symptom")} of it</summary>
        <ul class="mn-symptoms__list">
          % for symptom in line.symptoms[:shown_symptoms]:
          <li id="symptom-${symptom.id}">${parts.status(badge_of(symptom))} <a href="${request.route_path('alert', id=symptom.id)}">${headline(symptom)}</a> <span class="mn-muted">${symptom.level} · ${subject(symptom)}</span></li>
          % endfor
        </ul>
        % if len(line.symptoms) > shown_symptoms:
        <p><a href="${request.route_path('alert', id=alert.id)}">All ${f"{len(line.symptoms):,}"} symptoms</a></p>
        % endif
      </details>
    </td></tr>
    % endif
</%def>
