## What an operation changes on the hosts, each difference once.
<%namespace name="parts" file="/parts.mako"/>

<%def name="changes(comparison, most=40)">
% if comparison.untold:
<p class="mn-muted">${parts.icon("status-unknown")} What ${named(comparison.untold)} ${"has" if len(comparison.untold) == 1 else "have"} on the host is not known: an older worker does not tell. All of it is sent.</p>
% endif
% for part in comparison.differences:
<details class="mn-change"><summary><span class="mn-change__part${' mn-mono' if part.part.startswith('file:') else ''}">${part.title}</span> <span class="mn-muted">${part.summary}</span></summary>
  % for group in part.groups[:most]:
  <p class="mn-change__who">${parts.icon("task")} ${group.words}: ${named(group.tasks)}</p>
  % if group.lines:
  <pre class="mn-code mn-diff" tabindex="0">${lines(group.lines)}</pre>
  % endif
  % endfor
  % if len(part.groups) > most:
  <p class="mn-muted">and ${len(part.groups) - most} more kinds of change</p>
  % endif
</details>
% endfor
</%def>

<%def name="named(tasks, most=8)">\
${", ".join(tasks[:most])}${f" and {len(tasks) - most} more" if len(tasks) > most else ""}\
</%def>

<%def name="lines(lines)">\
% for line in lines:
<span class="${ {'+': 'mn-diff__add', '-': 'mn-diff__del', '@': 'mn-diff__gap'}.get(line.sign, '') }">${"…" if line.sign == "@" else line.sign} ${line.text}</span>\
% endfor
</%def>
