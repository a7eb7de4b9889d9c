## Pieces of the pages about the second step of signing in.
<%namespace name="parts" file="/parts.mako"/>

<%def name="secret(picture, text)">
<div class="mn-enrol">
  <div class="mn-enrol__picture" role="img" aria-label="${_("QR code of your secret")}">${picture | n}</div>
  <div class="mn-enrol__text">
    <p>${_("Scan the picture with an authenticator app on your phone, or type this secret into it:")}</p>
    <p><code class="mn-mono mn-enrol__secret" id="step-secret">${" ".join(text[i:i + 4] for i in range(0, len(text), 4))}</code></p>
  </div>
</div>
</%def>

<%def name="code(label, help, focus=False)">
${parts.text("code", label, "", help=help, mono=True, extra='autocomplete="one-time-code" autocapitalize="off" spellcheck="false" maxlength="40"' + (" autofocus" if focus else ""))}
</%def>

<%def name="recovery_codes(codes)">
<p>${_("Each of these codes signs you in once when your device is not at hand. They are not shown again: keep them where your device is not.")}</p>
<pre class="mn-enrol__codes" id="step-codes">${"\n".join(codes)}</pre>
<p><button type="button" class="btn btn-sm btn-outline-secondary" data-copy="#step-codes">${parts.icon("copy")} ${_("Copy")}</button></p>
</%def>
