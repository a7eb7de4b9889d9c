<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="lists" file="/lists.mako"/>
<%namespace name="spreads" file="/spread_parts.mako"/>
<%namespace name="op" file="/operation_parts.mako"/>
<%namespace name="line" file="/operation_line.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('operations'), "Operations", wide=True)}${parts.here(title)}</%block>
<%
    cluster = operation.cluster
    chosen = operation.selection or {}
    scope = ", ".join(
        f"{name[:-1] if len(values) == 1 else name} {', '.join(str(v) for v in values[:8])}{f' and {len(values) - 8:,} more' if len(values) > 8 else ''}"
        for name, values in (("jobs", chosen.get("jobs") or []), ("tasks", chosen.get("tasks") or []), ("hosts", chosen.get("hosts") or []))
        if values
    )
%>
<div class="mn-stack" id="operation"\
% if open:
 hx-get="${request.current_route_path(_query=list(request.GET.items()))}" hx-select="#operation" hx-trigger="every ${live_seconds}s" hx-swap="outerMorph"\
% endif
>
<header class="mn-head">
  <div class="mn-head__text">
    <p class="mn-head__kind">Operation ${operation.id}</p>
    <h1 class="mn-head__title"><span>${lists.what(operation)}</span> ${parts.status(badge, large=True, since=False)}</h1>
    <p class="mn-head__sub">${about}${f" · {scope or 'the whole cluster'}" if cluster else ""} · by ${operation.created_by}\
% if schedule:
, as <a href="${request.route_path('schedule', id=schedule.id)}">${schedule.name}</a> says\
% endif
, ${parts.age(operation.created_at)}\
% if cluster:
 · <a href="${request.route_path('config_history', path=f'conf/{cluster.service}/{cluster.service}-{cluster.name}.cfg')}">configuration revision ${operation.config_revision}</a>\
% endif
% if package:
 · package ${parts.on_all(request.route_path('package', id=package.id), package.name)} (${package.revision})\
% endif
% if cluster and frame.sees_all:
 · <a href="${request.route_path('history', _query={'before': repr(operation.created_at), 'service': cluster.service, 'cluster': cluster.name})}">what changed before this</a>\
% endif
</p>
  </div>
  % if controls or way_back:
  <div class="mn-head__actions">
    % if way_back:
    <a class="btn btn-outline-secondary" href="${way_back}">${parts.icon("retry")} Go back…</a>
    % endif
    % for verb, text in controls:
    <form method="post" action="${request.route_path('operation_control', id=operation.id, verb=verb)}">${parts.csrf()}<button class="btn ${'btn-outline-danger' if verb == 'cancel' else 'btn-primary' if verb in ('retry', 'resume') else 'btn-outline-secondary'}">${parts.icon(verb)} ${text}</button></form>
    % endfor
  </div>
  % endif
</header>

% if operation.options.get("reason"):
${parts.why("info", show.sentence(operation.options["reason"]))}
% endif
% if operation.held:
${parts.why("degraded", f"Paused by the brake; it goes on when that is released. {show.sentence(operation.held)}")}
% endif
% if badge.kind == "failed":
${parts.why("down", operation.message or "A step failed.")}
% elif operation.message:
${parts.why("degraded" if badge.kind == "paused" and counts["failed"] else "info", operation.message)}
% endif
% if counts["unknown"]:
${parts.why("unknown", f"{show.count(counts['unknown'], 'step')} got no answer in time. Whether it was done is not known; it settles when the worker is back.")}
% endif

${op.progress()}
% if counts["failed"] > 1:
${op.failures()}
% endif
% if lanes:
${line.picture()}
% endif
<div class="${'mn-split mn-split--drawer' if drawer else ''}">
${op.steps()}
% if drawer:
${op.log_drawer()}
% endif
</div>
% if spread:
${spreads.panel(spread, package, "How the package spreads" if open else "How the package spread")}
% endif
% if planned:
${op.beside_plan()}
% endif
${op.happenings()}
</div>
