<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="al" file="/alert_parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('alerts'), "Alerts")}${parts.crumb(request.route_path('alert_rules'), "Rules")}${parts.here(title)}</%block>
<%
    here = request.route_path("alert_rule", name=rule.name) if rule else request.route_path("alert_rule_new")
    plain = 'autocomplete="off" autocapitalize="off" spellcheck="false"'
    only_seen = "" if frame.operator else " disabled"
%>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><p class="mn-head__kind">${"Shipped rule" if shipped else "Rule of this site"}</p><h1 class="mn-head__title">${title}</h1>
  % if rule:
  <p class="mn-head__sub"><span class="mn-mono">${rule.name}</span> · judges each ${rule.about}${f" of {scope}" if scope != "everything" else ""}${f" where {only}" if only else ""}${f", the figure {rule.metric}" if shipped else ""} · \
% if open_alerts:
<a href="${request.route_path('alerts', _query={'rule': rule.name})}">${show.count(open_alerts, "open alert")}</a>\
% else:
no open alert\
% endif
</p>
  % else:
  <p class="mn-head__sub">a figure, when it is bad, for how long, and how bad that is</p>
  % endif
</div></header>
% if rule and rule.problem:
${parts.why("down", f"It is not judged: {rule.problem}")}
% endif
% if rule and rule.changed and shipped:
${parts.why("info", f"Changed here. As shipped: {shipped_words}; {shipped.level}, {'on' if shipped.enabled else 'off'}.")}
% endif
% for text in elsewhere:
${parts.flash("danger", text)}
% endfor
% if outcome:
${tested()}
% endif
<form class="mn-form mn-panel mn-panel__body" method="post" action="${here}" novalidate data-guard aria-label="Rule">
  ${parts.csrf()}
  <fieldset class="mn-plainset"${only_seen}>
  % if not rule:
  <div class="mn-field mn-field--row">
    ${parts.text("title", "Title", value=form.texts["title"], error=form.errors.get("title", ""), help="What an alert of it says, e.g. Queue is long.", extra='maxlength="120" autocomplete="off"')}
    ${parts.text("name", "Name", value=form.name, error=form.errors.get("name", ""), help="Small letters, digits and dashes; it stays.", mono=True, extra=plain)}
  </div>
  % elif not shipped:
  ${parts.text("title", "Title", value=form.texts["title"], error=form.errors.get("title", ""), help="What an alert of it says.", extra='maxlength="120" autocomplete="off"')}
  % endif
  % if not shipped:
  <div class="mn-field mn-field--row">
    ${parts.text("metric", "Figure", value=form.texts["metric"], error=form.errors.get("metric", ""), help="One of the known ones, or one divided by another: a / b. With :* behind it each part, e.g. each disk, is judged by itself.", mono=True, extra=plain + ' list="figures"')}
    ${choice("about", "Of each", choices["about"])}
    ${choice("combine", "Of its tasks", choices["combine"], "Only for a cluster whose tasks tell the figure.")}
  </div>
  <datalist id="figures">
    % for name, words in figures:
    <option value="${name}">${words}</option>
    % endfor
  </datalist>
  % endif
  <div class="mn-field mn-field--row">
    ${parts.text("condition", "Bad when", value=form.texts["condition"], error=form.errors.get("condition", ""), help="> 90 %, < 1 GiB, outside 1..5, rate > 10, is down or degraded; joined with and, or.", mono=True, extra=plain)}
    ${parts.text("worse", "An error when", value=form.texts["worse"], error=form.errors.get("worse", ""), help="Empty: it keeps its level.", optional=True, mono=True, extra=plain)}
    ${parts.text("clear", "Over when", value=form.texts["clear"], error=form.errors.get("clear", ""), help="Empty: as soon as it is not bad. A gap between both keeps it from coming and going.", optional=True, mono=True, extra=plain)}
  </div>
  <div class="mn-field mn-field--row">
    ${parts.text("for", "For", value=form.texts["for"], error=form.errors.get("for", ""), help="So long it must be bad first: 90 s, 5 min, 2 h.", extra=plain)}
    ${choice("level", "Level", choices["level"], "An error shows red and counts at Alerts.")}
  </div>
  % if not shipped:
  <div class="mn-field mn-field--row">
    % for name, label in (("service", "Service"), ("cluster", "Cluster"), ("job", "Job"), ("host", "Host")):
    ${parts.text(name, label, value=form.texts[name], error=form.errors.get(name, ""), help="Empty: of any." if name == "service" else "", optional=True, extra=plain)}
    % endfor
  </div>
  <%parts:field name="help" label="What to do" optional="${True}" error="${form.errors.get('help', '')}" help="Shown with every alert of it: the way to a cure, a link to your runbook.">
    <textarea class="form-control" id="help" name="help" rows="4" maxlength="4000" aria-describedby="help-help">${form.texts["help"]}</textarea>
  </%parts:field>
  % elif rule.help:
  <div class="mn-field"><p class="form-label">What to do</p><p class="mn-board__text">${rule.help}</p></div>
  % endif
  <div class="mn-field"><label class="form-check"><input class="form-check-input" type="checkbox" name="enabled" value="1"${' checked' if form.enabled else ''}> Switched on</label></div>
  % if frame.operator:
  <div class="mn-form__foot">
    <button class="btn btn-primary" name="do" value="save">${parts.icon("save")} Save</button>
    <span class="mn-inline"><label class="visually-hidden" for="span">Time to look back over</label><select class="form-select" id="span" name="span">
      % for name in spans:
      <option value="${name}"${' selected' if name == span else ''}>last ${"day" if name == "1d" else show.count(int(name[:-1]), "day")}</option>
      % endfor
    </select> <button class="btn btn-outline-secondary" name="do" value="test">${parts.icon("history")} Back-test</button></span>
    <a class="btn btn-outline-secondary" href="${request.route_path('alert_rules')}">Cancel</a>
    % if rule and (not shipped or rule.changed):
    <a class="btn btn-outline-${'secondary' if shipped else 'danger'}" href="#drop-dialog" data-dialog-open="drop-dialog">${parts.icon("retry" if shipped else "delete")} ${"As shipped…" if shipped else "Delete…"}</a>
    % endif
  </div>
  % endif
  </fieldset>
</form>
% if frame.operator and rule and (not shipped or rule.changed):
<dialog class="mn-dialog${'' if shipped else ' mn-dialog--danger'}" id="drop-dialog" aria-labelledby="drop-title">
  <form method="post" action="${here}">${parts.csrf()}
    <header class="mn-dialog__head"><h2 class="mn-dialog__title" id="drop-title">${f"{rule.title} as shipped again?" if shipped else f"Delete {rule.title}?"}</h2></header>
    <div class="mn-dialog__body"><p>${f"What was changed here goes. Then it is: {shipped_words}; {shipped.level}." if shipped else "Nothing is judged by it any more, and its open alerts end. The history of its alerts stays."}</p></div>
    <footer class="mn-dialog__foot"><button type="button" class="btn btn-outline-secondary" data-dialog-close>Go back</button><button class="btn btn-${'primary' if shipped else 'danger'}" name="do" value="drop">${"As shipped" if shipped else "Delete"}</button></footer>
  </form>
</dialog>
% endif
</div>

<%def name="choice(name, label, values, help='')">
<div class="mn-field"><label class="form-label" for="${name}">${label}</label>
  <select class="form-select${' is-invalid' if form.errors.get(name) else ''}" id="${name}" name="${name}"\
% if help:
 aria-describedby="${name}-help"\
% endif
>
    % for value in values:
    <option${' selected' if value == form.texts[name] else ''}>${value}</option>
    % endfor
  </select>
  % if help:
  <p class="mn-field__help" id="${name}-help">${help}</p>
  % endif
  ${parts.field_error(name, form.errors.get(name, ""))}</div>
</%def>

## When the rule would have fired.
<%def name="tested()">
<section class="mn-panel mn-panel--attention" aria-labelledby="tested-title" id="tested">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="tested-title">Back-test</h2><p class="mn-panel__note">nothing was saved; from ${show.utc(outcome.start)} to ${show.utc(outcome.end)}</p></header>
  <div class="mn-panel__body">
    <dl class="mn-facts mn-facts--lg">
      <div><dt>Would have fired</dt><dd>${show.count(len(outcome.episodes), "time")}</dd></div>
      <div><dt>People told</dt><dd>${show.count(outcome.news, "time")}</dd></div>
      <div><dt>Called flapping</dt><dd>${show.count(outcome.flapping, "time")}</dd></div>
      <div><dt>Good to bad and back</dt><dd>${show.count(outcome.flips, "change")}</dd></div>
      <div><dt>Looked at</dt><dd>${show.count(outcome.series, "series", "series")}</dd></div>
    </dl>
    % for note in outcome.notes:
    ${parts.why("info", note)}
    % endfor
    % if not outcome.series:
    ${parts.why("unknown", "Nothing was stored of this figure in that time: that it would not have fired says nothing.")}
    % endif
    % if bars:
    <svg class="mn-strip" viewBox="0 0 1000 24" preserveAspectRatio="none" role="img" aria-label="When it would have fired: ${show.count(len(outcome.episodes), 'time')} between ${show.utc(outcome.start)} and ${show.utc(outcome.end)}">
      % for bar in bars:
      <rect class="mn-strip__bar mn-strip__bar--${bar.level}" x="${bar.left}" y="0" width="${bar.width}" height="24"/>
      % endfor
    </svg>
    <p class="mn-strip__ends mn-muted"><span>${show.utc(outcome.start)}</span><span>${show.utc(outcome.end)}</span></p>
    % endif
  </div>
  % if outcome.episodes:
  <div class="mn-tablewrap mn-scroll" tabindex="0" role="group" aria-label="Times that it would have fired"><table class="mn-table mn-table--sm">
    <caption class="visually-hidden">Times that it would have fired</caption>
    <thead><tr><th scope="col">Where</th><th scope="col">Fired</th><th scope="col">For</th><th scope="col">Level</th><th scope="col" class="mn-num">Value</th></tr></thead>
    <tbody>
    % for one in outcome.episodes[:most_listed]:
    <tr><td class="mn-break">${one.where}</td><td>${show.utc(one.fired)}</td><td>${show.duration((outcome.end if one.ended is None else one.ended) - one.fired)}${", still" if one.ended is None else ""}</td><td>${one.level}</td><td class="mn-num">${"–" if one.value is None else show.figure(one.value, "count")}</td></tr>
    % endfor
    </tbody></table></div>
  % if len(outcome.episodes) > most_listed:
  <p class="mn-panel__body mn-muted">and ${f"{len(outcome.episodes) - most_listed:,}"} more times</p>
  % endif
  % endif
</section>
</%def>
