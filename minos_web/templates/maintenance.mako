## Maintenance of a host or cluster: what there is, and the form to begin it.
<%namespace name="parts" file="/parts.mako"/>

## ``notes`` are (job or "", note); ``jobs`` those that can be chosen, empty for a host.
<%def name="told(notes, address, may)">
% for job, note in notes:
<div class="mn-flash mn-flash--info mn-maintenance" role="note">${parts.icon("status-maintenance")}<p><b>${job or "All of it"}</b> is in maintenance since ${parts.age(note["at"])}, by ${note["by"]}${f": {note['reason']}" if note["reason"] else ""}${f"; until {show.utc(note['until'])}" if note["until"] else ""}. Nobody is called for it.</p>
  % if may:
  <form method="post" action="${address}">${parts.csrf()}<input type="hidden" name="job" value="${job}"><button class="btn btn-sm btn-outline-secondary" name="end" value="1">End maintenance</button></form>
  % endif
</div>
% endfor
</%def>

<%def name="dialog(address, what, jobs=())">
<dialog class="mn-dialog" id="maintenance-dialog" aria-labelledby="maintenance-title">
  <form method="post" action="${address}">
    ${parts.csrf()}
    <header class="mn-dialog__head"><h2 class="mn-dialog__title" id="maintenance-title">Maintenance of ${what}</h2></header>
    <div class="mn-dialog__body">
      <p>What is wrong with it is still shown, marked, and counts as no fault. Starting and stopping go on as ever.</p>
      % if jobs:
      <div class="mn-field"><label class="form-label" for="maintenance-job">Of</label>
        <select class="form-select" id="maintenance-job" name="job"><option value="">all of it</option>
        % for job in jobs:
        <option>${job}</option>
        % endfor
        </select></div>
      % endif
      ${parts.text("reason", "Why", optional=True, extra='maxlength="200" autocomplete="off"')}
      ${parts.text("hours", "Hours", help="It ends by itself then. Empty: when somebody ends it.", optional=True, extra='inputmode="decimal" autocomplete="off"')}
    </div>
    <footer class="mn-dialog__foot"><button type="button" class="btn btn-outline-secondary" data-dialog-close>Go back</button><button class="btn btn-primary">Begin</button></footer>
  </form>
</dialog>
</%def>
