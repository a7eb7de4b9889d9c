## Quotas of an HDFS: how fresh the numbers are, sums, every directory, the history, and how they are read.
<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="ch" file="/cluster_head.mako"/>
<%namespace name="bp" file="/board_parts.mako"/>
<%namespace name="drawn" file="/chart_parts.mako"/>
<%block name="head">${drawn.assets()}</%block>
<%block name="crumbs">${parts.way(cluster)}${parts.here("Quotas")}</%block>
<div class="mn-stack">
<div class="mn-stack" id="board" hx-get="${request.current_route_path(_query=list(request.GET.items()))}" hx-select="#board" hx-trigger="every 5s" hx-swap="outerMorph">
<div id="cluster-head">${ch.head("hdfs-quotas")}</div>
${ch.tabs("hdfs-quotas")}
<div class="mn-inline">
  <span class="mn-muted">\
% if reading and reading.read_at:
Read ${parts.age(reading.read_at)}${f", in {show.duration(reading.took)}" if reading.took is not None else ""}, by HDFS's own <code>dfs -count -q</code>.\
% else:
Nothing was read yet.\
% endif
% if enabled and period:
 It is read${" again" if reading and reading.read_at else ""} every ${"hour" if period == 3600 else show.duration(period)}.\
% endif
</span>
  % if frame.operator and not cluster.retired:
  <form method="post" action="${here}">${parts.csrf()}<button class="btn btn-sm btn-outline-primary" name="do" value="read">${parts.icon("refresh")} Read now</button></form>
  % endif
</div>
% for kind, text in fresh:
${parts.why(kind, text)}
% endfor
% if said:
${bp.said("All directories", said)}
% endif
${bp.table(table)}
</div>
% if charts:
${drawn.bar(dict(service=cluster.service, cluster=cluster.name))}
<section aria-label="History"><h2 class="mn-section">History</h2>
${drawn.grid(charts)}
</section>
${drawn.happened()}
% endif
% if frame.operator and not cluster.retired:
<section class="mn-panel" aria-labelledby="reading-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="reading-title">What is read</h2><p class="mn-panel__note"><a href="${request.route_path('quota_addresses')}">${show.count(addresses, "user")} with mail addresses</a></p></header>
  <form class="mn-form mn-panel__body" method="post" action="${here}" novalidate>
    ${parts.csrf()}
    <div class="form-check"><input class="form-check-input" type="checkbox" id="enabled" name="enabled" value="yes"${' checked' if enabled else '' | n}><label class="form-check-label" for="enabled">Read this cluster in rounds</label></div>
    <%parts:field name="directories" label="Directories beside /user/*" help="One a line, e.g. /hbase. Each has a row of its own." error="${error}" optional="${True}">
      <textarea class="form-control mn-mono${' is-invalid' if error else ''}" id="directories" name="directories" rows="4" spellcheck="false" aria-describedby="directories-help${' directories-error' if error else ''}">${directories}</textarea>
    </%parts:field>
    <div class="mn-form__foot"><button class="btn btn-outline-primary" name="do" value="reading">${parts.icon("save")} Keep</button></div>
  </form>
</section>
% endif
</div>
