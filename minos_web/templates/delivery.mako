<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('notifications'), "Notifications")}${parts.here(title)}</%block>
<div class="mn-stack" id="delivery"\
% if open:
 hx-get="${request.current_route_path()}" hx-select="#delivery" hx-trigger="every 1s" hx-swap="outerMorph"\
% endif
>
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">${"Test" if row.kind == "test" else "Message"} over ${row.channel_name}</h1><p class="mn-head__sub">${parts.status(badge, large=True)}</p></div></header>
% if row.state == "sent":
${parts.why("info", f"It was handed over: {row.result}.")}
% elif row.state == "failed":
${parts.why("down", f"It did not go: {row.result}")}
% elif row.result:
${parts.why("degraded", row.result)}
% endif
<section class="mn-panel" aria-label="About it"><div class="mn-panel__body"><dl class="mn-kv">
  <dt>To</dt><dd>${", ".join(row.recipients) or row.channel_name}</dd>
  <dt>Route</dt><dd>${row.route_name or "–"}</dd>
  <dt>Made</dt><dd>${parts.age(row.created_at)}</dd>
  % if row.state == "waiting":
  <dt>Goes</dt><dd>${show.utc(row.due_at)}${", unless somebody acknowledges it" if row.stage else ""}</dd>
  % endif
  % if row.sent_at:
  <dt>Sent</dt><dd>${parts.age(row.sent_at)}</dd>
  % endif
  % if row.merged_into:
  <dt>Part of</dt><dd><a href="${request.route_path('delivery', id=row.merged_into)}">message ${row.merged_into}</a></dd>
  % endif
  <dt>Message-ID</dt><dd class="mn-mono">${row.message_id}</dd>
</dl></div></section>
<section class="mn-panel" aria-labelledby="news-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="news-title">What it tells</h2></header>
  % if news:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards"><caption class="visually-hidden">News in this message</caption>
    <thead><tr><th scope="col">News</th><th scope="col">Kind</th><th scope="col">Level</th><th scope="col">At</th></tr></thead><tbody>
    % for one in news:
    <tr><th scope="row" data-label="News" class="mn-break">
      % if one.path.startswith("/") and not one.path.startswith("//"):
      <a href="${one.path}">${one.title}</a>
      % else:
      ${one.title}
      % endif
      </th><td data-label="Kind">${one.kind}</td><td data-label="Level">${one.level}</td><td data-label="At">${show.utc(one.at)}</td></tr>
    % endfor
    </tbody></table></div>
    % if more:
    <p class="mn-panel__body mn-muted">and ${f"{more:,}"} more</p>
    % endif
  % else:
  <%parts:empty icon_name="history" heading="Nothing is in it any more"><p>Its news are part of another message, or are forgotten.</p></%parts:empty>
  % endif
</section>
<section class="mn-panel" aria-labelledby="attempts-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="attempts-title">Attempts</h2></header>
  % if row.tries:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards"><caption class="visually-hidden">Attempts to send it</caption>
    <thead><tr><th scope="col">At</th><th scope="col">Taken</th><th scope="col" class="mn-num">Took</th><th scope="col">What was said</th></tr></thead><tbody>
    % for one in row.tries:
    <tr><th scope="row" data-label="At">${show.utc(one.at)}</th><td data-label="Taken">${"yes" if one.taken else "no"}</td><td data-label="Took" class="mn-num">${show.duration(one.seconds)}</td><td data-label="What was said" class="mn-break">${one.text}</td></tr>
    % endfor
    </tbody></table></div>
  % else:
  <%parts:empty icon_name="clock" heading="Not tried yet"><p>The engine looks every two seconds.</p></%parts:empty>
  % endif
</section>
</div>
