<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="al" file="/alert_parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('alerts'), "Alerts")}${parts.here("Silences")}</%block>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Silences</h1><p class="mn-head__sub">for a while nobody hears of certain alerts; they are shown all the same, as muted</p></div></header>
${al.tabs()}
<section class="mn-panel" aria-label="Silences">
  <div class="mn-panel__body"><div class="mn-filters">
    % for which, words in (("now", "Now"), ("coming", "Coming"), ("over", "Over")):
    <a class="mn-chip mn-chip--link" aria-current="${'true' if which == shown else 'false'}" href="${request.route_path('silences', _query={'state': which})}">${words} <span class="mn-count">${numbers[which]}</span></a>
    % endfor
  </div></div>
  % if page.total:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Silences: ${shown}</caption>
    <thead><tr><th scope="col">Of</th><th scope="col">Why</th><th scope="col">By</th><th scope="col">Begins</th><th scope="col">Ends</th>
    % if shown == "now":
    <th scope="col" class="mn-num">Alerts now</th>
    % endif
    <th scope="col"><span class="visually-hidden">End</span></th></tr></thead>
    <tbody>
    % for one in page.items:
    <% silence = one.row %>\
    <tr id="silence-${silence.id}">
      <th scope="row" class="mn-break" data-label="Of">${scope_words(silence)}</th>
      <td data-label="Why" class="mn-table__words">${silence.reason}</td>
      <td data-label="By">${silence.by}</td>
      <td data-label="Begins" title="${show.utc(silence.at)}">${show.utc(silence.at) if shown == "coming" else parts.age(silence.at)}</td>
      <td data-label="Ends" title="${show.utc(silence.until)}">${times(silence)}</td>
      % if shown == "now":
      <td data-label="Alerts now" class="mn-num">${one.alerts}</td>
      % endif
      <td class="mn-table__actions" data-label="">\
% if frame.operator and shown != "over":
<form method="post" action="${request.route_path('silence_end', id=silence.id)}">${parts.csrf()}<button class="btn btn-sm btn-outline-secondary" aria-label="End the silence of ${scope_words(silence)}">${"End now" if shown == "now" else "Give up"}</button></form>\
% endif
</td>
    </tr>
    % endfor
    </tbody></table></div>
  <div class="mn-panel__body">${parts.pager(page, "silences")}</div>
  % else:
  <%parts:empty icon_name="alerts" heading="${{'now': 'Nothing is silenced', 'coming': 'No silence is coming', 'over': 'No silence was ended yet'}[shown]}"><p>Silence what somebody works on, or what is known and cannot be mended today: with a reason, and with an end. Alerts go on, and whoever looks sees them; nobody is called.</p></%parts:empty>
  % endif
</section>
% if frame.operator:
<section class="mn-panel" aria-labelledby="begin-title" id="begin">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="begin-title">Begin a silence</h2><p class="mn-panel__note">an empty field fits everything</p></header>
  <form class="mn-form mn-panel__body" method="post" action="${request.route_path('silences')}" novalidate data-guard>${parts.csrf()}
    <div class="mn-field mn-field--row">
      % for name, label, help in (("rule", "Rule", "Its name, as the list of rules has it."), ("service", "Service", ""), ("cluster", "Cluster", ""), ("job", "Job", ""), ("host", "Host", "")):
      ${parts.text(name, label, value=typed[name], help=help, error=errors.get(name, ""), optional=True, extra='autocomplete="off" autocapitalize="off" spellcheck="false"' + (' list="rules"' if name == "rule" else ""))}
      % endfor
    </div>
    <datalist id="rules">
      % for name, words in rules:
      <option value="${name}">${words}</option>
      % endfor
    </datalist>
    ${parts.text("reason", "Why", value=typed["reason"], error=errors.get("reason", ""), help="Whoever is on duty reads it: what is done, and by whom.", extra='maxlength="255" autocomplete="off"')}
    <div class="mn-field mn-field--row">
      ${parts.text("hours", "Hours", value=typed["hours"], error=errors.get("hours", ""), help="So long it lasts.", optional=True, extra='inputmode="decimal" autocomplete="off"')}
      ${parts.text("until", "Or until", value=typed["until"], error=errors.get("until", ""), help="UTC, as 2026-01-31 09:00.", optional=True, mono=True, extra='autocomplete="off" spellcheck="false"')}
      ${parts.text("begins", "Begins", value=typed["begins"], error=errors.get("begins", ""), help="UTC as well; empty: at once.", optional=True, mono=True, extra='autocomplete="off" spellcheck="false"')}
    </div>
    % if errors.get("everything") or everything:
    <div class="mn-field"><label class="form-check"><input class="form-check-input" type="checkbox" name="everything" value="1"${' checked' if everything else ''}> Silence everything there is: nobody hears of anything</label>${parts.field_error("everything", errors.get("everything", ""))}</div>
    % endif
    <div class="mn-form__foot"><button class="btn btn-primary">${parts.icon("status-paused")} Begin</button></div>
  </form>
</section>
% endif
</div>
