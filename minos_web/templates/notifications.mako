<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%def name="kind_word(kind)">${{"mail": "mail", "webhook": "webhook", "apprise": "Apprise"}[kind]}</%def>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Notifications</h1><p class="mn-head__sub">who hears of what, over which channel, and what went out</p></div>
  % if may_change:
  <div class="mn-head__actions">
    <a class="btn btn-outline-secondary" href="${request.route_path('notify_channel_new')}">${parts.icon("add")} New channel</a>
    % if channels:
    <a class="btn btn-primary" href="${request.route_path('notify_route_new')}">${parts.icon("add")} New route</a>
    % endif
  </div>
  % endif
</header>
${warnings()}
<section class="mn-panel" id="lately" aria-labelledby="lately-title" hx-get="${request.current_route_path(_query=list(request.GET.items()))}" hx-select="#lately" hx-trigger="every 5s" hx-swap="outerMorph">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="lately-title">Messages</h2><p class="mn-panel__note">of the last seven days ${f"{counts.get('sent', 0):,}"} sent, ${f"{counts.get('failed', 0):,}"} given up; ${f"{counts.get('waiting', 0) + counts.get('sending', 0):,}"} wait</p></header>
  % if lately.total or wanted:
  <div class="mn-panel__body"><nav class="mn-filters" aria-label="State of messages">
    % for state, word in shown.items():
    <a class="mn-chip mn-chip--link" href="${request.route_path('notifications', _query={'state': state} if state else {}, _anchor='lately')}"${' aria-current="true"' if state == wanted else '' | n}>${word}</a>
    % endfor
  </nav></div>
  % endif
  % if lately.total:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Messages, the newest first</caption>
    <thead><tr><th scope="col">Message</th><th scope="col">State</th><th scope="col">Channel</th><th scope="col">To</th><th scope="col">Result</th></tr></thead>
    <tbody>
    % for row, text in lately.items:
    <tr id="delivery-${row.id}"><th scope="row" class="mn-break" data-label="Message"><a href="${request.route_path('delivery', id=row.id)}">${text}</a></th>
      <td data-label="State">${parts.status(badge(row))}</td>
      <td data-label="Channel">${row.channel_name}</td>
      <td data-label="To" class="mn-break">${", ".join(row.recipients) or "–"}</td>
      <td data-label="Result" class="mn-table__words"><span class="mn-clamp">${row.result or "–"}</span></td></tr>
    % endfor
    </tbody></table></div>
  <div class="mn-panel__body">${parts.pager(lately, "messages")}</div>
  % elif wanted:
  <%parts:empty icon_name="filter" heading="No such message"><p><a href="${request.route_path('notifications')}">Show all messages</a></p></%parts:empty>
  % else:
  <%parts:empty icon_name="notifications" heading="Nothing went out yet"><p>Messages stand here with what became of them, for ${show.count(round(request.console.settings.keep_news_days), "day")}.</p></%parts:empty>
  % endif
</section>
<section class="mn-panel" id="routes" aria-labelledby="routes-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="routes-title">Routes</h2><p class="mn-panel__note">asked from the top; the first that fits decides, unless it says to go on</p></header>
  % if routes:
  ${route_table()}
  % else:
  <%parts:empty icon_name="notifications" heading="No route"><p>A route says which news go over which channel.\
% if may_change and not channels:
 Make a channel first, or name a mail server and addresses in the ini: <code>minos.smtp_host</code> and <code>minos.alert_mail</code>.</p>\
% else:
</p>\
% endif
</%parts:empty>
  % endif
</section>
<section class="mn-panel" id="channels" aria-labelledby="channels-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="channels-title">Channels</h2><p class="mn-panel__note">${show.count(len(channels), "channel")}</p></header>
  % if channels:
  ${channel_table()}
  % else:
  <%parts:empty icon_name="notifications" heading="No channel"><p>A channel is a mail server, a webhook, or one of the services that Apprise knows.</p>
  % if may_change:
  <a class="btn btn-primary" href="${request.route_path('notify_channel_new')}">${parts.icon("add")} New channel</a>
  % endif
  </%parts:empty>
  % endif
</section>
${trying()}
</div>

<%def name="warnings()">
% if gaps or nobody or counts.get("failed"):
<section class="mn-panel mn-danger" aria-labelledby="gaps-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="gaps-title">Not everything is heard</h2></header>
  <div class="mn-panel__body"><ul>
  % if gaps and all(gap.always for gap in gaps) and not any(line.leads for line in routes):
    <li><b>Nobody hears of alerts.</b> No route leads to a channel that works.</li>
  % else:
    % for gap in gaps:
    <li>Nobody hears of ${gap.where}\
% if not gap.always:
 in ${show.duration(gap.minutes * 60)} of a week: no route covers those hours\
% endif
.</li>
    % endfor
  % endif
  % if counts.get("failed"):
    <li>${show.count(counts["failed"], "message")} of the last seven days ${"was" if counts["failed"] == 1 else "were"} given up: <a href="${request.route_path('notifications', _query={'state': 'failed'}, _anchor='lately')}">which, and why</a>.</li>
  % endif
  % for news in nobody:
    <li>Nobody heard ${parts.age(news.at)}: ${news.title}</li>
  % endfor
  </ul></div>
</section>
% endif
</%def>

<%def name="route_table()">
<div class="mn-tablewrap"><table class="mn-table mn-table--cards">
  <caption class="visually-hidden">Routes in the order in which they are asked</caption>
  <thead><tr><th scope="col">Route</th><th scope="col">Of what</th><th scope="col">When</th><th scope="col">Who hears</th><th scope="col" class="mn-table__actions"><span class="visually-hidden">Order</span></th></tr></thead>
  <tbody>
  % for line in routes:
  <% rule = line.rule %>
  <tr class="${'' if rule.enabled else 'is-stale'}"><th scope="row" data-label="Route" class="mn-break">
    % if rule.id is not None and may_change:
    <a href="${request.route_path('notify_route', id=rule.id)}">${rule.name}</a>\
    % else:
    ${rule.name}\
    % endif
${"" if rule.enabled else " (switched off)"}</th>
    <td data-label="Of what" class="mn-break"><span>${"; ".join(part for part in (", ".join(rule.kinds), ", ".join(rule.levels), f"service {rule.service}" if rule.service else "", f"cluster {rule.cluster}" if rule.cluster else "", f"host {rule.host}" if rule.host else "") if part) or "everything"}</span></td>
    <td data-label="When"><span>${" ".join(part for part in (", ".join(rule.days), rule.hours, rule.zone if not rule.always else "") if part) or "always"}</span></td>
    <td data-label="Who hears" class="mn-break"><span>
    % for text in line.leads + line.late:
      ${text}<br>
    % endfor
    % if not line.leads:
      <b>nobody: its channels do not work</b><br>
    % endif
    % if rule.collect_minutes:
      <span class="mn-muted">collected for ${f"{rule.collect_minutes:g}"} min</span><br>
    % endif
    % if rule.go_on:
      <span class="mn-muted">then the next route is asked too</span>
    % endif
    </span></td>
    <td class="mn-table__actions" data-label="">
    % if rule.id is not None and may_change:
    <form class="mn-inline" method="post" action="${request.route_path('notify_route_move', id=rule.id)}">${parts.csrf()}<button class="mn-iconbtn" name="do" value="up" aria-label="Ask ${rule.name} earlier" title="Ask earlier">${parts.icon("arrow-up")}</button><button class="mn-iconbtn" name="do" value="down" aria-label="Ask ${rule.name} later" title="Ask later">${parts.icon("arrow-down")}</button></form>
    % endif
    </td></tr>
  % endfor
  </tbody></table></div>
</%def>

<%def name="channel_table()">
<div class="mn-tablewrap"><table class="mn-table mn-table--cards">
  <caption class="visually-hidden">Channels</caption>
  <thead><tr><th scope="col">Channel</th><th scope="col">Kind</th><th scope="col">Leads to</th><th scope="col">At most</th><th scope="col" class="mn-table__actions"><span class="visually-hidden">Test</span></th></tr></thead>
  <tbody>
  % for one in channels:
  <tr class="${'is-stale' if one.trouble else ''}"><th scope="row" data-label="Channel" class="mn-break">
    % if one.id and may_change:
    <a href="${request.route_path('notify_channel', id=one.id)}">${one.name}</a>
    % else:
    ${one.name}
    % endif
    </th>
    <td data-label="Kind">${kind_word(one.kind)}</td>
    <td data-label="Leads to" class="mn-break"><span>${one.shown or "–"}${f" ({one.trouble})" if one.trouble else ""}</span></td>
    <td data-label="At most">${show.count(one.most, "message")} in ${f"{one.per_minutes:g}"} min</td>
    <td class="mn-table__actions" data-label="">
    % if may_change and not one.trouble:
    <form class="mn-inline" method="post" action="${request.route_path('channel_test', id=one.id)}">${parts.csrf()}
      % if one.kind == "mail":
      <label class="visually-hidden" for="to-${one.id}">Address that gets a test of ${one.name}</label><input class="form-control form-control-sm" type="email" multiple id="to-${one.id}" name="to" placeholder="Address" value="${", ".join(request.console.settings.alert_mail.replace(",", " ").split())}" required>
      % endif
      <button class="btn btn-sm btn-outline-secondary" aria-label="Test ${one.name}">${parts.icon("notifications")} Test</button></form>
    % endif
    </td></tr>
  % endfor
  </tbody></table></div>
</%def>

<%def name="trying()">
<section class="mn-panel" id="try" aria-labelledby="try-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="try-title">Who would hear?</h2><p class="mn-panel__note">now; nothing is sent</p></header>
  <div class="mn-panel__body">
  <form class="mn-filters" method="get" action="${request.route_path('notifications', _anchor='try')}">
    <label class="visually-hidden" for="kind">Kind</label><select class="form-select form-select-sm" id="kind" name="kind">
      % for kind in kinds:
      <option${' selected' if kind == tried["kind"] else ''}>${kind}</option>
      % endfor
    </select>
    <label class="visually-hidden" for="level">Level</label><select class="form-select form-select-sm" id="level" name="level">
      % for level in levels:
      <option${' selected' if level == tried["level"] else ''}>${level}</option>
      % endfor
    </select>
    <label class="visually-hidden" for="service">Service</label><input class="form-control form-control-sm" id="service" name="service" list="services" placeholder="Service" value="${tried['service']}">
    <datalist id="services">
      % for name in dict.fromkeys(service for service, _ in clusters):
      <option>${name}</option>
      % endfor
    </datalist>
    <label class="visually-hidden" for="cluster">Cluster</label><input class="form-control form-control-sm" id="cluster" name="cluster" list="clusters" placeholder="Cluster" value="${tried['cluster']}">
    <datalist id="clusters">
      % for _, name in clusters:
      <option>${name}</option>
      % endfor
    </datalist>
    <label class="visually-hidden" for="host">Host</label><input class="form-control form-control-sm" id="host" name="host" placeholder="Host" value="${tried['host']}">
    <button class="btn btn-sm btn-outline-secondary">${parts.icon("search")} Look</button>
  </form>
  % if tried["error"]:
  ${parts.why("down", tried["error"])}
  % elif tried["ears"] is not None and not tried["ears"]:
  ${parts.why("down", "Nobody would hear of it.")}
  % elif tried["ears"]:
  <ul>
    % for ear, name in tried["ears"]:
    <li>${name}${f" to {', '.join(ear.recipients)}" if ear.recipients else ""}, by the route ${ear.route_name}${f", after {ear.after_minutes:g} min if nobody acknowledged it" if ear.after_minutes else ""}${f", with all that is told within {ear.collect_minutes:g} min" if ear.collect_minutes else ""}</li>
    % endfor
  </ul>
  % endif
  </div>
</section>
</%def>
