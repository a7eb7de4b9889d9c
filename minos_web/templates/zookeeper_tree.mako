## A znode: where it is, what it holds, who may do what, and its children; or why it cannot be read.
<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="ch" file="/cluster_head.mako"/>
<%block name="crumbs">${parts.way(cluster)}${parts.here("Tree")}</%block>
<% here = {"service": cluster.service, "cluster": cluster.name} %>
<%def name="to(path)">${request.route_path("zookeeper_tree", service=cluster.service, cluster=cluster.name, _query={"path": path})}</%def>
<div class="mn-stack">
<div id="cluster-head">${ch.head("tree")}</div>
${ch.tabs("tree")}
<section class="mn-panel" aria-label="Path">
  <div class="mn-panel__body mn-stack">
    <nav class="mn-crumbs mn-mono" aria-label="Path"><ol>
      % for name, path in parents[:-1]:
      <li><a href="${to(path)}">${visible(name)}</a></li>
      % endfor
      <li aria-current="page">${visible(parents[-1][0])}</li>
    </ol></nav>
    <form class="mn-filters" method="get" action="${request.route_path('zookeeper_tree', **here)}">
      <label class="visually-hidden" for="path">Path</label>
      <input class="form-control form-control-sm mn-mono${' is-invalid' if request.response.status_int in (404, 422) else ''}" id="path" name="path" value="${asked}" spellcheck="false" autocomplete="off">
      <button class="btn btn-sm btn-outline-secondary">${parts.icon("arrow-right")} Go</button>
      % if len(parents) > 1:
      <a class="btn btn-sm btn-outline-secondary" href="${to(parents[-2][1])}">${parts.icon("arrow-left")} Parent</a>
      % endif
      % if node:
      <span class="mn-muted mn-filters__note">Read only. ${node.server} told this ${parts.age(request.now)}.</span>
      % endif
    </form>
  </div>
</section>
% if problem:
<section class="mn-panel" aria-label="Not read">
  <div class="mn-empty mn-empty--error" role="alert">${parts.icon("error", "xl")}<h2>This znode cannot be shown</h2>
  <p class="mn-break">${show.sentence(visible(problem))}</p>
  % if servers:
  <ul class="mn-plainlist">
    % for one in servers:
    <li><span class="mn-mono">${one.name}</span> ${one.says}</li>
    % endfor
  </ul>
  % endif
  <p><a class="btn btn-outline-secondary" href="${request.current_route_path(_query=[(k, v) for k, v in request.GET.items()])}">${parts.icon("refresh")} Try again</a></p>
  </div>
</section>
% else:
<div class="mn-split">
<div>
<section class="mn-panel" aria-labelledby="data-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="data-title">Data</h2>
  % if data:
  <p class="mn-panel__note">${data_note(data)}</p>
  % endif
  </header>
  % if not may_read:
  <div class="mn-panel__body"><p class="mn-muted">${f"{node.stat.data_length:,}"} bytes. Only operators see what a znode holds: it may be a secret.</p></div>
  % elif data is None:
  <div class="mn-panel__body">${parts.why("unknown", show.sentence("Not shown: " + node.refused.get("data", "it was not told")))}</div>
  % elif data.kind == "empty":
  <div class="mn-panel__body"><p class="mn-muted">It holds no data.</p></div>
  % else:
  <pre class="mn-code${' mn-code--wrap' if data.kind == 'text' else ''}" tabindex="0" aria-label="Data">${data.text}</pre>
  % endif
</section>
<section class="mn-panel" aria-labelledby="children-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="children-title">Children <span class="mn-count">${f"{node.stat.children:,}"}</span></h2></header>
  % if node.children is None:
  <div class="mn-panel__body">${parts.why("unknown", show.sentence("Not shown: " + node.refused.get("children", "they were not told")))}</div>
  % elif not node.children:
  <div class="mn-panel__body"><p class="mn-muted">It has no children.</p></div>
  % else:
  <div class="mn-panel__body">
    <form class="mn-filters" method="get" action="${request.route_path('zookeeper_tree', **here)}">
      <input type="hidden" name="path" value="${node.path}">
      <label class="visually-hidden" for="q">Name</label>
      <input class="form-control form-control-sm" id="q" name="q" type="search" placeholder="Name contains" value="${q}">
      <button class="btn btn-sm btn-outline-secondary">${parts.icon("filter")} Filter</button>
      % if q:
      <a class="btn btn-sm btn-link" href="${to(node.path)}">Show all</a>
      % endif
    </form>
  </div>
  % if children:
  <ul class="mn-matches mn-znodes">
    % for name, path in children:
    <li><a href="${to(path)}"><span class="mn-clamp" title="${visible(name)}">${visible(name)}</span></a></li>
    % endfor
  </ul>
  <div class="mn-panel__body">${parts.pager(page, "children")}</div>
  % else:
  <%parts:empty icon_name="filter" heading="No child fits"><p><a href="${to(node.path)}">Show all children</a></p></%parts:empty>
  % endif
  % endif
</section>
</div>
<div>
<section class="mn-panel" aria-labelledby="stat-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="stat-title">Stat</h2></header>
  <div class="mn-panel__body"><dl class="mn-kv">
    <dt title="ctime">Created</dt><dd>${when(node.stat.ctime)}</dd>
    <dt title="mtime">Changed</dt><dd>${when(node.stat.mtime)}</dd>
    % for title, own, text in rows:
    <dt title="${own}">${title}</dt><dd class="mn-break">${text}</dd>
    % endfor
  </dl></div>
</section>
<section class="mn-panel" aria-labelledby="acl-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="acl-title">Who may do what</h2></header>
  % if node.acls is None:
  <div class="mn-panel__body">${parts.why("unknown", show.sentence("Not shown: " + node.refused.get("acls", "it was not told")))}</div>
  % else:
  <div class="mn-tablewrap"><table class="mn-table mn-table--sm">
    <caption class="visually-hidden">ACL</caption>
    <thead><tr><th scope="col">Who</th><th scope="col">May</th></tr></thead>
    <tbody>
    % for acl in node.acls:
    <tr><td class="mn-break">${acl.scheme}: ${visible(acl.id)}</td><td>${acl.permissions}</td></tr>
    % endfor
    </tbody></table></div>
  % endif
</section>
</div>
</div>
% endif
</div>
<%def name="when(at)">\
% if at:
${show.utc(at)} <span class="mn-muted">(${parts.age(at)})</span>\
% else:
with the ensemble\
% endif
</%def>
<%def name="data_note(data)">\
% if data.kind == "empty":
\
% elif data.shown < data.total:
${"text" if data.kind == "text" else "binary, as hex"}, the first ${f"{data.shown:,}"} of ${f"{data.total:,}"} bytes\
% else:
${"text" if data.kind == "text" else "binary, as hex"}, ${f"{data.total:,}"} bytes\
% endif
</%def>
