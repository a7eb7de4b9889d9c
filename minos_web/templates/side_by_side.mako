## Two texts beside each other; ``stretches`` as minos_web.views.side_by_side gives them.

<%def name="sides(stretches, left, right)">
<div class="mn-sides" tabindex="0" role="region" aria-label="${left} beside ${right}">
  <div class="mn-sides__row mn-sides__head"><span></span><span>${left}</span><span></span><span>${right}</span></div>
  % for stretch in stretches:
  % if stretch.folded:
  <details class="mn-sides__fold"><summary>${show.count(len(stretch.rows), "line")} the same on both sides</summary>${lines(stretch)}</details>
  % else:
  ${lines(stretch)}
  % endif
  % endfor
</div>
</%def>

<%def name="lines(stretch)">\
% for row in stretch.rows:
<div class="mn-sides__row mn-sides__row--${'same' if row.same else 'diff'}">${side(row.left, "del", row.same)}${side(row.right, "add", row.same)}</div>
% endfor
</%def>

<%def name="side(line, kind, same)">\
% if line is None:
<span class="mn-sides__no"></span><span class="mn-sides__none"></span>\
% elif same:
<span class="mn-sides__no mn-sides__no--${kind}">${line.number}</span><code class="mn-sides__text mn-sides__text--same-${kind}">${line.pieces[0][0]}</code>\
% else:
<span class="mn-sides__no">${line.number}</span><code class="mn-sides__text mn-sides__text--${kind}"><span class="visually-hidden">${"gone: " if kind == "del" else "new: "}</span>\
% for text, differs in line.pieces:
% if differs:
<mark>${text}</mark>\
% else:
${text}\
% endif
% endfor
</code>\
% endif
</%def>
