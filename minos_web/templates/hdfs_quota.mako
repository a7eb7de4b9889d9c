## The quota of one directory: numbers, setting it, what the last change printed, history.
<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="ch" file="/cluster_head.mako"/>
<%namespace name="bp" file="/board_parts.mako"/>
<%namespace name="drawn" file="/chart_parts.mako"/>
<%block name="head">${drawn.assets()}</%block>
<%block name="crumbs">${parts.way(cluster)}${parts.crumb(above, "Quotas")}${parts.here(user)}</%block>
<%
    KINDS = {
        "space": ("Space quota", "Like 500 MB, 10 GB or 1.5 TB. All copies count: 1 GB in three copies takes 3 GB of it."),
        "names": ("Name quota", "How many files and directories there may be; the directory itself is one of them."),
    }
    field = refused.field if refused else ""
%>
<div class="mn-stack">
<div class="mn-stack" id="board" hx-get="${here}" hx-select="#board" hx-trigger="every 5s" hx-swap="outerMorph">
<div id="cluster-head">${ch.head("hdfs-quotas")}</div>
${ch.tabs("hdfs-quotas")}
<h2 class="mn-section mn-break">Quota of ${user} <span class="mn-muted">${row.path}</span></h2>
<p class="mn-muted">\
% if row.at:
The numbers were read ${parts.age(row.at)}.\
% else:
Its numbers are not known.\
% endif
% if addresses:
 Mails go to ${", ".join(addresses)}.\
% endif
</p>
% for kind, text in fresh:
${parts.why(kind, text)}
% endfor
% if row.error:
${parts.why("unknown", show.sentence(row.error))}
% endif
% for one in findings:
${parts.why("down" if one.level == "error" else "degraded", show.sentence(one.words))}
% endfor
${bp.said("Quota", said)}
% if change:
<% run, run_badge, printed, over = change %>
<section class="mn-panel" aria-labelledby="change-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="change-title">Last change ${parts.status(run_badge, since=False)}</h2><p class="mn-panel__note">by ${run.created_by}, ${parts.age(run.created_at)}</p></header>
  <div class="mn-panel__body mn-stack">
    <p><code class="mn-break">hdfs ${run.command} ${run.words}</code></p>
    % if printed:
    <pre class="mn-code" tabindex="0">${printed}</pre>
    % elif over and run_badge.kind == "done":
    <p class="mn-muted">It printed nothing, as it does when all went well.</p>
    % elif over:
    <p class="mn-muted">${show.sentence(run.step.message or "it printed nothing")}</p>
    % endif
    <p><a href="${request.route_path('run', id=run.id)}">The command's own page</a></p>
  </div>
</section>
% endif
</div>
% if frame.admin and not cluster.retired:
<section class="mn-panel" aria-labelledby="set-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="set-title">Set the quota</h2></header>
  % if asked:
  <form class="mn-form mn-panel__body" method="post" action="${here}">
    ${parts.csrf()}
    <input type="hidden" name="kind" value="${asked.kind}"><input type="hidden" name="${asked.kind}" value="${'' if asked.value is None else asked.value}"><input type="hidden" name="do" value="${'clear' if asked.value is None else 'set'}">
    <p>This will be run on a host of ${cluster.name}:</p>
    <p><code class="mn-break">hdfs ${command} ${asked.words(row.path)}</code></p>
    % if asked.would_stop(row):
    ${parts.why("down", "As much is in use already: nothing more can be written there until something is deleted.")}
    % endif
    <div class="mn-form__foot"><button class="btn btn-danger" name="sure" value="yes">${"Clear it" if asked.value is None else "Set it"}</button><a class="btn btn-outline-secondary" href="${here}">Go back</a></div>
  </form>
  % else:
  % if error and field not in KINDS:
  <div class="mn-panel__body">${parts.why("down", error)}</div>
  % endif
  <div class="mn-grid mn-grid--2 mn-panel__body">
  % for kind in kinds:
  <% label, help = KINDS[kind] %>
  <form class="mn-form" method="post" action="${here}" novalidate>
    ${parts.csrf()}
    <input type="hidden" name="kind" value="${kind}">
    ${parts.text(kind, label, value=given if field == kind else "", help=help, error=error if field == kind else "", extra='maxlength="40" autocomplete="off"')}
    <div class="mn-form__foot"><button class="btn btn-outline-primary" name="do" value="set">Set…</button><button class="btn btn-outline-danger" name="do" value="clear">Clear…</button></div>
  </form>
  % endfor
  </div>
  % endif
</section>
% endif
${drawn.bar(dict(service=cluster.service, cluster=cluster.name))}
<section aria-label="History"><h2 class="mn-section">History</h2>
${drawn.grid(charts)}
</section>
${drawn.happened()}
</div>
