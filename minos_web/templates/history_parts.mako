## The line of time: its filter, its days, and the way to what lies below.
<%namespace name="parts" file="/parts.mako"/>

<%def name="filters(here)">
<form class="mn-filters mn-history__filters" method="get" action="${here}" aria-label="Filter">
  <fieldset class="mn-history__kinds"><legend class="visually-hidden">Kinds; none is all</legend>
    % for kind, text, icon, chosen in kinds:
    <label class="mn-history__kind"><input class="form-check-input" type="checkbox" name="kind" value="${kind}"${' checked' if chosen else ''}> ${parts.icon(icon)} ${text}</label>
    % endfor
  </fieldset>
  % if not fixed:
  <label class="visually-hidden" for="service">Service</label>
  <select class="form-select form-select-sm" id="service" name="service"><option value="">All services</option>
    % for one in services:
    <option${' selected' if one == texts['service'] else ''}>${one}</option>
    % endfor
    % if texts["service"] and texts["service"] not in services:
    <option selected>${texts["service"]}</option>
    % endif
  </select>
  ${entry("cluster", "Cluster")}
  % endif
  ${entry("host", "Host")}${entry("who", "Who")}
  % if wanted and wanted.before is not None:
  <input type="hidden" name="before" value="${request.GET['before']}"><input type="hidden" name="minutes" value="${wanted.minutes}">
  % else:
  <span class="mn-inline"><label class="mn-muted" for="from">From</label><input class="form-control form-control-sm" type="datetime-local" id="from" name="from" value="${times.get('from', '')}"${invalid("from")}></span>
  <span class="mn-inline"><label class="mn-muted" for="to">to</label><input class="form-control form-control-sm" type="datetime-local" id="to" name="to" value="${times.get('to', '')}"${invalid("to")}> <span class="mn-muted">UTC</span></span>
  % endif
  <button class="btn btn-sm btn-outline-secondary">${parts.icon("filter")} Filter</button>
  % if wanted is None or wanted.narrows:
  <a class="btn btn-sm btn-link" href="${here}">Show all</a>
  % endif
</form>
% if error:
<p class="mn-field__error" id="filter-error" role="alert">${parts.icon("error")} ${error}</p>
% endif
</%def>

<%def name="entry(name, label)">\
<label class="visually-hidden" for="${name}">${label}</label><input class="form-control form-control-sm" id="${name}" name="${name}" placeholder="${label}" maxlength="200" value="${texts[name]}"${invalid(name)}>\
</%def>

<%def name="invalid(name)">\
% if field == name:
 aria-invalid="true" aria-describedby="filter-error"\
% endif
</%def>

## What was before a moment: how long before, and the way out.
<%def name="before_bar(here)">
% if wanted and wanted.before is not None:
<p class="mn-why mn-why--info">${parts.icon("history")} <span>What happened in the ${show.count(wanted.minutes // 60, "hour") if wanted.minutes % 60 == 0 else show.count(wanted.minutes, "minute")} before <b>${show.utc(wanted.before)}</b>. Before it:
% for minutes, words in spans:
<a href="${here}?${query(minutes=minutes)}"${' aria-current="true"' if minutes == wanted.minutes else '' | n}>${words}</a>${"," if not loop.last else "."}
% endfor
</span></p>
% endif
</%def>

<%def name="line_of_time(here)">
% for day in days:
<section class="mn-history__day" aria-label="${day.title}">
  <h2 class="mn-section">${day.title} <span class="mn-count">${len(day.lines)}${"+" if loop.last and older else ""}</span></h2>
  <ol class="mn-history">
    % for one in day.lines:
    ${line(one)}
    % endfor
  </ol>
</section>
% endfor
% if not days and not error:
  % if wanted.narrows or request.GET.get("cursor"):
<%parts:empty icon_name="history" heading="Nothing that fits">
  <p>No operation, saved file, alert, crash or anything else that Minos knows of fits. <a href="${here}">Show all</a></p>
</%parts:empty>
  % else:
<%parts:empty icon_name="history" heading="Nothing happened yet">
  <p>Operations, saved configuration, alerts, crashes, packages and maintenance will stand here, newest first.</p>
</%parts:empty>
  % endif
% endif
% if older or request.GET.get("cursor"):
<nav class="mn-pager" aria-label="Pages">
  % if request.GET.get("cursor"):
  <a class="btn btn-sm btn-outline-secondary" href="${here}?${query()}">${parts.icon("arrow-up")} Newest</a>
  % endif
  % if older:
  <a class="btn btn-sm btn-outline-secondary" rel="next" href="${here}?${query(cursor=older)}">Older ${parts.icon("arrow-right")}</a>
  % endif
</nav>
% endif
</%def>

<%def name="line(one)">
<li class="mn-history__line mn-history__line--${one['tone']}" id="h-${one['id']}">
  <time class="mn-history__time" datetime="${show.iso(one['at'])}" title="${show.utc(one['at'])}">${show.utc(one["at"])[11:19]}</time>
  <span class="mn-history__icon" title="${one['kind']}">${parts.icon(icons[one["kind"]])}<span class="visually-hidden">${one["kind"]}:</span></span>
  <p class="mn-history__what">\
% if one["url"] and (frame.sees_all or one["cluster"]):
<a href="${one['url']}">${one["title"]}</a>\
% else:
${one["title"]}\
% endif
% if one["state"]:
 <span class="mn-chip${' mn-chip--bad' if one['tone'] == 'down' else ''}">${one["state"]}</span>\
% endif
% if one["until"] and one["until"] - one["at"] >= 1:
 <span class="mn-muted">${"for" if one["kind"] == "alert" else "took"} ${show.duration(one["until"] - one["at"])}</span>\
% endif
% if one["text"]:
 <span class="mn-muted mn-history__text">${one["text"]}</span>\
% endif
</p>
  <span class="mn-history__who">${one["who"]}</span>
  <span class="mn-history__where">\
% if one["cluster"] and not fixed:
<a href="${request.route_path('cluster', service=one['service'], cluster=one['cluster'])}">${one["cluster"]}</a>\
% endif
% if one["host"]:
 ${parts.on_all(request.route_path('host', name=one['host']), one["host"])}\
% endif
</span>
  <span class="mn-history__before">\
% if one["kind"] in ("operation", "alert", "crash") and frame.sees_all:
<a href="${request.route_path('history', _query=before_query(one['at'], service=one['service'] if one['cluster'] else '', cluster=one['cluster'], host='' if one['cluster'] else one['host']))}" title="What changed before this" aria-label="What changed before this">${parts.icon("history")}</a>\
% endif
</span>
</li>
</%def>
