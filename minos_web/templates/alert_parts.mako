## Pieces of the pages of alerts: tabs, tables of alerts, what one did about them.
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

## A cell of a list of alerts. ``fits``: ids of those that are themselves as asked for; None where only such are listed.
<%def name="cell(name, line, fits)">
<% alert = line.alert %>\
% if name == "alert":
<th scope="row" class="mn-break" data-label="Alert"><a href="${request.route_path('alert', id=alert.id)}">${headline(alert)}</a>${reason(alert)}\
% if fits is not None and alert.id not in fits:
<span class="mn-muted mn-alert__why">shown for its symptoms</span>\
% endif
</th>
% elif name == "level":
<td data-label="Level">${parts.status(level_badge(alert.level))}</td>
% elif name in ("state", "ended"):
<td data-label="State">${parts.status(badge_of(alert))}</td>
% elif name == "of":
<td data-label="Of"><span>${about(alert)}</span></td>
% elif name == "since":
<td data-label="Since">${parts.age(alert.since if fits is None else alert.fired_at or alert.since)}</td>
% elif name == "took":
<td data-label="Took" class="mn-num">${show.duration(alert.resolved_at - alert.since) if alert.resolved_at is not None else "–"}</td>
% elif name == "rule":
<td data-label="Rule"><code>${alert.rule}</code></td>
% elif name == "symptoms":
<td data-label="Symptoms" class="mn-num">${len(line.symptoms)}</td>
% elif name == "owner":
<td data-label="Looked after by"><span>${owner(alert)}${muted(alert)}</span></td>
% endif
</%def>
