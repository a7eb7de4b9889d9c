<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Audit</h1><p class="mn-head__sub">who changed what; each entry is sealed to the one before it</p></div>
  <div class="mn-head__actions"><a class="btn btn-sm btn-outline-secondary" href="${request.route_path('audit_verify')}">${parts.icon("success")} Check the seals</a>
  <a class="btn btn-sm btn-outline-secondary" href="${request.route_path('audit_export', form='csv')}${'?' + query if query else ''}">${parts.icon("download")} CSV</a>
  <a class="btn btn-sm btn-outline-secondary" href="${request.route_path('audit_export', form='jsonl')}${'?' + query if query else ''}">${parts.icon("download")} JSON lines</a></div></header>
<section class="mn-panel" aria-label="Audit entries">
  <div class="mn-panel__body">
  <form class="mn-filters" method="get" action="${request.route_path('audit')}">
    <label class="visually-hidden" for="q">Text</label><input class="form-control form-control-sm" type="search" id="q" name="q" placeholder="Any text" value="${wanted['q']}">
    <label class="visually-hidden" for="user">User</label><input class="form-control form-control-sm" id="user" name="user" placeholder="User" value="${wanted['user']}">
    <label class="visually-hidden" for="action">Action</label>
    <select class="form-select form-select-sm" id="action" name="action"><option value="">All actions</option>
      % for action in actions:
      <option${' selected' if action == wanted['action'] else ''}>${action}</option>
      % endfor
    </select>
    <label class="visually-hidden" for="target">Target</label><input class="form-control form-control-sm" id="target" name="target" placeholder="Target contains" value="${wanted['target']}">
    % for name, label in (("from", "From (UTC)"), ("to", "To (UTC)")):
    <label class="visually-hidden" for="${name}">${label}</label><input class="form-control form-control-sm${' is-invalid' if name in errors else ''}" id="${name}" name="${name}" placeholder="${label}" title="A day or time (UTC): 2026-01-31 or 2026-01-31 09:00" value="${wanted[name]}"${f' aria-describedby="{name}-error"' if name in errors else '' | n}>
    % endfor
    <button class="btn btn-sm btn-outline-secondary">${parts.icon("filter")} Filter</button>
    % if any(wanted.values()):
    <a class="btn btn-sm btn-link" href="${request.route_path('audit')}">Show all</a>
    % endif
  </form>
  % for name, error in errors.items():
  ${parts.field_error(name, error)}
  % endfor
  </div>
  % if page.total:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Audit entries, newest first</caption>
    <thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">Did</th><th scope="col">To</th><th scope="col">From</th><th scope="col">Details</th></tr></thead>
    <tbody>
    % for row in page.items:
    <tr><td data-label="When" class="mn-nowrap">${parts.age(row.at)}</td><td data-label="Who">${row.user or "–"}</td><td data-label="Did">${row.action}</td><td data-label="To">${row.target}</td><td data-label="From">${row.address or "–"}</td>
      <td data-label="Details" class="mn-table__words"><span class="mn-muted">${", ".join(f"{key}: {value}" for key, value in row.details.items() if value not in ("", [], None)) or "–"}</span></td></tr>
    % endfor
    </tbody></table></div>
  <div class="mn-panel__body">${parts.pager(page, "entries")}</div>
  % else:
  <%parts:empty icon_name="audit" heading="No entry fits"><p>Every change made here is recorded. <a href="${request.route_path('audit')}">Show all entries</a></p></%parts:empty>
  % endif
</section>
</div>
