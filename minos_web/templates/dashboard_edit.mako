<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="head"><link rel="stylesheet" href="${asset('charts.css')}"><script src="${asset('charts.js')}" defer></script><script src="${asset('dashboards.js')}" defer></script></%block>
<%block name="crumbs">${parts.crumb(request.route_path('dashboards'), "Dashboards")}${parts.crumb(request.route_path('dashboard', id=row.id), row.title) if row else ""}${parts.here("Edit" if row else "New")}</%block>
<%
    back = request.route_path("dashboard", id=row.id) if row else request.route_path("dashboards")
    saved_at = request.route_path("api_dashboard", id=row.id) if row else request.route_path("api_dashboards")
%>
<form class="mn-stack" id="dashboard-editor" data-guard data-draft="${show.json_text(draft)}" data-save-url="${saved_at}" data-save-method="${'PUT' if row else 'POST'}" data-new-url="${request.route_path('api_dashboards')}" data-series-url="${request.route_path('api_series')}" data-names-url="${request.route_path('api_series_names')}" novalidate>
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">${title}</h1></div>
  <div class="mn-head__actions"><button class="btn btn-primary" type="submit">${parts.icon("save")} Save</button><a class="btn btn-outline-secondary" href="${back}">Cancel</a></div></header>
<div class="mn-flash mn-flash--danger" role="alert" data-refused hidden>${parts.icon("error")}<div><p data-refused-text></p>
  <p class="mn-inline" data-overtaken hidden><a class="btn btn-sm btn-outline-secondary" href="${back}" target="_blank" rel="noopener">Look at theirs</a> <button class="btn btn-sm btn-outline-secondary" type="button" data-keep-copy>Keep mine as a copy</button></p></div></div>
<section class="mn-panel" aria-label="The dashboard"><div class="mn-panel__body">
  <div class="mn-form__row">
    ${parts.text("title", "Title", value=draft["title"], extra='maxlength="120" autocomplete="off"')}
    <div class="mn-field"><label class="form-label" for="sharing">Shared</label>
      <select class="form-select" id="sharing" name="sharing"${'' if owns else ' disabled aria-describedby="sharing-help"' | n}>
        % for value, words in sharing.items():
        <option value="${value}"${' selected' if value == draft["sharing"] else ''}>${words}</option>
        % endfor
      </select>
      % if not owns:
      <p class="mn-field__help" id="sharing-help">Only ${row.owner} says who may see and change it.</p>
      % endif
    </div>
  </div>
  <%parts:field name="description" label="Description" optional="${True}">
    <textarea class="form-control" id="description" name="description" rows="2" maxlength="2000">${draft["description"]}</textarea>
  </%parts:field>
</div></section>
<noscript><p>Panels are chosen with JavaScript, which this browser has switched off. The API takes them as JSON as well.</p></noscript>
<ol class="mn-boardlist" data-panels aria-label="Panels, in their order"></ol>
<p class="visually-hidden" aria-live="polite" data-said></p>
<div class="mn-form__foot"><button class="btn btn-outline-primary" type="button" data-add="chart">${parts.icon("chart")} Add a chart</button><button class="btn btn-outline-primary" type="button" data-add="text">${parts.icon("file")} Add a text</button><button class="btn btn-primary" type="submit">${parts.icon("save")} Save</button></div>
</form>

<template id="panel-template"><li class="mn-panel mn-boardlist__item">
  <header class="mn-panel__head"><h2 class="mn-panel__title" data-heading tabindex="-1"></h2>
    <div class="mn-panel__actions">
      <label class="visually-hidden" data-for="width">Width</label><select class="form-select form-select-sm" data-name="width"><option value="third">a third wide</option><option value="half">half wide</option><option value="full">full width</option></select>
      <button class="mn-iconbtn" type="button" data-do="up" aria-label="Move up" title="Move up">${parts.icon("arrow-up")}</button>
      <button class="mn-iconbtn" type="button" data-do="down" aria-label="Move down" title="Move down">${parts.icon("arrow-down")}</button>
      <button class="mn-iconbtn" type="button" data-do="double" aria-label="Double this panel" title="Double">${parts.icon("copy")}</button>
      <button class="mn-iconbtn" type="button" data-do="remove" aria-label="Remove this panel" title="Remove">${parts.icon("delete")}</button>
    </div></header>
  <div class="mn-panel__body"><p class="mn-field__error" role="alert" data-panel-error hidden></p>
    <div class="mn-field"><label class="form-label" data-for="title">Panel title <span class="mn-field__opt">optional</span></label><input class="form-control" data-name="title" maxlength="120" autocomplete="off"></div>
    <div data-kind="text"><div class="mn-field"><label class="form-label" data-for="text">Text</label><textarea class="form-control" data-name="text" rows="4" maxlength="4000"></textarea><p class="mn-field__help">Lines stay as they are; addresses (https://…) become links.</p></div></div>
    <div class="mn-boardlist__cols" data-kind="chart">
      <div>
        <div class="mn-field"><label class="form-label" data-for="search">Metrics</label>
          <ul class="mn-picked" data-picked></ul>
          <input class="form-control" type="search" data-name="search" placeholder="Search, e.g. cpu, latency, counter" autocomplete="off" autocapitalize="off" spellcheck="false">
          <p class="mn-field__help" role="status" data-found></p>
          <ul class="mn-finds" data-finds aria-label="Metrics that fit"></ul></div>
        <div class="mn-form__row">
          % for label, words in (("service", "Service"), ("cluster", "Cluster"), ("job", "Job"), ("task", "Instance"), ("host", "Host")):
          <div class="mn-field"><label class="form-label" data-for="${label}">${words}</label><select class="form-select form-select-sm" data-name="${label}"><option value="">all</option></select></div>
          % endfor
        </div>
        <div class="mn-form__row">
          <div class="mn-field"><label class="form-label" data-for="combine">Lines</label><select class="form-select form-select-sm" data-name="combine"><option value="each">one for each</option><option value="sum">their sum</option><option value="average">their average</option><option value="top">the highest…</option></select></div>
          <div class="mn-field" data-top><label class="form-label" data-for="top">How many</label><input class="form-control form-control-sm" type="number" min="1" max="50" data-name="top"></div>
          <div class="mn-field"><label class="form-label" data-for="unit">Unit</label><input class="form-control form-control-sm" data-name="unit" list="units" maxlength="24"></div>
        </div>
        <div class="form-check"><input class="form-check-input" type="checkbox" data-name="rate"><label class="form-check-label" data-for="rate">growth per second, of counters that only grow</label></div>
      </div>
      <div data-preview></div>
    </div>
  </div>
</li></template>
<datalist id="units">
  % for unit in units:
  <option value="${unit}"></option>
  % endfor
</datalist>
