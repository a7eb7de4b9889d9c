<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('audit'), "Audit")}${parts.here("Seals")}</%block>
<div class="mn-stack mn-narrow" id="seals"\
% if not leg.done and not leg.faults:
 hx-get="${request.route_path('audit_verify', _query=next)}" hx-trigger="load" hx-select="#seals" hx-swap="outerHTML"\
% endif
>
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Seals of the audit trail</h1><p class="mn-head__sub">${show.count(leg.count, "entry", "entries")} looked at${"" if leg.done or leg.faults else " so far …"}</p></div></header>
% if leg.faults:
<div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>The trail is not as it was written.</p></div>
<section class="mn-panel" aria-labelledby="faults-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="faults-title">First faults</h2></header>
  <ul class="mn-problems">
  % for fault in leg.faults:
  <li class="mn-problem mn-problem--error">${f"Entry {fault.entry_id}" if fault.entry_id is not None else "The end"}: ${fault.message}.</li>
  % endfor
  </ul>
</section>
% elif leg.done:
<div class="mn-flash mn-flash--success" role="status">${parts.icon("success")}<p>Every entry is as it was written, and none is missing.</p></div>
% else:
<p><a class="btn btn-outline-secondary" href="${request.route_path('audit_verify', _query=next)}">Go on</a></p>
% endif
<p class="mn-muted">That the whole database was put back to an earlier moment cannot be told from inside it: keep exports elsewhere.</p>
</div>
