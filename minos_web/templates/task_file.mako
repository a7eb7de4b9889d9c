<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="th" file="/task_head.mako"/>
<%namespace name="how" file="/running_parts.mako"/>
<%block name="crumbs">${th.crumbs(name)}</%block>
<% def link(number): return request.route_path("task_file", name=name, _query={"line": number}, _anchor=f"L{number}", **place) %>
<div class="mn-stack">
${th.head("files")}
% if error:
<div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>This file cannot be made: ${error}</p></div>
% else:
<div class="mn-explain">
<section class="mn-panel" aria-labelledby="file-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title mn-mono" id="file-title">${name}</h2><p class="mn-panel__note">choose a line to see where it comes from</p></header>
  % if lines:
  <ol class="mn-lines mn-mono" tabindex="0" aria-label="Lines of ${name}">
    % for number, text in enumerate(lines, 1):
    <li id="L${number}"><a class="mn-lines__link" href="${link(number)}"${' aria-current="true"' if number == chosen else '' | n}><span class="mn-lines__no">${number}</span><span class="mn-lines__text">${text or " "}</span></a></li>
    % endfor
  </ol>
  % if more:
  <p class="mn-panel__body mn-muted">and ${more} more lines</p>
  % endif
  % else:
  <%parts:empty icon_name="file" heading="It is empty"><p>Nothing stands in it, or it is made without what it needs (an unsecured cluster has no jaas.conf).</p></%parts:empty>
  % endif
</section>
% if chosen:
<section class="mn-panel" aria-labelledby="origin-title" id="origin">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="origin-title">Line ${chosen}</h2></header>
  <div class="mn-panel__body mn-stack">
  <dl class="mn-kv">
    % if origin.place:
    <dt>Written in</dt><dd>${how.written(origin.place, "")}${f", section {origin.place.section}" if origin.place.section else ""}${f", key {origin.place.key}" if origin.place.key and not hidden else ""}</dd>
    % if not hidden and origin.written != origin.text:
    <dt>As</dt><dd class="mn-mono">${origin.written or "(empty)"}</dd>
    % endif
    % if written:
    <dt>By</dt><dd>${written.author}, ${parts.age(written.at)}, in revision ${written.number} of that file${f": {written.note}" if written.note else ""}</dd>
    % endif
    % else:
    <dt>Written in</dt><dd>the form of this file: Minos puts it there</dd>
    % endif
    % for expression, value in origin.references:
    <dt class="mn-mono">%{${expression}}</dt><dd class="mn-mono">${"••••••" if hidden else value}</dd>
    % endfor
    % for at, value in replaced:
    <dt>Instead of</dt><dd><span class="mn-mono">${value or "(empty)"}</span> <span class="mn-muted">(${how.written(at, "")})</span></dd>
    % endfor
    % if hidden:
    <dt>Value</dt><dd>hidden: it looks like a secret</dd>
    % endif
  </dl>
  <div><h3 class="mn-section">Other tasks</h3>
    % if not spread.same and not spread.other:
    <p class="mn-muted">The cluster has no other task.</p>
    % endif
    % if spread.same:
    <p>The same line: ${", ".join(spread.same[:20])}${f" and {len(spread.same) - 20} more" if len(spread.same) > 20 else ""}.</p>
    % endif
    % if spread.other:
    <dl class="mn-kv">
      % for label, text in spread.other[:20]:
      <dt>${label}</dt><dd class="mn-mono">${"••••••" if hidden else text}</dd>
      % endfor
    </dl>
    % if len(spread.other) > 20:
    <p class="mn-muted">and ${len(spread.other) - 20} more with other lines</p>
    % endif
    % endif
    % if spread.left_out:
    <p class="mn-muted">${spread.left_out} more tasks were not looked at.</p>
    % endif
  </div>
  </div>
</section>
% endif
</div>
% endif
</div>
