<%inherit file="/help/frame.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<p>Every operation of the API, out of its own <a href="${request.route_path('api_openapi')}">description</a>. Choose one, fill in what it needs, and get the line for a shell. What only looks can be opened here: the browser sends it as you. What changes something is not sent from this page; its line needs a token of <a href="${request.route_path('account')}">your account</a>.</p>
% if chosen:
<section aria-labelledby="try-title">
<h2 id="try-title">${chosen.method.upper()} ${chosen.path}</h2>
<p>${chosen.summary}</p>
<form method="get" action="${request.route_path('help_page', page='try')}">
  <input type="hidden" name="operation" value="${chosen.name}">
  % for one in chosen.parameters:
  <%parts:field name="${one['name']}" label="${one['name']}" help="${one.get('description', '')}" optional="${not one.get('required')}">
    <input class="form-control mn-mono" id="${one['name']}" name="${one['name']}" value="${given.get(one['name'], '')}">
  </%parts:field>
  % endfor
  <button class="btn btn-primary">Make the line</button>
</form>
<h3>In a shell</h3>
<pre class="mn-code" tabindex="0">${curl}</pre>
% if chosen.method == "get" and whole:
<p><a class="btn btn-outline-secondary" href="${address}">Open ${address}</a></p>
% elif chosen.method == "get":
<p>Fill in the parts of its address to open it.</p>
% endif
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
