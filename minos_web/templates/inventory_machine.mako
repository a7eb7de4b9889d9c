<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('hosts'), "Hosts")}${parts.crumb(request.route_path('inventory'), "Inventory")}${parts.here(form.host or "Add")}</%block>
<% here = request.route_path("inventory_machine") %>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><p class="mn-head__kind">Inventory</p><h1 class="mn-head__title">${title}</h1>
  % if line and line.host:
  <p class="mn-head__sub">Its worker tells: ${line.host.address}, ${show.count(int(line.host.facts.get("cores") or 0), "core")}, ${show.size(line.host.facts.get("memory"))} of memory; rack ${line.rack}, ${told_by[line.rack_from]}. Packages are fetched from hosts of the same rack first.</p>
  % endif
</div></header>
<form class="mn-form mn-panel mn-panel__body" method="post" action="${here}" novalidate data-guard>
  ${parts.csrf()}
  <input type="hidden" name="seen" value="${form.seen}">
  % if line or form.kept:
  <input type="hidden" name="host" value="${form.host}">
  ${parts.field_error("host", form.errors.get("host", ""))}
  % else:
  ${parts.text("host", "Host", value=form.host, error=form.errors.get("host", ""), help="Its name, as its worker calls it.", extra='autocomplete="off" autocapitalize="off" spellcheck="false"')}
  % endif
  <div class="mn-form__row">
    % for field in fields:
    % if field.name not in ("host", "note"):
    ${parts.text(field.name, field.title, value=form.texts[field.name], error=form.errors.get(field.name, ""), optional=True, extra='autocomplete="off" inputmode="decimal"' if field.kind in ("whole", "size") else 'autocomplete="off"')}
    % endif
    % endfor
  </div>
  <%parts:field name="note" label="Description" optional="${True}" error="${form.errors.get('note', '')}">
    <textarea class="form-control" id="note" name="note" rows="3" maxlength="1000">${form.texts["note"]}</textarea>
  </%parts:field>
  <div class="mn-form__foot"><button class="btn btn-primary">${parts.icon("save")} Keep</button><a class="btn btn-outline-secondary" href="${request.route_path('inventory')}">Cancel</a>
    % if form.kept:
    <a class="btn btn-outline-danger" href="#forget-dialog" data-dialog-open="forget-dialog">${parts.icon("delete")} Forget…</a>
    % endif
  </div>
</form>
% if form.kept:
<dialog class="mn-dialog mn-dialog--danger" id="forget-dialog" aria-labelledby="forget-title">
  <form method="post" action="${here}">${parts.csrf()}<input type="hidden" name="host" value="${form.host}"><input type="hidden" name="seen" value="${form.seen}">
    <header class="mn-dialog__head"><h2 class="mn-dialog__title" id="forget-title">Forget ${form.host}?</h2></header>
    <div class="mn-dialog__body"><p>What is kept of it here goes. Its worker, its tasks and its figures stay.</p></div>
    <footer class="mn-dialog__foot"><button type="button" class="btn btn-outline-secondary" data-dialog-close>Keep it</button><button class="btn btn-danger" name="do" value="forget">${parts.icon("delete")} Forget</button></footer>
  </form>
</dialog>
% endif
</div>
