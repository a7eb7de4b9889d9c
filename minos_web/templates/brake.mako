<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.here(title)}</%block>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Emergency brake</h1><p class="mn-head__sub">Pulled, it stops every operation that would change a cluster: none is begun, and those under way stand still where they are. What runs goes on running, and is kept running.</p></div></header>
% for row, held in rows:
<section class="mn-panel mn-panel--brake" aria-labelledby="brake-${row.id}">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="brake-${row.id}">${parts.icon("brake")} ${f"{row.about} is frozen" if row.cluster else "Everything is frozen"}</h2><p class="mn-panel__note">${parts.age(row.pulled_at)}</p></header>
  <div class="mn-panel__body">
    <p class="mn-break"><b>${row.pulled_by}</b> pulled it: ${row.reason}</p>
    % if held:
    <p>It holds ${show.count(len(held), "operation")}, which ${"goes" if len(held) == 1 else "go"} on when it is released:</p>
    <ul>
      % for operation, badge in held[:20]:
      <li><a href="${request.route_path('operation', id=operation.id)}">${''.join(show.deed(operation))} <span class="mn-muted">#${operation.id}</span></a> ${parts.status(badge, since=False)}</li>
      % endfor
    </ul>
    % if len(held) > 20:
    <p class="mn-muted">and ${len(held) - 20} more</p>
    % endif
    % else:
    <p class="mn-muted">No operation stands still because of it.</p>
    % endif
  </div>
  % if may_release(row):
  <% wanted, name = typed_for(row), f"confirm-{row.id}" %>\
  <form class="mn-form mn-panel__body" method="post" action="${request.route_path('brake_release', id=row.id)}" data-confirm data-confirm-expect="${wanted}" novalidate>${parts.csrf()}
    <div class="mn-field">
      <label class="form-label" for="${name}">Type <b>${wanted}</b> to release it</label>
      <input class="form-control mn-mono${' is-invalid' if errors.get(name) else ''}" id="${name}" name="confirm" data-confirm-input autocomplete="off" autocapitalize="off" spellcheck="false" required>
      ${parts.field_error(name, errors.get(name, ""))}
    </div>
    <div class="mn-form__foot"><button class="btn btn-primary" data-confirm-submit>${parts.icon("resume")} Release the brake of ${"all clusters" if row.cluster is None else row.about}</button></div>
  </form>
  % endif
</section>
% endfor
% if not rows:
<%parts:empty icon_name="brake" heading="The brake is not pulled"><p>Operations, schedules and restarts go their way.</p></%parts:empty>
% endif
% if approved and (rows or missing):
<section class="mn-panel" aria-labelledby="workers-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="workers-title">Workers</h2><p class="mn-panel__note">${approved - len(missing)} of ${approved} have written down what counts now</p></header>
  <div class="mn-panel__body">
  <p>Every worker refuses by itself what the brake stops, also when it starts anew while the console is away.</p>
  % if missing:
  <ul>
    % for one in missing[:50]:
    <li>${parts.on_all(request.route_path('host', name=one.host.name), one.host.name)}: ${one.why}</li>
    % endfor
  </ul>
  % if len(missing) > 50:
  <p class="mn-muted">and ${len(missing) - 50} more</p>
  % endif
  % endif
  </div>
</section>
% endif
% if offered:
<section class="mn-panel" aria-labelledby="pull-title" id="pull">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="pull-title">Pull it</h2></header>
  <form class="mn-form mn-panel__body" method="post" action="${request.route_path('brake')}" novalidate>${parts.csrf()}
    <%parts:field name="cluster" label="What is frozen" error="${errors.get('cluster', '')}">
      <select class="form-select" id="cluster" name="cluster" required>
        <option value="">Choose…</option>
        % for one in offered:
        <option value="${one}"${' selected' if one == about else '' | n}>${"All clusters, and the workers themselves" if one == "all" else one}</option>
        % endfor
      </select>
    </%parts:field>
    ${parts.text("reason", "Why", value=reason, error=errors.get("reason", ""), help="Everybody who is stopped by it reads this.", extra=f'maxlength="{longest}" autocomplete="off"')}
    <div class="mn-form__foot"><button class="btn btn-danger">${parts.icon("brake")} Pull the brake</button></div>
  </form>
</section>
% endif
% if released:
<section class="mn-panel" aria-labelledby="past-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="past-title">Before</h2></header>
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Brakes that were released</caption>
    <thead><tr><th scope="col">Of</th><th scope="col">Why</th><th scope="col">Pulled</th><th scope="col">Released</th></tr></thead>
    <tbody>
    % for row in released:
    <tr><th scope="row" data-label="Of">${row.about if row.cluster else "all clusters"}</th><td data-label="Why" class="mn-break">${row.reason}</td><td data-label="Pulled">${row.pulled_by}, ${parts.age(row.pulled_at)}</td><td data-label="Released">${row.released_by}, ${parts.age(row.released_at)}</td></tr>
    % endfor
    </tbody></table></div>
</section>
% endif
</div>
