## Pieces that every page is made of: icons, badges, ages, fields, pagers, empty states.
<%def name="icon(name, size='')">\
<svg class="mn-icon${' mn-icon--' + size if size else ''}" aria-hidden="true"><use href="${icons_url}#${name}"/></svg>\
</%def>

<%def name="csrf()">\
<input type="hidden" name="csrf_token" value="${get_csrf_token()}">\
</%def>

## A time as an age; ``style`` "short" leaves out "ago".
<%def name="age(at, style='')">\
% if at is None:
–\
% else:
<time data-age${'="short"' if style else '' | n} datetime="${show.iso(at)}">${show.utc(at)}</time>\
% endif
</%def>

## A state: icon, word, and since when. ``badge`` is a minos_web.views.badges.Badge.
<%def name="status(badge, large=False, since=True)">\
<span class="mn-status mn-status--${badge.kind}${' mn-status--lg' if large else ''}${' is-stale' if badge.stale else ''}"\
% if badge.title:
 title="${badge.title}"\
% endif
% if badge.beat and badge.stale_after and not badge.stale:
 data-stale-after="${int(badge.stale_after)}" data-beat="${show.iso(badge.beat)}"\
% endif
><svg class="mn-icon" aria-hidden="true"><use href="${icons_url}#status-${badge.kind}"/></svg><span class="mn-status__word">${_s(badge.word)}</span>\
% if since and badge.since is not None:
<time class="mn-status__age" data-age="short" datetime="${show.iso(badge.since)}">${show.utc(badge.since)}</time>\
% endif
</span>\
</%def>

## One square of a row of blocks.
<%def name="block(kind, title)">\
<li class="mn-block mn-block--${kind}" title="${title}"><span class="visually-hidden">${title}</span></li>\
</%def>

<%def name="why(kind, text)">\
% if text:
<p class="mn-why mn-why--${kind}"><svg class="mn-icon" aria-hidden="true"><use href="${icons_url}#${'info' if kind == 'info' else 'status-' + kind}"/></svg> <span>${text}</span></p>
% endif
</%def>

<%def name="flash(kind, text)">
<div class="mn-flash mn-flash--${kind}" role="${'alert' if kind == 'danger' else 'status'}">${icon({"danger": "error"}.get(kind, kind))}<p>${text}</p><button type="button" class="mn-iconbtn" data-dismiss aria-label="Close">${icon("close")}</button></div>
</%def>

<%def name="empty(icon_name, heading)">
<div class="mn-empty">${icon(icon_name, "xl")}<h2>${heading}</h2>${caller.body()}</div>
</%def>

## ``wide``: a page of the console as a whole.
<%def name="crumb(href, text, wide=False)">\
<li>${on_all(href, text) if wide else on(href, text)}</li>\
</%def>

<%def name="on(href, text)">\
<a href="${href}">${text}</a>\
</%def>

## The way to a page of the console as a whole; for who sees certain clusters alone, just its words.
<%def name="on_all(href, text)">\
% if frame.sees_all:
<a href="${href}">${text}</a>\
% else:
${text}\
% endif
</%def>

## From all clusters over its service to a cluster; ``last``: that is the page itself.
<%def name="way(cluster, last=False)">\
<% service = request.console.catalog.get(cluster.service) %>\
${crumb(request.route_path(frame.clusters_route), "Clusters")}\
% if service:
${crumb(request.route_path('service', name=service.name), service.title or service.name, wide=True)}\
% else:
<li>${cluster.service}</li>\
% endif
${here(cluster.name) if last else crumb(request.route_path('cluster', service=cluster.service, cluster=cluster.name), cluster.name)}\
</%def>

<%def name="here(text)">\
<li aria-current="page">${text}</li>\
</%def>

## The other languages, each by its own name.
<%def name="language_choice()">
<form class="mn-languages" method="post" action="${request.route_path('language')}">${csrf()}<input type="hidden" name="next" value="${request.path_qs if request.method == 'GET' else '/'}">
% for name, code, own in languages:
<button class="mn-languages__one" name="language" value="${name}" lang="${code}">${own}</button>
% endfor
</form>
</%def>

## What is always in sight, wherever one is.
<%def name="pulse(found)">
<span class="mn-pulse" id="pulse" hx-get="${request.route_path('pulse')}" hx-trigger="every 5s" hx-swap="outerMorph">
% if found.errors:
<a class="mn-chip mn-chip--link" href="${request.route_path('alerts', _query={'level': 'error'})}">${icon("status-down")} ${found.errors} <span class="mn-pulse__word">${_n("error firing", "errors firing", found.errors)}</span></a>
% endif
% if found.pending:
<a class="mn-chip mn-chip--link" href="${request.route_path('hosts')}">${icon("status-waiting")} ${found.pending} <span class="mn-pulse__word">${_n("host to approve", "hosts to approve", found.pending)}</span></a>
% endif
% if found.silent:
<a class="mn-chip mn-chip--link" href="${request.route_path('hosts')}">${icon("status-unknown")} ${found.silent} <span class="mn-pulse__word">${_n("host silent", "hosts silent", found.silent)}</span></a>
% endif
% if found.failed:
<a class="mn-chip mn-chip--link" title="${_("Within the last hour")}" href="${request.route_path('operation', id=found.failed_newest) if found.failed == 1 else request.route_path('operations', _query={'state': 'failed'})}">${icon("status-failed")} ${found.failed} <span class="mn-pulse__word">${_("failed lately")}</span></a>
% endif
% if found.operations:
<a class="mn-chip mn-chip--link" href="${request.route_path('operation', id=found.newest) if found.operations == 1 else request.route_path('operations', _query={'state': 'open'})}">${icon("status-changing")} ${found.operations} <span class="mn-pulse__word">${_n("operation running", "operations running", found.operations)}</span></a>
% endif
</span>
</%def>

## The emergency brake, on every page while it is pulled; ``live`` when it comes with a poll of the pulse.
<%def name="brake_banner(found, live=False)">
<div id="brake-banner"${' hx-swap-oob="outerMorph"' if live else '' | n}>
% if found.brakes:
<div class="mn-banner mn-banner--brake" role="alert">${icon("brake")}<span class="mn-banner__text">${show.sentence(found.brakes[0])}\
% if len(found.brakes) > 1:
 And ${len(found.brakes) - 1} more ${"is" if len(found.brakes) == 2 else "are"} pulled.\
% endif
</span> <a class="mn-banner__action" href="${request.route_path('brake')}">${_("Release…") if frame.operator else _("More")}</a></div>
% endif
</div>
</%def>

## A label, a control (the caller's body) and its help and error texts.
<%def name="field(name, label, help='', error='', optional=False)">
<div class="mn-field">
  <label class="form-label" for="${name}">${label}\
% if optional:
 <span class="mn-field__opt">${_("optional")}</span>\
% endif
</label>
  ${caller.body()}
  % if help:
  <p class="mn-field__help" id="${name}-help">${help}</p>
  % endif
  ${field_error(name, error)}
</div>
</%def>

<%def name="field_error(name, error)">\
% if error:
<p class="mn-field__error" id="${name}-error">${icon("error")} ${error}</p>\
% endif
</%def>

## A one-line input inside a field.
<%def name="text(name, label, value='', help='', error='', optional=False, kind='text', mono=False, extra='')">
<div class="mn-field">
  <label class="form-label" for="${name}">${label}\
% if optional:
 <span class="mn-field__opt">${_("optional")}</span>\
% endif
</label>
  <input class="form-control${' mn-mono' if mono else ''}${' is-invalid' if error else ''}" type="${kind}" id="${name}" name="${name}" value="${value}"\
% if help or error:
 aria-describedby="${' '.join(part for part in ((name + '-help') if help else '', (name + '-error') if error else '') if part)}"\
% endif
% if error:
 aria-invalid="true"\
% endif
% if not optional:
 required\
% endif
 ${extra | n}>
  % if help:
  <p class="mn-field__help" id="${name}-help">${help}</p>
  % endif
  ${field_error(name, error)}
</div>
</%def>

## A WTForms field, drawn like the others. ``extra`` is markup of ours only, never a value.
<%def name="form_field(bound, extra='')">\
${text(bound.name, bound.label.text, value="" if bound.type == "PasswordField" else (bound.raw_data[0] if bound.raw_data else bound.data or ""), help=bound.description, error=" ".join(str(e) for e in bound.errors), optional="optional" in bound.flags, kind="password" if bound.type == "PasswordField" else "text", extra=extra)}\
</%def>

<%def name="meter(value, text, low=75, high=90)">\
% if value is None:
–\
% else:
<span class="mn-meter"><meter class="mn-meter__bar" min="0" max="100" low="${low}" high="${high}" optimum="0" value="${round(value)}">${text}</meter><span class="mn-meter__text">${text}</span></span>\
% endif
</%def>

## Links through a cut list. ``page`` is a minos_web.views.paging.Page; the rest of the query stays.
<%def name="pager(page, what)">
<%
    def at(number):
        query = [(k, v) for k, v in request.GET.items() if k != "page"] + [("page", number)]
        return request.current_route_path(_query=query)
%>
<nav class="mn-pager" aria-label="Pages">
  <span class="mn-muted">${f"{page.first:,}–{page.last:,} of {page.total:,}" if page.total else "no"} ${what}</span>
  % if page.pages > 1:
  % if page.number > 1:
  <a class="btn btn-sm btn-outline-secondary" rel="prev" href="${at(page.number - 1)}">${icon("arrow-left")} Previous</a>
  % endif
  <span class="mn-muted">page ${page.number} of ${page.pages}</span>
  % if page.number < page.pages:
  <a class="btn btn-sm btn-outline-secondary" rel="next" href="${at(page.number + 1)}">Next ${icon("arrow-right")}</a>
  % endif
  % endif
</nav>
</%def>

## Problems of a text, as the editor shows them too.
<%def name="problems(found)">\
% if found:
<ul class="mn-problems" data-problems>\
% for problem in found:
<li class="mn-problem mn-problem--${problem['level']}">\
% if problem["line"]:
<a class="mn-problem__line" href="#L${problem['line']}">line ${problem['line']}</a>\
% endif
% if problem["section"] or problem["key"]:
<span class="mn-problem__where">${f"[{problem['section']}]" if problem["section"] else ""} ${problem["key"] or ""}</span>\
% endif
<span class="mn-problem__text">${problem["message"]}</span></li>\
% endfor
</ul>\
% endif
</%def>

## Differences, one span a line.
## Problems of several files, each with a link to its line.
<%def name="problems_of_files(found)">\
<ul class="mn-problems">\
% for problem in found:
<li class="mn-problem mn-problem--${problem.level}"><a class="mn-problem__line" href="${request.route_path('config_file', path=problem.file)}${f'#L{problem.line}' if problem.line else ''}">${problem.file.rpartition("/")[2]}${f":{problem.line}" if problem.line else ""}</a> \
<span class="mn-problem__text">${problem.message}</span></li>\
% endfor
</ul>\
</%def>
