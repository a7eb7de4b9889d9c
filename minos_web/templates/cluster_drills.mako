<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="ch" file="/cluster_head.mako"/>
<%
    at = {"service": cluster.service, "cluster": cluster.name}
    here = request.route_path("cluster_drills", **at)
%>
<%block name="crumbs">${parts.way(cluster)}${parts.crumb(request.route_path('cluster_watching', service=cluster.service, cluster=cluster.name), "Watching")}${parts.here("Failover drills")}</%block>
<div class="mn-stack">
<div id="cluster-head" hx-get="${request.current_route_path()}" hx-select="#cluster-head" hx-trigger="every 5s" hx-swap="outerMorph">${ch.head("watching")}</div>
${ch.tabs("watching")}
% if refused:
<div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>${show.sentence(refused.message)}</p></div>
% endif
<section class="mn-panel" aria-labelledby="drills-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="drills-title">Failover drills</h2><p class="mn-panel__note">the one that leads is killed, and it is measured how long nobody does</p></header>
  % if not known:
  <%parts:empty icon_name="restart" heading="Nothing can be drilled here"><p>The folder of ${service_title} tells of no drill.</p></%parts:empty>
  % else:
  <div class="mn-panel__body">
  % if ground:
  <p>${cluster.name} is a test cluster, as ${ground.marked_by} said ${parts.age(ground.marked_at)}: operators may kill its daemons here.</p>
  % else:
  <p>${cluster.name} is not marked as a test cluster. A drill kills a daemon that others rely on, so it is done on clusters that an administrator marked for it, and on no other.</p>
  % endif
  % if frame.admin:
  <form method="post" action="${here}">${parts.csrf()}<button class="btn btn-sm btn-outline-secondary" name="test" value="${'no' if ground else 'yes'}">${"It is no test cluster" if ground else "Mark it as a test cluster"}</button></form>
  % endif
  </div>
  % for drill in known:
  <div class="mn-panel__body">
  <h3>${drill.title}</h3>
  <p>${drill.about} Another one should have taken over within ${f"{drill.limit_seconds:g} s"}; ${lately[drill.name]}.</p>
  % if ground and frame.operator and not cluster.retired:
  <form class="mn-form" method="post" action="${here}" novalidate>
    ${parts.csrf()}<input type="hidden" name="drill" value="${drill.name}">
    <div class="mn-field"><label class="form-label" for="confirm-${drill.name}">Type ${cluster.name} to kill it</label>
    <input class="form-control" type="text" id="confirm-${drill.name}" name="confirm" value="" required autocomplete="off" autocapitalize="off" spellcheck="false"></div>
    <div class="mn-form__foot"><button class="btn btn-outline-danger"${" disabled" if running else ""}>${drill.title}</button></div>
  </form>
  % endif
  </div>
  % endfor
  % endif
</section>

<section class="mn-panel" aria-labelledby="done-title" id="done" hx-get="${request.current_route_path()}" hx-select="#done" hx-trigger="every 5s" hx-swap="outerMorph">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="done-title">How it went</h2><p class="mn-panel__note">newest first</p></header>
  % if rows:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Drills of ${cluster.name}</caption>
    <thead><tr><th scope="col">When</th><th scope="col">Drill</th><th scope="col">How</th><th scope="col">Killed</th><th scope="col">Took over</th><th scope="col" class="mn-num">After</th><th scope="col" class="mn-num">All well after</th></tr></thead>
    <tbody>
    % for row, badge, share in rows:
    <tr>
      <th scope="row" data-label="When"><a href="${request.route_path('operation', id=row.operation_id)}">${parts.age(row.at)}</a></th>
      <td data-label="Drill">${titles.get(row.name, row.name)}</td>
      <td data-label="How" class="mn-table__words">${parts.status(badge, since=False)}\
% if row.reason:
<br><span class="mn-muted">${show.sentence(row.reason)}</span>\
% endif
</td>
      <td data-label="Killed">${row.victim or "–"}</td>
      <td data-label="Took over">${row.successor or "–"}</td>
      <td data-label="After" class="mn-num">${parts.meter(share, f"{row.seconds:.1f} s" if row.seconds is not None else "", low=101, high=101)}</td>
      <td data-label="All well after" class="mn-num">${f"{row.well_seconds:.1f} s" if row.well_seconds is not None else "–"}</td>
    </tr>
    % endfor
    </tbody></table></div>
  % else:
  <%parts:empty icon_name="history" heading="Nothing was drilled yet"><p>Each drill will stand here with the seconds until somebody took over, so that one sees how that changes.</p></%parts:empty>
  % endif
</section>
</div>
