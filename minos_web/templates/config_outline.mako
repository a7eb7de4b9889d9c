## What a file is made of. ``made`` is a minos_web.clusterfile.outline.Outline, ``path`` the file.
<%namespace name="parts" file="/parts.mako"/>
${outline(made, path, True)}
<%def name="outline(made, path, follows)">
<div class="mn-outline" id="outline"\
% if follows:
 hx-post="${request.route_path('config_outline', path=path)}" hx-trigger="minos:checked" hx-include="[name=text]" hx-swap="outerMorph"\
% endif
>
  % if made.headings:
  <nav aria-label="Sections"><h2 class="mn-outline__title">Sections</h2>
    <ol class="mn-outline__list">
      % for one in made.headings[:200]:
      <li class="mn-outline__item mn-outline__item--${min(one.depth, 3)}"><a href="#L${one.line}">${one.name}</a> <span class="mn-muted">${one.keys or ""}</span></li>
      % endfor
    </ol></nav>
  % endif
  % if len(made.levels) > 1:
  <div><h2 class="mn-outline__title">Builds on</h2>
    <ol class="mn-outline__chain">
      % for number, level in enumerate(made.levels):
      <li>\
% if number == 0:
<span class="mn-mono">${level.file.rpartition("/")[2]}</span> <span class="mn-muted">this file${f", {show.count(level.keys, 'key')}" if level.keys else ""}</span>\
% else:
${to_file(level.file)} <span class="mn-muted">${show.count(level.keys, "key") if level.keys else ""}</span>\
% if level.replaced:
<details class="mn-outline__over"><summary>${len(level.replaced)} replaced nearer</summary>
<ul>
% for one in level.replaced[:100]:
<li><span class="mn-muted">${f"[{one.section}]" if one.section else ""}</span> <span class="mn-mono">${one.key}</span><br>\
${to_line(one.place, path, one.text)} <span class="mn-muted">instead of</span> ${to_line(one.was_place, path, one.was)}</li>
% endfor
% if len(level.replaced) > 100:
<li class="mn-muted">and ${len(level.replaced) - 100} more</li>
% endif
</ul></details>\
% endif
% endif
</li>
      % endfor
    </ol></div>
  % endif
  % if made.built_on_by:
  <div><h2 class="mn-outline__title">Built on by</h2>
    <ul class="mn-outline__list">
      % for file in made.built_on_by:
      <li>${to_file(file)}</li>
      % endfor
    </ul></div>
  % endif
</div>
</%def>
## Files that others build on too are everybody's: who sees certain clusters alone is told their names.
<%def name="to_file(file)">\
% if frame.sees_all:
<a class="mn-mono" href="${request.route_path('config_file', path=file)}" title="${file}">${file.rpartition("/")[2]}</a>\
% else:
<span class="mn-mono" title="${file}">${file.rpartition("/")[2]}</span>\
% endif
</%def>
<%def name="to_line(place, path, text)">\
% if place.file == path:
<a href="#L${place.line}">${short(text)}</a>\
% else:
${parts.on_all(request.route_path('config_file', path=place.file) + f"#L{place.line}", capture(short, text))}\
% endif
</%def>
<%def name="short(text)">\
${(text if len(text) <= 40 else text[:39] + "…") or "(empty)"}\
</%def>
