<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="wizard" file="/wizard_parts.mako"/>
<%namespace name="one" file="/wizard_service.mako"/>
<%namespace name="two" file="/wizard_package.mako"/>
<%namespace name="three" file="/wizard_hosts.mako"/>
<%namespace name="four" file="/wizard_sizes.mako"/>
<%namespace name="five" file="/wizard_review.mako"/>
<%block name="head">\
% if step == "review":
<link rel="stylesheet" href="${asset('editor.css')}"><script src="${asset('editor.js')}" defer></script>\
% endif
</%block>
<%block name="crumbs">${parts.crumb(request.route_path(frame.clusters_route), "Clusters")}\
% if draft is None:
${parts.here("New cluster")}\
% else:
${parts.crumb(request.route_path('clusters_new'), "New cluster")}${parts.here(answers.name or "no name yet")}\
% endif
</%block>
<% here = request.route_path("cluster_draft", id=draft.id, step=step) if draft else request.route_path("clusters_new") %>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text">
  % if draft and service:
  <p class="mn-head__kind">${service.title or service.name}${f", {size.title}" if size and draft else ""}</p>
  % endif
  <h1 class="mn-head__title">New cluster${f" {answers.name}" if draft and answers.name else ""}</h1>
  <p class="mn-head__sub">\
% if draft:
Kept here as you go: close the page and come back. Nothing happens on any host before the end.\
% else:
Five steps to a cluster file, recommended from what is free on the hosts. What you say is kept here: close the page and come back. Nothing happens on any host before the end. <a href="${request.route_path('services')}">What each service is</a>\
% endif
</p></div>
  % if draft:
  <div class="mn-head__actions"><form method="post" action="${request.route_path('cluster_draft_delete', id=draft.id)}">${parts.csrf()}<button class="btn btn-outline-danger">${parts.icon("delete")} Delete this wizard</button></form></div>
  % endif
</header>
% if drafts:
${wizard.open_drafts(drafts, "cluster_draft", "cluster_draft_delete", keep_days)}
% endif
% if service is None and step == "service" and not services:
<section class="mn-panel"><%parts:empty icon_name="clusters" heading="No service can be deployed"><p>The catalog has no service with a template for clusters.</p></%parts:empty></section>
% else:
<form class="mn-form mn-stack" id="wizard" method="post" action="${here}" novalidate\
% if step == "review":
 data-confirm data-confirm-expect="${answers.name}"\
% endif
>
  ${parts.csrf()}
  % if step == "review":
  <button class="visually-hidden" name="do" value="look" tabindex="-1" aria-hidden="true">Check</button>
  % else:
  ${wizard.first_button()}
  % endif
  ${wizard.stages(stages, draft is not None)}
  % if errors:
  <div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>${errors.get("") or f"{show.count(len(errors), 'thing')} to put right before it goes on."}</p></div>
  % endif
  % if step == "service":
  ${one.questions()}
  % elif step == "package":
  ${two.questions()}
  % elif step == "hosts":
  ${three.questions()}
  % elif step == "sizes":
  ${four.questions()}
  % else:
  ${five.questions()}
  % endif
  % if step != "review":
  <div class="mn-form__foot">
    <button class="btn btn-primary" name="go" value="next">Next ${parts.icon("arrow-right")}</button>
    % if step != "service":
    <button class="btn btn-outline-secondary" name="go" value="back">${parts.icon("arrow-left")} Back</button>
    % else:
    <a class="btn btn-outline-secondary" href="${request.route_path('home')}">Cancel</a>
    % endif
  </div>
  % endif
</form>
% endif
</div>
