<%inherit file="/help/frame.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<p>What pages are made of, drawn by the same parts as everywhere. The button at the foot of the menu shows it in the other of light and dark. The rules behind it are in the documentation, <code>docs/design.md</code>.</p>
<h2>States</h2>
<p>An icon, a word, and since when: never a colour alone.</p>
<dl class="mn-kv">
  % for badge, words in badges:
  <dt>${parts.status(badge)}</dt><dd>${words}</dd>
  % endfor
  <dt>${parts.status(stale)}</dt><dd>Told too long ago to be believed: it fades, and says how old it is.</dd>
</dl>
<h2>Rows of blocks</h2>
<ul class="mn-blocks">
  % for badge, words in badges:
  ${parts.block(badge.kind, badge.word)}
  % endfor
</ul>
<h2>Why</h2>
${parts.why("down", "exit code 1, 3 times in a minute")}
${parts.why("degraded", "2 of 3 run")}
${parts.why("info", "It counts from the next start on.")}
<h2>Buttons</h2>
<p><button type="button" class="btn btn-primary">The one thing to do</button> <button type="button" class="btn btn-outline-secondary">Another thing</button> <button type="button" class="btn btn-outline-danger">What hurts…</button> <button type="button" class="btn btn-danger">Yes, do it</button> <button type="button" class="btn btn-outline-secondary" disabled>Not now</button></p>
<h2>Forms</h2>
<form>
${parts.text("sample", "A field that must be filled in", value="", help="What it is for.")}
${parts.text("sample-wrong", "A field that is wrong", value="10.0.0", error="10.0.0 is no address; write four numbers, such as 10.0.0.11.")}
${parts.text("sample-optional", "A field that may stay empty", optional=True)}
</form>
<h2>Flashes</h2>
% for kind in flashes:
${parts.flash(kind, f"This is {kind}.")}
% endfor
<h2>A table in a panel</h2>
<section class="mn-panel" aria-labelledby="sample-title">
  <header class="mn-panel__head"><h3 class="mn-panel__title" id="sample-title">Tasks</h3></header>
  <div class="mn-tablewrap" tabindex="0" role="region" aria-label="Tasks, an example"><table class="mn-table"><thead><tr><th scope="col">Task</th><th scope="col">State</th><th scope="col">CPU</th><th scope="col">Heard</th></tr></thead>
  <tbody>
    % for at in range(3):
    <tr><th scope="row">zookeeper/${at}</th><td>${parts.status(badges[at][0])}</td><td>${parts.meter(20.0 + 30 * at, f"{20 + 30 * at} %")}</td><td>${parts.age(now)}</td></tr>
    % endfor
  </tbody></table></div>
</section>
<h2>Nothing yet</h2>
<%parts:empty icon_name="clusters" heading="No cluster yet"><p>It says what to do now, with the button for it.</p></%parts:empty>
<h2>Figures</h2>
<p>${parts.meter(42.0, "42 %")} ${parts.meter(82.0, "82 %")} ${parts.meter(97.0, "97 %")} ${parts.meter(None, "")}</p>
