<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.way(cluster)}${parts.here(procedure.title)}</%block>
<%
    at = {"service": cluster.service, "cluster": cluster.name}
    def error_of(name): return show.sentence(refused.message) if refused and refused.field == name else ""
    other = busy or (running.operation.id if running else None)
%>
<div class="mn-stack mn-narrow">
<header class="mn-head"><div class="mn-head__text">
  <p class="mn-head__kind">${service_title} cluster ${cluster.name}</p>
  <h1 class="mn-head__title">${procedure.title}</h1>
  <p class="mn-head__sub">${procedure.about}</p>
</div></header>
% if other:
<div class="mn-flash mn-flash--warning" role="status">${parts.icon("warning")}<p>Another operation is under way. <a href="${request.route_path('operation', id=other)}">See operation ${other}</a></p></div>
% elif refused and refused.field not in procedure.asks:
<div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>${show.sentence(refused.message)}</p></div>
% endif
<section class="mn-panel" aria-labelledby="steps-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="steps-title">What will be run</h2><p class="mn-panel__note">${show.count(len(procedure.steps), "command")}, one after another, on the host of ${procedure.job}/0</p></header>
  <div class="mn-panel__body"><ol class="mn-commands">
  % for step in procedure.steps:
    <li>${step.title} <code>${step.command} ${" ".join(step.args)}</code></li>
  % endfor
  </ol>
  % if procedure.gates:
  <p>Before and afterwards it looks whether these facts hold, and stands still when one does not:</p>
  <ul>
  % for gate in procedure.gates:
    <li>${gate.title}</li>
  % endfor
  </ul>
  % endif
  <p class="mn-muted">One that fails ends the rest. Its output stands on the operation's page.</p></div>
</section>
<form class="mn-form mn-panel mn-panel__body" method="post" action="${request.route_path('cluster_procedure', name=procedure.name, **at)}">
  ${parts.csrf()}
  % for name, meaning in procedure.asks.items():
  ${parts.text(name, meaning, given.get(name, ""), error=error_of(name), extra='autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="64"')}
  % endfor
  <div class="mn-form__foot">
    <button class="btn btn-primary"${" disabled" if other else ""}>${parts.icon("terminal")} ${procedure.title}</button>
    <a class="btn btn-outline-secondary" href="${request.route_path('cluster', **at)}">Go back</a>
  </div>
</form>
</div>
