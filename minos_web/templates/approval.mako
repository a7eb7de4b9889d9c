<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('approvals'), "Approvals", wide=True)}${parts.here(title)}</%block>
<div class="mn-stack mn-narrow">
<header class="mn-head"><div class="mn-head__text"><p class="mn-head__kind">asked for by ${row.asked_by}, ${parts.age(row.asked_at)}</p><h1 class="mn-head__title">${verb} <a href="${request.route_path('cluster', service=service, cluster=cluster)}">${row.cluster}</a>?</h1><p class="mn-head__sub">\
% if state == "waiting":
waits for a second person until ${show.iso(row.expires_at)}\
% else:
${state}${f" by {row.decided_by}" if row.decided_by else ""}\
% endif
</p></div></header>
% if refused:
<div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>${refused}</p></div>
% endif
<section class="mn-panel" aria-labelledby="asked-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="asked-title">What was asked for</h2><p class="mn-panel__note">nothing of it can be changed any more</p></header>
  <div class="mn-panel__body"><dl class="mn-kv">
    % for name, values in chosen:
    <dt>${name.capitalize()}</dt><dd>${", ".join(str(value) for value in values) or "all"}</dd>
    % endfor
    % for name, value in options.items():
    <dt>${name.replace("_", " ").capitalize()}</dt><dd>${value if value is not True else "yes"}</dd>
    % endfor
    % if row.message:
    <dt>${row.decided_by} says</dt><dd>${row.message}</dd>
    % endif
  </dl>
  % if row.operation_id:
  <p><a href="${request.route_path('operation', id=row.operation_id)}">Operation ${row.operation_id}</a></p>
  % endif
  </div>
</section>
% if state == "waiting" and may:
<section class="mn-panel" aria-labelledby="decide-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="decide-title">${"Your request" if own else "Your decision"}</h2></header>
  <form class="mn-form mn-panel__body" method="post" action="${request.route_path('approval', id=row.id)}">
    ${parts.csrf()}
    % if own:
    <p>Somebody else who may operate ${row.cluster} has to approve it. Send them the address of this page.</p>
    <div class="mn-form__foot"><button class="btn btn-outline-secondary" name="do" value="withdraw">Withdraw it</button></div>
    % else:
    <p>It is checked again as it stands now, and begins at once, in the name of ${row.asked_by}. <a href="${request.route_path('cluster', service=service, cluster=cluster)}">Look at the cluster first</a>.</p>
    ${parts.text("message", "A word to go with it", optional=True, extra='maxlength="500"')}
    <div class="mn-form__foot"><button class="btn btn-danger" name="do" value="approve">Approve and begin</button> <button class="btn btn-outline-secondary" name="do" value="decline">Decline</button></div>
    % endif
  </form>
</section>
% endif
</div>
