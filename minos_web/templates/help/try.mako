<%inherit file="/help/frame.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<p>Every operation of the API, out of its own <a href="${request.route_path('api_openapi')}">description</a>. Choose one, fill in what it needs, and send it from here, or take the line to a shell; that one needs a token of <a href="${request.route_path('account')}">your account</a>. Whatever is sent is done: there is no test console behind this page.</p>
% if chosen:
<section class="mn-stack" aria-labelledby="try-title" data-try data-method="${chosen.method.upper()}" data-path="${chosen.whole_path}" data-kind="${chosen.kind}">
<h2 id="try-title">${chosen.method.upper()} ${chosen.path}</h2>
<p>${chosen.summary}</p>
<form method="get" action="${request.route_path('help_page', page='try')}" data-try-form>
  <input type="hidden" name="operation" value="${chosen.name}">
  % for one in chosen.parameters:
  <%parts:field name="${one['name']}" label="${one['name']}" help="${one.get('description', '')}" optional="${not one.get('required')}">
    <input class="form-control mn-mono" id="${one['name']}" name="${one['name']}" value="${given.get(one['name'], '')}" data-in="${one['in']}" autocomplete="off" autocapitalize="off" spellcheck="false">
  </%parts:field>
  % endfor
  <div class="mn-form__foot"><button class="btn btn-outline-secondary">Make the line</button></div>
</form>
% if chosen.is_text:
<%parts:field name="try-body" label="Body" help="${chosen.kind}; an example that can be changed">
  <textarea class="form-control mn-mono" id="try-body" rows="${min(18, max(3, chosen.body.count(chr(10)) + 1))}" spellcheck="false" autocomplete="off" data-try-body>${chosen.body}</textarea>
</%parts:field>
% elif chosen.kind:
<%parts:field name="try-file" label="File" help="${chosen.kind}">
  <input class="form-control" id="try-file" type="file" data-try-file>
</%parts:field>
% endif
<h3>In a shell</h3>
<pre class="mn-code" tabindex="0" data-try-line data-origin="${request.host_url}">${curl}</pre>
<h3>From here</h3>
<form class="mn-form" data-try-send autocomplete="off">
  <%parts:field name="try-token" label="With a token" help="Without one it is sent as you, with your session." optional="${True}">
    <input class="form-control mn-mono" id="try-token" type="password" autocomplete="off" data-try-token>
  </%parts:field>
  % if chosen.method != "get":
  <label class="form-check"><input class="form-check-input" type="checkbox" required data-try-sure> This changes things on this console, and it is meant</label>
  % endif
  <div class="mn-form__foot"><button class="btn ${'btn-primary' if chosen.method == 'get' else 'btn-danger'}">Send ${chosen.method.upper()}</button>
  % if chosen.method == "get" and whole:
  <a class="btn btn-outline-secondary" href="${address}">Open ${address}</a>
  % endif
  </div>
  <noscript><p class="mn-muted">Sending needs a script; the line above does not.</p></noscript>
</form>
<div class="mn-stack" data-try-answer hidden>
  <h3>Answer</h3>
  <p role="status"><b data-try-status></b> <span class="mn-muted" data-try-time></span></p>
  <p data-try-prove hidden><a href="${request.route_path('confirm', _query={'next': request.path_qs})}">Confirm that it is you</a>, then send it again.</p>
  <pre class="mn-code" tabindex="0" data-try-text></pre>
  <details><summary>Headers</summary><pre class="mn-code" tabindex="0" data-try-headers></pre></details>
</div>
</section>
% endif
% for tag, operations in tags.items():
<h2>${tag}</h2>
<dl class="mn-kv">
  % for one in operations:
  <dt><code>${one.method.upper()}</code> <a href="${request.route_path('help_page', page='try', _query={'operation': one.name})}"><code>${one.path}</code></a></dt><dd>${one.summary}</dd>
  % endfor
</dl>
% endfor
