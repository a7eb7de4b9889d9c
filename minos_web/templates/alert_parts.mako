## Pieces of the pages of alerts: tabs, filters, tables of alerts, what one did about them.
<%namespace name="parts" file="/parts.mako"/>

<%def name="tabs()">
<nav class="mn-tabs" aria-label="Alerts">
  % for name, route, text, number in (("open", "alerts", "Open", counts["open"]), ("history", "alerts_history", "History", 0), ("silences", "silences", "Silences", counts["silences"]), ("rules", "alert_rules", "Rules", 0)):
  <a href="${request.route_path(route)}"${' aria-current="page"' if tab == name else '' | n}>${text}\
% if number:
 <span class="mn-count">${f"{number:,}"}</span>\
% endif
</a>
  % endfor
</nav>
</%def>

## Filters whose choices stand in the address. ``states``: whether one may ask for states as well.
<%def name="filters(route, states=True)">
<form class="mn-filters" method="get" action="${request.route_path(route)}">
  % for level in choices["level"]:
  <a class="mn-chip mn-chip--link" aria-current="${'true' if wanted.level == level else 'false'}" href="${narrowed(level='' if wanted.level == level else level)}">${level}</a>
  % endfor
  % if states:
  <span class="mn-filters__bar" aria-hidden="true"></span>
  % for state in choices["state"]:
  <a class="mn-chip mn-chip--link" aria-current="${'true' if wanted.state == state else 'false'}" href="${narrowed(state='' if wanted.state == state else state)}">${state}</a>
  % endfor
  % endif
  ${choice("service", "All services")}
  ${choice("cluster", "All clusters")}
  ${choice("rule", "All rules")}
  <label class="visually-hidden" for="host">Host</label><input class="form-control form-control-sm" id="host" name="host" placeholder="Host" value="${wanted.host}" autocomplete="off" autocapitalize="off" spellcheck="false">
  % for name in ("level", "state", "job") if states else ("level", "job"):
  % if getattr(wanted, name):
  <input type="hidden" name="${name}" value="${getattr(wanted, name)}">
  % endif
  % endfor
  % if wanted.number is not None:
  <input type="hidden" name="number" value="${wanted.number}">
  % endif
  <button class="btn btn-sm btn-outline-secondary">${parts.icon("filter")} Filter</button>
  % if wanted.narrows:
  <a class="btn btn-sm btn-link" href="${request.route_path(route)}">Show all</a>
  % endif
</form>
% if wanted.job:
<p class="mn-muted">Only of ${wanted.job}${f"/{wanted.number}" if wanted.number is not None else ""}.</p>
% endif
</%def>

<%def name="choice(name, every)">\
<label class="visually-hidden" for="${name}">${name.capitalize()}</label><select class="form-select form-select-sm" id="${name}" name="${name}"><option value="">${every}</option>
  % for value in choices[name]:
  <option${' selected' if value == getattr(wanted, name) else ''}>${value}</option>
  % endfor
</select>
</%def>

<%def name="about(alert)">\
<% url = about_url(alert) %>\
% if url:
<a href="${url}">${subject(alert)}</a>\
% else:
${subject(alert)}\
% endif
% if alert.service:
 <span class="mn-muted">${alert.service}</span>\
% endif
</%def>

## Who looks after an alert, and why nobody hears of it.
<%def name="owner(alert)">\
% if alert.acknowledged_at is not None:
<span>${alert.acknowledged_by or "somebody"} <span class="mn-muted">${parts.age(alert.acknowledged_at)}</span></span>\
% elif alert.muted:
<span class="mn-muted mn-clamp" title="${alert.muted}">${parts.icon("status-paused")} muted: ${alert.muted}</span>\
% else:
–\
% endif
</%def>

<%def name="muted(alert)">\
% if alert.muted and alert.acknowledged_at is not None:
<span class="mn-muted mn-clamp" title="${alert.muted}">${parts.icon("status-paused")} muted: ${alert.muted}</span>\
% endif
</%def>

## ``found`` are alerts that stand by themselves.
<%def name="plain(found, caption, over=False)">
<div class="mn-tablewrap"><table class="mn-table mn-table--cards">
  <caption class="visually-hidden">${caption}</caption>
  <thead><tr><th scope="col">Alert</th><th scope="col">Level</th><th scope="col">State</th><th scope="col">Of</th><th scope="col">Began</th><th scope="col">Looked after by</th></tr></thead>
  <tbody>
  % for alert in found:
  <tr id="alert-${alert.id}" class="${'is-stale' if alert.unknown_since is not None and alert.open_key else ''}">
    <th scope="row" class="mn-break" data-label="Alert"><a href="${request.route_path('alert', id=alert.id)}">${headline(alert)}</a>${reason(alert)}</th>
    <td data-label="Level">${parts.status(level_badge(alert.level))}</td>
    <td data-label="State">${parts.status(badge_of(alert))}</td>
    <td data-label="Of"><span>${about(alert)}</span></td>
    <td data-label="Began">${parts.age(alert.since)}\
% if over and alert.resolved_at is not None:
 <span class="mn-muted">for ${show.duration(alert.resolved_at - alert.since)}</span>\
% endif
</td>
    <td data-label="Looked after by">${owner(alert)}</td>
  </tr>
  % endfor
  </tbody></table></div>
</%def>

<%def name="reason(alert)">\
% if alert.reason:
<span class="mn-muted mn-clamp mn-alert__why" title="${alert.reason}">${alert.reason}</span>\
% endif
</%def>
