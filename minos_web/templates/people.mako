## Pieces of the pages about users.
<%namespace name="parts" file="/parts.mako"/>

<%def name="shown_once(what, secret, note)">
<section class="mn-panel mn-once" aria-labelledby="once-title">
  <div class="mn-panel__body">
    <h2 class="mn-panel__title" id="once-title">${parts.icon("key")} ${what}</h2>
    <p class="mn-once__line"><code class="mn-mono" id="once">${secret}</code> <button type="button" class="btn btn-sm btn-outline-secondary" data-copy="#once">${parts.icon("copy")} Copy</button></p>
    <p class="mn-muted">${note}</p>
  </div>
</section>
</%def>

<%def name="select(bound)">
<div class="mn-field">
  <label class="form-label" for="${bound.name}">${bound.label.text}</label>
  <select class="form-select${' is-invalid' if bound.errors else ''}" id="${bound.name}" name="${bound.name}"${f' aria-describedby="{bound.name}-help"' if bound.description else '' | n}>
    % for value, text in bound.choices:
    <option value="${value}"${' selected' if value == bound.data else ''}>${text}</option>
    % endfor
  </select>
  % if bound.description:
  <p class="mn-field__help" id="${bound.name}-help">${bound.description}</p>
  % endif
  ${parts.field_error(bound.name, " ".join(str(e) for e in bound.errors))}
</div>
</%def>

<%!
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("Mac OS", "macOS"), ("Linux", "Linux"))
%>
<%def name="browser(text)">\
<%
    name = next((word for mark, word in BROWSERS if mark in text), text[:40] or "unknown browser")
    system = next((word for mark, word in SYSTEMS if mark in text), "")
%>\
${name}${f" on {system}" if system else ""}\
</%def>
