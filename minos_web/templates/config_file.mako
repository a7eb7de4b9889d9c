<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="outlined" file="/config_outline.mako"/>
<%namespace name="beside" file="/side_by_side.mako"/>
<%block name="head"><link rel="stylesheet" href="${asset('editor.css')}"><script src="${asset('editor.js')}" defer></script></%block>
<%block name="crumbs">${parts.crumb(request.route_path('config_tree'), "Configuration", wide=True)}\
% if old:
${parts.crumb(request.route_path('config_file', path=path), path)}${parts.here(f"Revision {old.number}")}\
% else:
${parts.here(path)}\
% endif
</%block>
<%
    name = path.rpartition("/")[2]
    there = latest is not None and latest.content is not None
    writes = frame.deployer and not old
    link = request.route_path("config_file", path=path)
%>
<div class="mn-stack">
<header class="mn-head">
  <div class="mn-head__text">
    <p class="mn-head__kind mn-mono">${path.rpartition("/")[0]}</p>
    <h1 class="mn-head__title">${name}\
% if old:
 <span class="mn-chip mn-chip--outdated">${parts.icon("history")} revision ${old.number}</span>\
% elif fresh or not there:
 <span class="mn-chip mn-chip--accent">not saved yet</span>\
% endif
</h1>
    <p class="mn-head__sub">\
% if old:
saved ${parts.age(old.at)} by ${old.author}${f": {old.note}" if old.note else ""}\
% elif there:
revision ${latest.number}, saved ${parts.age(latest.at)} by ${latest.author}${f": {latest.note}" if latest.note else ""}\
% elif latest is not None:
deleted ${parts.age(latest.at)} by ${latest.author}; saving brings it back\
% else:
a new file\
% endif
</p>
  </div>
  <div class="mn-head__actions">
    % if cluster:
    <a class="btn btn-outline-secondary" href="${request.route_path('cluster', service=cluster[0], cluster=cluster[1])}">${parts.icon("clusters")} Cluster ${cluster[1]}</a>
    % endif
    % if writes and cluster:
    <a class="btn btn-outline-secondary" href="${request.route_path('config_form', path=path)}">${parts.icon("table")} Form</a>
    % endif
    % if revisions:
    <a class="btn btn-outline-secondary" href="${request.route_path('config_history', path=path)}">${parts.icon("history")} History</a>
    % endif
    % if writes and there:
    <a class="btn btn-outline-danger" href="#delete-dialog" data-dialog-open="delete-dialog">${parts.icon("delete")} Delete…</a>
    % endif
  </div>
</header>

% if refused:
<div class="mn-flash mn-flash--danger" role="alert">${parts.icon("error")}<p>Nothing was saved: ${show.count(sum(p["level"] == "error" for p in problems), "error")} below. Your text is kept.</p></div>
% endif
% if meanwhile:
<div class="mn-flash mn-flash--warning" role="alert">${parts.icon("warning")}<p>\
% if meanwhile["deleted"]:
Nothing was saved: ${meanwhile["who"]} deleted the file meanwhile. Your text is kept in the editor; saving brings the file back.\
% elif meanwhile["clashes"]:
Nothing was saved: ${meanwhile["who"]} saved revision ${meanwhile["number"]} meanwhile. Both changes are in the editor; in ${show.count(meanwhile["clashes"], "place")} you changed the same lines: there both stand between marks (&lt;&lt;&lt;&lt;&lt;&lt;&lt; and &gt;&gt;&gt;&gt;&gt;&gt;&gt;). Keep what is right, take the marks away, and save.\
% else:
Nothing was saved yet: ${meanwhile["who"]} saved revision ${meanwhile["number"]} meanwhile. Your changes and theirs fit together, and the editor holds both: look at them, and save.\
% endif
</p></div>
% endif

% if adopted:
<div class="mn-flash mn-flash--info" role="status">${parts.icon("info")}<div><p>Nothing is saved yet: the editor holds what would give ${adopted}. It counts for every task that gets it.</p>
% if cannot:
<ul>
% for left in cannot:
<li>${show.sentence(left)}</li>
% endfor
</ul>
% endif
</div></div>
% endif

% if old:
<section class="mn-panel" aria-labelledby="old-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="old-title">Text of revision ${old.number}</h2>
    % if frame.deployer:
    <div class="mn-panel__actions"><form method="post" action="${request.route_path('config_history', path=path)}">${parts.csrf()}<button class="btn btn-sm btn-outline-primary" name="revision" value="${old.number}">${parts.icon("history")} Restore revision ${old.number}</button></form></div>
    % endif
  </header>
  <textarea class="form-control mn-mono" rows="24" readonly data-editor data-readonly data-language="${language}" aria-label="Text of revision ${old.number}">${"\n" if text.startswith("\n") else ""}${text}</textarea>
</section>
% else:
<div class="${'mn-edit' if made else ''}">
<form method="post" action="${link}" class="mn-form" data-guard>
  ${parts.csrf()}
  <input type="hidden" name="based_on" value="${based_on}">
  <textarea class="form-control mn-mono" name="text" rows="28" data-editor data-language="${language}" data-path="${path}"\
% if writes:
 data-check-url="${request.route_path('config_check', path=path)}" data-words-url="${request.route_path('config_words', path=path)}"\
% else:
 readonly data-readonly\
% endif
 spellcheck="false" wrap="off" aria-label="Text of ${name}">${"\n" if text.startswith("\n") else ""}${text}</textarea>
  % if later:
  <p class="visually-hidden" role="status" data-arriving="findings"></p>
  % endif
  <div id="findings" data-arrived="${show.count(len(problems), "finding")} in the file."\
% if later:
 aria-busy="true" hx-get="${request.path_qs}" hx-trigger="load" hx-select="#findings" hx-swap="outerHTML"\
% endif
>
  % if later:
  <p class="mn-muted" role="status">Every file of its many tasks is being looked at …</p>
  % endif
  ${parts.problems(problems)}
  </div>
  % if writes:
  <div class="mn-field mn-field--save">
    <label class="form-label" for="note">What did you change? <span class="mn-field__opt">optional</span></label>
    <input class="form-control" id="note" name="note" maxlength="400" value="${note}" autocomplete="off">
  </div>
  <div class="mn-form__foot"><button class="btn btn-primary" name="do" value="save">${parts.icon("save")} Save</button><span class="mn-muted">Running tasks keep what they have until they are restarted.</span></div>
  % endif
</form>
% if made:
<aside class="mn-edit__aside" aria-label="Outline">${outlined.outline(made, path, writes)}</aside>
% endif
</div>
% endif

% if stretches:
<section class="mn-panel" aria-labelledby="diff-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="diff-title">${f"From revision {old.number} to now" if old else "From what is saved to your text"}</h2></header>
  ${beside.sides(stretches, f"Revision {old.number}" if old else "What is saved", "Now" if old else "Your text")}
</section>
% elif old:
<p class="mn-muted">It is the same as what is saved now.</p>
% endif
% if meanwhile:
% if meanwhile["theirs"]:
<section class="mn-panel" aria-labelledby="theirs-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="theirs-title">What ${meanwhile["who"]} changed</h2></header>
  ${beside.sides(meanwhile["theirs"], f"Revision {meanwhile['began']}" if meanwhile["began"] else "Before", f"Revision {meanwhile['number']}")}
</section>
% endif
% if meanwhile["mine"]:
<section class="mn-panel" aria-labelledby="mine-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="mine-title">What you changed</h2></header>
  ${beside.sides(meanwhile["mine"], f"Revision {meanwhile['began']}" if meanwhile["began"] else "Before", "Your text")}
</section>
% endif
% endif

% if not old and len(revisions) > 1:
<section class="mn-panel" aria-labelledby="history-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="history-title">Last changes</h2><div class="mn-panel__actions"><a href="${request.route_path('config_history', path=path)}">All</a></div></header>
  <div class="mn-panel__body"><ol class="mn-timeline">
    % for row in revisions:
    <li class="mn-timeline__item">${parts.age(row.at)}<p>\
% if row.content is None:
${row.author} deleted it\
% else:
<a href="${request.route_path('config_file', path=path, _query={'revision': row.number})}">Revision ${row.number}</a> by ${row.author}\
% endif
${f": {row.note}" if row.note else ""}</p></li>
    % endfor
  </ol></div>
</section>
% endif

% if writes and there:
<dialog class="mn-dialog mn-dialog--danger" id="delete-dialog" data-confirm data-confirm-expect="${name}" aria-labelledby="delete-title">
  <form method="post" action="${link}">${parts.csrf()}<input type="hidden" name="based_on" value="${latest.id}">
    <header class="mn-dialog__head"><h2 class="mn-dialog__title" id="delete-title">Delete ${name}?</h2></header>
    <div class="mn-dialog__body">
      <p>${"The cluster it describes can then no longer be started; tasks that are on hosts stay shown until they are cleaned up. " if cluster else ""}Its history stays and it can be restored.</p>
      <div class="mn-field"><label class="form-label" for="delete-name">Type <b class="mn-mono">${name}</b> to confirm</label>
        <input class="form-control mn-mono" id="delete-name" name="confirm" data-confirm-input autocomplete="off" autocapitalize="off" spellcheck="false"></div>
    </div>
    <footer class="mn-dialog__foot"><button type="button" class="btn btn-outline-secondary" data-dialog-close>Keep it</button><button class="btn btn-danger" name="do" value="delete" data-confirm-submit>Delete ${name}</button></footer>
  </form>
</dialog>
% endif
</div>
