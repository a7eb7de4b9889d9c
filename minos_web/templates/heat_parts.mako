## A heat map: the choice of a figure, what the shades mean, and the squares.
<%namespace name="parts" file="/parts.mako"/>

<%def name="chooser(here)">
<form class="mn-filters" method="get" action="${here}">
  <label class="form-label mb-0" for="figure">Figure</label><select class="form-select form-select-sm" id="figure" name="figure">
    % for one in metrics:
    <option value="${one.name}"${' selected' if one.name == metric.name else ''}>${one.title}</option>
    % endfor
  </select>
  <label class="form-label mb-0" for="order">Order</label><select class="form-select form-select-sm" id="order" name="order"><option value="">by name</option><option value="value"${' selected' if by_value else ''}>highest first</option></select>
  <button class="btn btn-sm btn-outline-secondary">Show</button>
</form>
</%def>

<%def name="map(what)">
<% unit = metric.unit %>
<p class="mn-heat__sum"><b>${metric.title}</b>: \
% if summary.low is None:
of none known, \
% else:
lowest ${show.figure(summary.low, unit)}, median ${show.figure(summary.middle, unit)}, highest ${show.figure(summary.high, unit)}, \
% endif
${f"{summary.total:,}"} ${what}\
% if summary.unknown:
, <b>${f"{summary.unknown:,}"} unknown</b>\
% endif
</p>
<ul class="mn-heat__legend" aria-label="What the shades mean">
  % for number, begin in enumerate(scale.begins(), 1):
  <li><i class="mn-heat__key mn-heat__cell--${number}"></i>${"from " if number > 1 else ""}${show.figure(begin, unit)}</li>
  % endfor
  <li><i class="mn-heat__key mn-heat__cell--unknown"></i>unknown</li>
</ul>
% for group, cells in groups:
<section class="mn-heat__group" aria-label="${group}">
  <h2 class="mn-section">${group} <span class="mn-count">${len(cells)}</span></h2>
  <ul class="mn-heat${' mn-heat--dense' if dense else ''}">
    % for cell in cells:
    <% text = "unknown" if cell.value is None else show.figure(cell.value, unit) %>\
<li><a id="cell-${group.replace(" ", "-")}-${cell.name.replace(' ', '-')}" class="mn-heat__cell mn-heat__cell--${"unknown" if cell.value is None else scale.shade(cell.value)}" href="${cell.url}"${'' if loop.first else ' tabindex="-1"' | n} title="${cell.name}: ${text}${f", {cell.why}" if cell.why else ""}"><span class="mn-heat__value">${("?" if cell.value is None else text)}</span><span class="mn-heat__name">${cell.name}</span>\
% if cell.why:
<span class="visually-hidden">, unknown: ${cell.why}</span>\
% endif
</a></li>
    % endfor
  </ul>
</section>
% endfor
</%def>
