<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%def name="rows(found, caption)">
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">${caption}</caption>
    <thead><tr><th scope="col">What</th><th scope="col">Asked by</th><th scope="col">Asked</th><th scope="col">State</th></tr></thead>
    <tbody>
    % for row in found:
    <tr id="approval-${row.id}"><th scope="row" data-label="What"><a href="${request.route_path('approval', id=row.id)}">${verb(row)} ${row.cluster}</a></th><td data-label="Asked by">${row.asked_by}</td><td data-label="Asked">${parts.age(row.asked_at)}</td><td data-label="State">${state_of(row)}${f" by {row.decided_by}" if row.decided_by else ""}\
% if row.operation_id:
 (<a href="${request.route_path('operation', id=row.operation_id)}">operation ${row.operation_id}</a>)\
% endif
</td></tr>
    % endfor
    </tbody></table></div>
</%def>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Approvals</h1><p class="mn-head__sub">\
% if patterns:
${", ".join(actions)} on ${", ".join(patterns)} wait for a second person\
% else:
no cluster asks for a second person: see minos.second_approver in the console's ini file\
% endif
</p></div></header>
<section class="mn-panel" aria-labelledby="waiting-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="waiting-title">Waiting</h2><p class="mn-panel__note">${show.count(len(waiting), "request")}</p></header>
  % if waiting:
  ${rows(waiting, "Requests that wait")}
  % else:
  <%parts:empty icon_name="operations" heading="Nothing waits"><p>What is asked for on such clusters waits here until somebody else approves it.</p></%parts:empty>
  % endif
</section>
% if over:
<section class="mn-panel" aria-labelledby="over-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="over-title">Over</h2></header>
  ${rows(over, "Requests that are over, the newest first")}
</section>
% endif
</div>
