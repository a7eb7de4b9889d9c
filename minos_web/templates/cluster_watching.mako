<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="ch" file="/cluster_head.mako"/>
<%
    at = {"service": cluster.service, "cluster": cluster.name}
    here = request.route_path("cluster_watching", **at)
    def error(name):
        return show.sentence(refused.message) if refused and refused.field == name else ""
%>
<%block name="crumbs">${parts.way(cluster)}${parts.here("Watching")}</%block>
<div class="mn-stack">
<div id="cluster-head" hx-get="${request.current_route_path()}" hx-select="#cluster-head" hx-trigger="every 5s" hx-swap="outerMorph">${ch.head("watching")}</div>
${ch.tabs("watching")}
<section class="mn-panel" aria-labelledby="policies-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="policies-title">What is watched</h2><p class="mn-panel__note">beside processes that end, which are always told</p>
  % if can_drill:
  <a class="btn btn-sm btn-outline-secondary" href="${request.route_path('cluster_drills', **at)}">Failover drills</a>
  % endif
  </header>
  % if policies:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Policies of ${cluster.name}</caption>
    <thead><tr><th scope="col">Job</th><th scope="col">Status page</th><th scope="col">Memory</th><th scope="col">Restarts an hour</th><th scope="col" class="mn-table__actions"><span class="visually-hidden">Change</span></th></tr></thead>
    <tbody>
    % for one in policies:
    <tr>
      <th scope="row" data-label="Job">${one.job or "every other job" if len(policies) > 1 else one.job or "every job"}</th>
      <td data-label="Status page" class="mn-table__words">${page_words(one.page)}</td>
      <td data-label="Memory" class="mn-table__words">${memory_words(one.memory)}</td>
      <td data-label="Restarts an hour">${f"at most {one.most_per_hour} of the job" if "restart" in ((one.page.action if one.page else ""), (one.memory.action if one.memory else "")) else "none"}</td>
      <td class="mn-table__actions" data-label="">
      % if frame.operator:
      <a class="btn btn-sm btn-outline-secondary" href="${request.route_path('cluster_watching', _query={'edit': one.job}, _anchor='policy', **at)}">Change</a>
      <form method="post" action="${here}">${parts.csrf()}<button class="mn-iconbtn" name="delete" value="${one.job}" aria-label="Delete the policy of ${one.job or 'every job'}" title="Delete">${parts.icon("delete")}</button></form>
      % endif
      </td>
    </tr>
    % endfor
    </tbody></table></div>
  % else:
  <%parts:empty icon_name="show" heading="Nothing is watched here beside processes"><p>A policy has you told of tasks whose status page stops answering, or which take too much memory, and restarts them if you wish.</p></%parts:empty>
  % endif
</section>

<section class="mn-panel" aria-labelledby="wrong-title" id="wrong" hx-get="${request.current_route_path()}" hx-select="#wrong" hx-trigger="every 5s" hx-swap="outerMorph">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="wrong-title">Wrong now</h2><p class="mn-panel__note">${show.count(len(wrong), "task") if wrong else "no task"}</p></header>
  % if wrong:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Tasks that are wrong by a policy</caption>
    <thead><tr><th scope="col">Task</th><th scope="col">What is wrong</th><th scope="col">Since</th><th scope="col">What is done</th></tr></thead>
    <tbody>
    % for row in wrong:
    <tr>
      <th scope="row" data-label="Task"><a href="${request.route_path('task', job=row.task.job, number=row.task.number, **at)}">${row.task.job}/${row.task.number}</a></th>
      <td data-label="What is wrong" class="mn-table__words">${show.sentence(row.reason)}</td>
      <td data-label="Since">${parts.age(row.fired_at)}</td>
      <td data-label="What is done" class="mn-table__words">\
% if row.operation_id:
<a href="${request.route_path('operation', id=row.operation_id)}">Restarted by operation ${row.operation_id}</a>. \
% endif
${f"Not restarted: {row.held}." if row.held else "" if row.operation_id else "It is told."}</td>
    </tr>
    % endfor
    </tbody></table></div>
  % endif
</section>

% if frame.operator and jobs:
<form class="mn-form mn-panel mn-panel__body" method="post" action="${here}" id="policy" novalidate>
  ${parts.csrf()}
  <h2 class="mn-panel__title">A policy</h2>
  % if refused and not any(refused.field == name for name in given):
  ${parts.why("down", show.sentence(refused.message))}
  % endif
  <%parts:field name="job" label="For" help="A job's own policy counts in place of that for every job." error="${error('job')}">
    <select class="form-select" id="job" name="job" aria-describedby="job-help"><option value="">every job</option>
    % for job in jobs:
    <option${' selected' if job == given.get('job') else ''}>${job}</option>
    % endfor
    </select>
  </%parts:field>
  <fieldset class="mn-field"><legend class="form-label">Status page</legend>
  <div class="mn-form__row">
  ${parts.text("page_checks", "Bad checks in a row", given.get("page_checks", ""), help=f"There is one every {show.duration(request.console.settings.sample_seconds)}. Empty: the page is not watched.", error=error("page_checks"), optional=True, extra='inputmode="numeric" autocomplete="off"')}
  ${parts.text("page_seconds", "Answers within, seconds", given.get("page_seconds", "5"), error=error("page_seconds"), optional=True, extra='inputmode="decimal" autocomplete="off"')}
  ${parts.text("page_grace", "After a start not before, seconds", given.get("page_grace", "60"), error=error("page_grace"), optional=True, extra='inputmode="decimal" autocomplete="off"')}
  </div>
  <div class="mn-form__row">
  ${parts.text("page_figure", "And tells the figure", given.get("page_figure", ""), help="As the task's page calls it, such as role. Empty: any answer will do.", error=error("page_figure"), optional=True, mono=True, extra='maxlength="190" autocomplete="off" spellcheck="false"')}
  ${parts.text("page_values", "As one of", given.get("page_values", ""), help="Words or numbers with blanks between them.", error=error("page_values"), optional=True, mono=True, extra='autocomplete="off" spellcheck="false"')}
  ${choice("page_action", "Then")}
  </div></fieldset>
  <fieldset class="mn-field"><legend class="form-label">Memory</legend>
  <div class="mn-form__row">
  ${parts.text("memory_bytes", "Has at most", given.get("memory_bytes", ""), help="Resident, with its children: 4 GiB. Empty: it is not watched.", error=error("memory_bytes"), optional=True, extra='autocomplete="off"')}
  ${parts.text("memory_checks", "Bad checks in a row", given.get("memory_checks", "3"), error=error("memory_checks"), optional=True, extra='inputmode="numeric" autocomplete="off"')}
  ${choice("memory_action", "Then")}
  </div></fieldset>
  ${parts.text("most_per_hour", "Restarts of a job within an hour, at most", given.get("most_per_hour", "3"), help="One task at a time, as long as a quorum stays, and none in maintenance, while an operation is open, or while more than 30% of all hosts are lost.", error=error("most_per_hour"), optional=True, extra='inputmode="numeric" autocomplete="off"')}
  <div class="mn-form__foot"><button class="btn btn-primary">${parts.icon("save")} Keep it</button></div>
</form>
% endif

<section class="mn-panel" aria-labelledby="ended-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="ended-title">Ended unexpectedly</h2><p class="mn-panel__note">newest first; told together within ${show.duration(batch_seconds)}</p></header>
  % if page.total:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Processes that ended unexpectedly</caption>
    <thead><tr><th scope="col">Task</th><th scope="col">Host</th><th scope="col">When</th><th scope="col">How</th><th scope="col">Told</th></tr></thead>
    <tbody>
    % for row in page.items:
    <tr>
      <th scope="row" data-label="Task"><a href="${request.route_path('task_log', job=row.task.job, number=row.task.number, **at)}">${row.task.job}/${row.task.number}</a></th>
      <td data-label="Host">${row.host}${f", pid {row.pid}" if row.pid else ""}</td>
      <td data-label="When">${parts.age(row.at)}</td>
      <td data-label="How" class="mn-table__words">${"Given up: " if row.kind == "fatal" else ""}${row.reason}\
% if row.lines:
<details><summary>last lines</summary><pre class="mn-code" tabindex="0">${"\n".join(row.lines)}</pre></details>\
% endif
</td>
      <td data-label="Told" class="mn-table__words">\
% if row.told_at:
${parts.age(row.told_at)}\
% elif row.quiet:
no: ${row.quiet}\
% else:
not yet\
% endif
</td>
    </tr>
    % endfor
    </tbody></table></div>
  <div class="mn-panel__body">${parts.pager(page, "ends")}</div>
  % else:
  <%parts:empty icon_name="history" heading="No process ended unexpectedly"><p>Crashes, and tasks that were given up, will be listed here with their last lines.</p></%parts:empty>
  % endif
</section>
</div>

<%def name="choice(name, label)">
<%parts:field name="${name}" label="${label}" error="${error(name)}">
  <select class="form-select" id="${name}" name="${name}">
    <option value="tell"${' selected' if given.get(name) != 'restart' else ''}>tell people</option>
    <option value="restart"${' selected' if given.get(name) == 'restart' else ''}>restart the task, and tell</option>
  </select>
</%parts:field>
</%def>

<%def name="page_words(watch)">\
% if watch:
answers within ${f"{watch.seconds:g} s"}${f", and {watch.figure} is {' or '.join(watch.values)}" if watch.figure else ""}; after ${show.count(watch.checks, "bad check")} ${"the task is restarted" if watch.action == "restart" else "you are told"}\
% else:
not watched\
% endif
</%def>

<%def name="memory_words(watch)">\
% if watch:
at most ${size_text(watch.bytes)}; after ${show.count(watch.checks, "bad check")} ${"the task is restarted" if watch.action == "restart" else "you are told"}\
% else:
not watched\
% endif
</%def>
