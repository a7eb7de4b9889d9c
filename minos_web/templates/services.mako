<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('help'), "Help")}${parts.here("Services")}</%block>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Services</h1><p class="mn-head__sub">What this console can deploy and watch. Each is a folder of data; a site can add its own without touching Minos.</p></div></header>
% if problems:
<section class="mn-panel" aria-labelledby="broken-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="broken-title">Cannot be used</h2><p class="mn-panel__note">${show.count(len(problems), "folder")}</p></header>
  <div class="mn-panel__body mn-stack">
  % for problem in problems:
  <div class="mn-flash mn-flash--danger">${parts.icon("error")}<p><b>${problem.folder}</b>${f"/{problem.file}" if problem.file else ""}${f", {problem.key}" if problem.key else ""}: ${show.sentence(problem.message)} Correct it, and start the console again.</p></div>
  % endfor
  </div>
</section>
% endif
<section class="mn-panel" aria-label="Services">
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Services</caption>
    <thead><tr><th scope="col">Service</th><th scope="col">Jobs</th><th scope="col">Package</th><th scope="col" class="mn-num">Clusters</th><th scope="col">From</th></tr></thead>
    <tbody>
    % for service in services:
    <tr>
      <th scope="row"><a href="${request.route_path('service', name=service.name)}">${service.title or service.name}</a> <span class="mn-muted">${service.about}</span></th>
      <td data-label="Jobs"><span>${", ".join(job.title or job.name for job in service.jobs)}</span></td>
      <td data-label="Package" class="mn-mono">${service.artifact}</td>
      <td data-label="Clusters" class="mn-num">${clusters.get(service.name, 0)}</td>
      <td data-label="From">${"this site" if service.name in own else "Minos"}</td>
    </tr>
    % endfor
    </tbody>
  </table></div>
</section>
</div>
