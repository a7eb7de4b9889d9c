## The wall: squares in groups. What it shows is said in words as well; its squares are for the eye and the pointer.
<%namespace name="parts" file="/parts.mako"/>

<%def name="wall(groups)">
<ul class="mn-wall">
  % for group in groups:
  <li class="mn-wall__group"><p class="mn-wall__head"><a href="${group.url}">${group.title}</a> <span class="mn-muted">${group.about}</span> <span class="mn-count">${f"{group.total:,}"}</span><span class="visually-hidden">: ${group.words}</span></p>${squares(group)}</li>
  % endfor
</ul>
</%def>

<%def name="squares(group)">\
<svg class="mn-wall__squares" width="${group.width}" height="${group.height}" viewBox="0 0 ${group.width} ${group.height}" aria-hidden="true">\
% for kind, lines in group.runs:
<path class="mn-wall__run mn-wall--${kind}" d="${lines}"/>\
% endfor
% for one in group.squares:
<a href="${one.named.url}" tabindex="-1"><path class="mn-wall__square mn-wall--${one.named.kind}" d="${one.path}"><title>${one.named.title}</title></path></a>\
% endfor
</svg>\
</%def>

<%def name="legend()">
<ul class="mn-wall__legend" aria-label="What the squares mean">
  % for kind, text in (("down", "down"), ("degraded", "degraded"), ("unknown", "nobody knows"), ("changing", "changing"), ("maintenance", "in maintenance"), ("stopped", "stopped"), ("running", "well")):
  <li><svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true"><path class="mn-wall__square mn-wall--${kind}" d="${shape_at(kind, 0, 0)}"/></svg> ${text}</li>
  % endfor
</ul>
</%def>
