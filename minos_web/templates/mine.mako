<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Your clusters</h1><p class="mn-head__sub">${show.count(len(mine), "cluster")} granted to you</p></div></header>
<section class="mn-panel" aria-label="Your clusters">
  % if mine:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Clusters granted to you</caption>
    <thead><tr><th scope="col">Cluster</th><th scope="col">Service</th><th scope="col">State</th><th scope="col">You are</th></tr></thead>
    <tbody>
    % for row, service, badge, roles in mine:
    <tr><th scope="row" data-label="Cluster"><a href="${request.route_path('cluster', service=row.service, cluster=row.name)}">${row.name}</a></th><td data-label="Service">${service}</td><td data-label="State">${parts.status(badge)}</td><td data-label="You are">${roles}</td></tr>
    % endfor
    </tbody></table></div>
  % elif grants:
  <%parts:empty icon_name="clusters" heading="No such cluster yet"><p>You are granted ${", ".join(f"{one.pattern} ({one.role})" for one in grants)}, and there is no such cluster yet.</p></%parts:empty>
  % elif frame.sees_all:
  <%parts:empty icon_name="clusters" heading="Every cluster is yours to see"><p>You are ${frame.role} on all of them; beside that, none is granted to you by itself. <a href="${request.route_path('clusters_list')}">All clusters</a></p></%parts:empty>
  % else:
  <%parts:empty icon_name="clusters" heading="Nothing is granted to you"><p>Ask an administrator for a role, or for one on certain clusters.</p></%parts:empty>
  % endif
</section>
</div>
