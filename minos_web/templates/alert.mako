<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="al" file="/alert_parts.mako"/>
<%namespace name="drawn" file="/chart_parts.mako"/>
<%block name="head">${drawn.assets()}</%block>
<%block name="crumbs">${parts.crumb(request.route_path('alerts'), "Alerts", wide=True)}\
% if not alert.open_key:
${parts.crumb(request.route_path('alerts_history'), "History", wide=True)}\
% endif
${parts.here(alert.title)}</%block>
<%
    def act(verb): return request.route_path("alert_act", id=alert.id, verb=verb)
%>
<div class="mn-stack">
<div class="mn-stack" id="alert" hx-get="${request.current_route_path()}" hx-select="#alert" hx-trigger="every 5s" hx-swap="outerMorph">
<header class="mn-head">
  <div class="mn-head__text">
    <p class="mn-head__kind">${alert.level.capitalize()} · ${rule.title if rule else alert.rule}</p>
    <h1 class="mn-head__title">${alert.title} ${parts.status(badge_of(alert), large=True)}</h1>
    <p class="mn-head__sub">${al.about(alert)} · began ${parts.age(alert.since)}\
% if not alert.open_key:
 · over ${parts.age(alert.resolved_at)}, after ${show.duration(alert.resolved_at - alert.since)}\
% endif
</p>
  </div>
  % if frame.operator:
  <div class="mn-head__actions">
    % if alert.open_key and alert.acknowledged_at is None:
    <form method="post" action="${act('acknowledge')}">${parts.csrf()}<button class="btn btn-primary">${parts.icon("approve")} Acknowledge</button></form>
    % elif alert.open_key:
    <form method="post" action="${act('unacknowledge')}">${parts.csrf()}<button class="btn btn-outline-secondary">${parts.icon("retry")} Take back</button></form>
    % endif
    <a class="btn btn-outline-secondary" href="${silence_url}">${parts.icon("status-paused")} Silence…</a>
  </div>
  % endif
</header>
% if not_judged and alert.open_key:
${parts.why("unknown", not_judged)}
% endif
% if alert.unknown_since is not None and alert.open_key:
${parts.why("unknown", "Nothing is told of it any more, so nobody knows whether it is over. What was known last is shown.")}
% endif
% if alert.reason:
${parts.why(badge_of(alert).kind if badge_of(alert).kind in ("down", "degraded", "unknown") else "info", alert.reason)}
% endif
% if cause:
<p class="mn-why mn-why--info">${parts.icon("info")} <span>It is a symptom of <a href="${request.route_path('alert', id=cause.id)}">${cause.title}</a>, which is looked after in its place.</span></p>
% endif
% if alert.muted and alert.open_key:
<p class="mn-why mn-why--info">${parts.icon("status-paused")} <span>Nobody hears of it now: ${alert.muted}.</span></p>
% endif

<div class="mn-grid mn-grid--2">
<section class="mn-panel" aria-labelledby="what-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="what-title">What is known</h2></header>
  <div class="mn-panel__body"><dl class="mn-kv">
    <dt>Looked after by</dt><dd>\
% if alert.acknowledged_at is not None:
${alert.acknowledged_by} since ${parts.age(alert.acknowledged_at)}\
% else:
nobody\
% endif
</dd>
    % if value_words(alert):
    <dt>Value</dt><dd>${value_words(alert)} <span class="mn-muted mn-mono">${alert.metric}</span></dd>
    % endif
    % if alert.fired_at is not None:
    <dt>Fired</dt><dd>${parts.age(alert.fired_at)} <span class="mn-muted">${show.utc(alert.fired_at)}</span></dd>
    % else:
    <dt>Fired</dt><dd>not yet: it must be bad for longer first</dd>
    % endif
    <dt>People were told</dt><dd>${"yes; they hear of its end as well" if alert.told else "no"}</dd>
    % for silence, words in silences:
    <dt>Silence</dt><dd><a href="${request.route_path('silences')}">${silence.reason}</a> <span class="mn-muted">by ${silence.by}, ${words}</span></dd>
    % endfor
    % if rule:
    <dt>Rule</dt><dd><a href="${rule.url}">${rule.title}</a> <span class="mn-muted">${rule.words}</span></dd>
    % else:
    <dt>Rule</dt><dd>${alert.rule} <span class="mn-muted">there is no such rule any more</span></dd>
    % endif
  </dl>
  % if rule and rule.help:
  <h3 class="mn-alert__help">What to do</h3>
  <p class="mn-board__text">${linked_text(rule.help)}</p>
  % endif
  </div>
</section>
<section class="mn-panel" aria-labelledby="before-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="before-title">What changed in the 30 minutes before</h2><div class="mn-panel__actions"><a href="${request.route_path('history', _query={'before': repr(alert.since), **chart_events})}">${parts.icon("history")} In the history</a></div></header>
  <div class="mn-panel__body">
  % if changed:
  <ol class="mn-timeline mn-scroll" tabindex="0" aria-label="What changed in the 30 minutes before">
    % for one in changed:
    <li class="mn-timeline__item mn-timeline__item--${one['tone']}">${parts.age(one["at"])}<p><a href="${one['url']}">${one["title"]}</a> <span class="mn-muted">${one["text"]}</span></p></li>
    % endfor
  </ol>
  % if changed_more:
  <p class="mn-muted">and more than is shown here</p>
  % endif
  % else:
  <p class="mn-muted">Nothing that Minos knows of: no operation, no saved configuration, no maintenance, and no task came or went.</p>
  % endif
  </div>
</section>
</div>

% if chart:
<section aria-labelledby="chart-title" class="mn-stack">
  <h2 class="mn-section" id="chart-title">Around that moment</h2>
${drawn.bar(chart_events, window)}
<div class="mn-grid">
${drawn.figure(chart)}
</div>
  % if chart_url:
  <p><a href="${chart_url}">All charts of ${subject(alert)} at that moment</a></p>
  % endif
</section>
% elif chart_url:
<p><a href="${chart_url}">Charts of ${subject(alert)} at that moment</a></p>
% endif

% if symptoms.total:
<section class="mn-panel" aria-labelledby="symptoms-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="symptoms-title">Symptoms</h2><p class="mn-panel__note">${show.count(symptoms.total, "alert")} that ${"follows" if symptoms.total == 1 else "follow"} from it</p></header>
  ${al.plain(symptoms.items, "Symptoms")}
  % if symptoms.pages > 1:
  <div class="mn-panel__body">${parts.pager(symptoms, "symptoms")}</div>
  % endif
</section>
% endif

<section class="mn-panel" aria-labelledby="events-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="events-title">What happened to it</h2></header>
  <div class="mn-panel__body">
  % if lines:
  <ol class="mn-timeline">
    % for event, tone, who, words in lines:
    <li class="mn-timeline__item mn-timeline__item--${tone}" id="event-${event.id}">${parts.age(event.at)}<p>\
% if who:
<b>${who}</b> ${words}\
% else:
${words[:1].upper()}${words[1:]}\
% endif
% if event.text and event.kind == "note":
:</p><p class="mn-board__text">${linked_text(event.text)}\
% elif event.text:
 <span class="mn-muted">${event.text}</span>\
% endif
</p></li>
    % endfor
  </ol>
  % if lines_total > len(lines):
  <p class="mn-muted">the newest ${len(lines)} of ${f"{lines_total:,}"} are shown</p>
  % endif
  % else:
  <p class="mn-muted">Nothing was kept.</p>
  % endif
  </div>
</section>
</div>

% if frame.operator:
<section class="mn-panel" aria-labelledby="note-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="note-title">Add a note</h2></header>
  <form class="mn-form mn-panel__body" method="post" action="${act('note')}" data-guard>${parts.csrf()}
    <%parts:field name="text" label="Note" help="What you saw, what you tried: for whoever looks next. It stays with the alert.">
      <textarea class="form-control" id="text" name="text" rows="3" maxlength="4000" required aria-describedby="text-help"></textarea>
    </%parts:field>
    <div class="mn-form__foot"><button class="btn btn-outline-secondary">${parts.icon("add")} Add note</button></div>
  </form>
</section>
% endif
</div>

## Web addresses become links, nothing else does.
<%def name="linked_text(text)">\
% for piece, is_link in linked(text):
% if is_link:
<a href="${piece}" rel="noopener noreferrer">${piece}</a>\
% else:
${piece}\
% endif
% endfor
</%def>
