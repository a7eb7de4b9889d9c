## Charts: the bar that says what time all of them show, figures, sections of them, what happened meanwhile.
<%namespace name="parts" file="/parts.mako"/>

<%def name="assets()"><link rel="stylesheet" href="${asset('charts.css')}"><script src="${asset('charts.js')}" defer></script></%def>

## A bar drives every chart of its page. ``events`` is what the marks are about: service and cluster, or host; None: no marks.
## ``usual`` is a query with the time that a page about a moment shows at first.
<%def name="bar(events=None, usual='')">
<div class="mn-chartbar" data-chartbar data-usual="${usual}" hx-morph-skip data-events-url="${'' if events is None else request.route_path('api_events', _query=events)}" data-several-url="${request.route_path('api_series_several')}">
  <div class="mn-chartbar__group mn-segments" role="group" aria-label="Time range">
    % for name, short, text in RANGES:
    <button type="button" class="mn-segment" data-range="${name}" aria-label="${short}, the last ${text}" aria-pressed="${'true' if name == '1h' else 'false'}">${short}</button>
    % endfor
  </div>
  <div class="mn-chartbar__group dropdown">
    <button type="button" class="btn btn-sm btn-outline-secondary mn-chartbar__window" data-bs-toggle="dropdown" data-bs-auto-close="outside" aria-expanded="false" aria-haspopup="dialog">${parts.icon("calendar")} <span data-window>Last hour</span></button>
    <form class="dropdown-menu mn-chartbar__form" data-window-form novalidate aria-label="From and to">
      <div class="mn-field"><label class="form-label" for="charts-from">From</label><input class="form-control mn-mono" id="charts-from" name="from" autocomplete="off" spellcheck="false" placeholder="2026-01-31 09:00" aria-describedby="charts-zone charts-from-error"><p class="mn-field__error" id="charts-from-error" hidden></p></div>
      <div class="mn-field"><label class="form-label" for="charts-to">To</label><input class="form-control mn-mono" id="charts-to" name="to" autocomplete="off" spellcheck="false" placeholder="now" aria-describedby="charts-zone charts-to-error"><p class="mn-field__error" id="charts-to-error" hidden></p></div>
      <p class="mn-field__hint" id="charts-zone">Date and time as <b class="mn-mono">2026-01-31 09:00</b>, a time of today, or <b class="mn-mono">now</b>; <span data-zone></span>.</p>
      <button type="submit" class="btn btn-sm btn-primary">Show</button>
    </form>
  </div>
  <div class="mn-chartbar__group">
    <button type="button" class="mn-iconbtn" data-zoom-out aria-label="Zoom out" title="Zoom out">${parts.icon("zoom-out")}</button>
    <button type="button" class="btn btn-sm btn-outline-secondary mn-chartbar__live" data-live aria-pressed="true"><i class="mn-chartbar__dot" aria-hidden="true"></i><span data-live-word>Live</span></button>
  </div>
  <div class="mn-chartbar__group">
    <label class="visually-hidden" for="charts-compare">Compare with</label>
    <select class="form-select form-select-sm" id="charts-compare" data-compare>
      <option value="">Compare…</option>
      % for value, text in (("1h", "an hour before"), ("1d", "a day before"), ("1w", "a week before")):
      <option value="${value}">${text}</option>
      % endfor
    </select>
    <label class="visually-hidden" for="charts-top">Lines of each chart</label>
    <select class="form-select form-select-sm" id="charts-top" data-top>
      % for value, text in (("mean", "Top 10 by mean"), ("last", "Top 10 by newest"), ("max", "Top 10 by highest"), ("all", "All lines")):
      <option value="${value}">${text}</option>
      % endfor
    </select>
    <button type="button" class="btn btn-sm btn-outline-secondary" data-events${' hidden' if events is None else '' | n} aria-pressed="true">${parts.icon("history")} Events</button>
  </div>
  <p class="mn-chartbar__problem" data-chartbar-problem role="status" hidden></p>
</div>
</%def>

<%def name="figure(chart)">
<figure class="mn-chart" data-chart hx-morph-skip data-series-url="${chart.url}" data-unit="${chart.unit}" data-titles="${show.json_text(chart.titles)}" id="${chart.id}">
  <figcaption class="mn-chart__title">${chart.title}\
% if chart.note:
 <span class="mn-muted">${chart.note}</span>\
% endif
</figcaption>
</figure>
</%def>

<%def name="grid(found)">
<div class="mn-grid mn-grid--charts">
  % for chart in found:
${figure(chart)}
  % endfor
</div>
</%def>

## What happened in the range, filled by the script.
<%def name="happened()">
<details class="mn-panel mn-happened" data-happened hx-morph-skip>
  <summary class="mn-panel__head"><span class="mn-panel__title">What happened in this range</span> <span class="mn-panel__note" data-happened-note>…</span></summary>
  <div class="mn-panel__body" data-happened-body tabindex="0" role="group" aria-label="What happened in this range"></div>
</details>
</%def>

<%def name="nothing()">
<div class="mn-empty">${parts.icon("chart", "xl")}<h3>Nothing was measured yet</h3><p>Samples come every few seconds while the worker runs and is in touch.</p></div>
</%def>

## Charts without sections, below their bar, or why there are none.
<%def name="charts(found, events=None)">
% if found:
${bar(events)}
${grid(found)}
  % if events is not None:
${happened()}
  % endif
% else:
${nothing()}
% endif
</%def>

## Charts in sections, with a list of these at the side.
<%def name="in_sections(found, events)">
% if found:
${bar(events)}
<div class="mn-charts${' mn-charts--listed' if len(found) > 1 else ''}">
  % if len(found) > 1:
  <nav class="mn-charts__list" aria-label="Sections">
    % for section in found:
    <a href="#${section.id}">${section.title} <span class="mn-count">${len(section.charts)}</span></a>
    % endfor
  </nav>
  % endif
  <div class="mn-charts__body">
    % for section in found:
    <section aria-labelledby="${section.id}" class="mn-charts__section">
      <h2 class="mn-section" id="${section.id}" tabindex="-1">${section.title}</h2>
${grid(section.charts)}
    </section>
    % endfor
${happened()}
  </div>
</div>
% else:
${nothing()}
% endif
</%def>

<%!
RANGES = (
    ("15m", "15 min", "15 minutes"), ("1h", "1 h", "hour"), ("6h", "6 h", "6 hours"), ("24h", "24 h", "24 hours"),
    ("7d", "7 d", "7 days"), ("30d", "30 d", "30 days"),
)
%>
