## Pieces of the wizards: the list of steps, what was found, wizards that are open.
<%namespace name="parts" file="/parts.mako"/>

## Enter in a field presses the first button of a form: that is the one that goes on.
<%def name="first_button()">\
<button class="visually-hidden" name="go" value="next" tabindex="-1" aria-hidden="true">Next</button>\
</%def>

## Every step can be gone to by a button, so that what was typed here is kept on the way.
<%def name="stages(found, saved=True)">
<nav class="mn-stages" aria-label="Steps"><ol>
  % for one in found:
  <li class="mn-stage${' is-done' if one.done else ''}"${' aria-current="step"' if one.now else '' | n}>\
% if one.open and not one.now and saved:
<button class="mn-stage__go" name="go" value="${one.name}" formnovalidate><span class="mn-stage__no">${one.number}</span> ${one.title}</button>\
% else:
<span class="mn-stage__at"><span class="mn-stage__no">${one.number}</span> ${one.title}</span>\
% endif
</li>
  % endfor
</ol></nav>
</%def>

<%!
KINDS = {"pass": "done", "warn": "degraded", "fail": "failed"}
WORDS = {"pass": "pass", "warn": "warning", "fail": "fails"}
%>
## Checks; ``go``: each leads to the step where it is mended, by a button of the form ``wizard``.
<%def name="notes(found, go=True, title='Checks', id='checks')">
% if found:
<section class="mn-panel" aria-labelledby="${id}-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="${id}-title">${title}</h2><p class="mn-panel__note">${", ".join(f"{sum(one.level == level for one in found)} {word}" for level, word in (("fail", "failed"), ("warn", "worth a look"), ("pass", "passed")) if any(one.level == level for one in found))}</p></header>
  <ul class="mn-checks">
    % for one in found:
    <li class="mn-check mn-check--${one.level}"><span class="mn-status mn-status--${KINDS[one.level]}"><svg class="mn-icon" aria-hidden="true"><use href="${icons_url}#status-${KINDS[one.level]}"/></svg><span class="mn-status__word">${WORDS[one.level]}</span></span>
      <span class="mn-check__what"><b>${one.title}</b> ${one.text}\
% if one.advice:
 <span class="mn-muted">${one.advice}</span>\
% endif
</span>\
% if go and one.step and one.level != "pass":
<button class="btn btn-sm btn-outline-secondary" form="wizard" name="go" value="${one.step}" formnovalidate aria-label="Go to the step for ${one.title}">Go there</button>\
% endif
</li>
    % endfor
  </ul>
</section>
% endif
</%def>

<%def name="open_drafts(rows, route, delete_route, days)">
<section class="mn-panel" aria-labelledby="drafts-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="drafts-title">Where you left off</h2><p class="mn-panel__note">kept for ${days} days after the last change</p></header>
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Wizards that you began</caption>
    <thead><tr><th scope="col">What</th><th scope="col">Step</th><th scope="col">Changed</th><th scope="col"><span class="visually-hidden">Delete</span></th></tr></thead>
    <tbody>
    % for row in rows:
    <tr id="draft-${row.id}"><th scope="row" data-label="What"><a href="${request.route_path(route, id=row.id, step=row.step)}">${row.title or "no name yet"}</a></th><td data-label="Step">${row.step}</td><td data-label="Changed">${parts.age(row.changed_at)}</td><td class="mn-table__actions" data-label=""><form method="post" action="${request.route_path(delete_route, id=row.id)}">${parts.csrf()}<button class="btn btn-sm btn-outline-danger" aria-label="Delete the wizard for ${row.title}">Delete</button></form></td></tr>
    % endfor
    </tbody></table></div>
</section>
</%def>
