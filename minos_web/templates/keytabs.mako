<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="ch" file="/cluster_head.mako"/>
<%block name="crumbs">${ch.crumbs()}${parts.crumb(request.route_path('cluster', service=cluster.service, cluster=cluster.name), cluster.name)}${parts.here("Keytabs")}</%block>
<%
    here = request.route_path("cluster_keytabs", service=cluster.service, cluster=cluster.name)
    error = show.sentence(refused.message.removeprefix("this is not taken as a keytab: ")) if refused else ""
%>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text">
  <p class="mn-head__kind">${service_title} cluster ${cluster.name}</p>
  <h1 class="mn-head__title">Keytabs</h1>
  <p class="mn-head__sub">Keys with which daemons sign in at Kerberos. A file or argument that names <code>%{task.run_dir}/&lt;name&gt;.keytab</code> gets it there, for the user of the task alone. They lie here sealed; nobody gets them out of the console.</p>
</div></header>
<section class="mn-panel" aria-label="Keytabs">
% if keytabs:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Keytabs of ${cluster.name}</caption>
    <thead><tr><th scope="col">Name</th><th scope="col">For</th><th scope="col">Keys of</th><th scope="col">SHA-256</th><th scope="col">Given</th><th scope="col" class="mn-table__actions"><span class="visually-hidden">Delete</span></th></tr></thead>
    <tbody>
    % for one in keytabs:
    <tr>
      <th scope="row" data-label="Name" class="mn-mono">${one.name}</th>
      <td data-label="For">${one.address or "all hosts"}</td>
      <td data-label="Keys of"><span>
      % for principal in dict.fromkeys(entry["principal"] for entry in one.entries):
      <code class="mn-mono">${principal}</code> <span class="mn-muted">version ${max(entry["version"] for entry in one.entries if entry["principal"] == principal)}, ${", ".join(entry["encryption"] for entry in one.entries if entry["principal"] == principal)}</span><br>
      % endfor
      </span></td>
      <td data-label="SHA-256"><code class="mn-mono" title="${one.sha256}">${one.sha256[:12]}…</code></td>
      <td data-label="Given"><span>${parts.age(one.uploaded_at)} by ${one.uploaded_by}</span></td>
      <td class="mn-table__actions" data-label="">
      % if may_change:
      <form method="post" action="${here}">${parts.csrf()}<input type="hidden" name="host" value="${one.address}"><button class="mn-iconbtn" name="delete" value="${one.name}" aria-label="Delete ${one.name} for ${one.address or 'all hosts'}" title="Delete">${parts.icon("delete")}</button></form>
      % endif
      </td>
    </tr>
    % endfor
    </tbody>
  </table></div>
% else:
  <%parts:empty icon_name="key" heading="No keytabs"><p>A cluster without Kerberos needs none.</p></%parts:empty>
% endif
</section>
% if may_change:
<form class="mn-form mn-panel mn-panel__body" method="post" action="${here}" enctype="multipart/form-data">
  ${parts.csrf()}
  <%parts:field name="file" label="Keytab" help="As kadmin's ktadd writes it." error="${error}">
    <input class="form-control${' is-invalid' if error else ''}" type="file" id="file" name="file" required aria-describedby="file-help">
  </%parts:field>
  <div class="mn-form__row">
  ${parts.text("name", "Name", given.get("name", ""), help="As the configuration names it, e.g. hdfs.keytab. Empty: the file's own.", optional=True, extra='autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="64"')}
  <%parts:field name="host" label="For" help="One host's own comes before that for all.">
    <select class="form-select" id="host" name="host" aria-describedby="host-help"><option value="">all hosts</option>
    % for address in addresses:
    <option value="${address}"${" selected" if address == given.get("host") else ""}>${address}</option>
    % endfor
    </select>
  </%parts:field>
  </div>
  <div class="mn-form__foot"><button class="btn btn-primary">${parts.icon("upload")} Keep it</button><a class="btn btn-outline-secondary" href="${request.route_path('cluster', service=cluster.service, cluster=cluster.name)}">Go back</a></div>
</form>
% endif
</div>
