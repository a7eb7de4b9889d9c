<%inherit file="/help/frame.mako"/>
<p>Rules judge hosts, racks, tasks, clusters and the console itself, all the time. What is bad for long enough becomes an alert: people are told once, and hear once more when it is over.</p>
<h2>The life of an alert</h2>
<dl class="mn-kv">
  <dt>Pending</dt><dd>A check was bad. Nobody is told before it was so three times in a row, and for as long as its rule says.</dd>
  <dt>Firing</dt><dd>It is so. Errors are counted at <b>Alerts</b>, at the left and on top of every page.</dd>
  <dt>Acknowledged</dt><dd>Somebody looks after it. Everybody sees who; <b>Take back</b> gives it free again. It stays open until it is good.</dd>
  <dt>Unknown</dt><dd>Nothing is told any more, so nobody knows whether it is over. It is never taken for good.</dd>
  <dt>Muted</dt><dd>It is shown, and nobody hears of it: a silence, maintenance, an operation that explains it, because it comes and goes all the time, or because it is a symptom of something else. The reason stands beside it.</dd>
  <dt>Resolved</dt><dd>It is over. It stands in the <a href="${request.route_path('alerts_history')}">history</a> with its events and notes.</dd>
</dl>
<h2>Incidents</h2>
<p>A host that is lost takes its tasks with it: that is one incident, and the tasks are its symptoms, folded under it. When the host is back and a task is still wrong, the task has an alert of its own.</p>
<h2>The page of an alert</h2>
<p>What, where, since when and why; its figure around the moment that it began; and what changed in the half hour before: operations, saved configuration, maintenance, tasks that came and went. Below it is what to do, as its rule says. Write down what you found: the note stays with the alert.</p>
<h2>Silences</h2>
<p>Begin one on <a href="${request.route_path('silences')}">its page</a>, or from an alert, which fills in what it is about. It needs a reason and an end. An empty field fits everything. It can be ended at any time, and planned ahead.</p>
<h2>Rules</h2>
<p>Services bring their rules. Of these a site changes when they are bad, for how long, their level, and whether they are on; <b>As shipped</b> undoes that. A <a href="${request.route_path('alert_rules')}">rule of your own</a> names a figure and when it is bad:</p>
<dl class="mn-kv">
  <dt><code>&gt; 90 %</code></dt><dd>More than that. Also <code>&gt;=</code>, <code>&lt;</code>, <code>&lt;=</code>, <code>=</code>, <code>!=</code>; with a unit of the figure: <code>&lt; 1 GiB</code>, <code>&gt; 2 min</code>.</dd>
  <dt><code>outside 1..5</code></dt><dd>Less than the first or more than the second number; <code>inside 1..5</code> is the other way round.</dd>
  <dt><code>rate &gt; 10</code></dt><dd>Growth per second, of figures that only grow.</dd>
  <dt><code>is down or degraded</code></dt><dd>A word; <code>is not</code> for any but these.</dd>
  <dt><code>&gt; 5 and &lt; 9</code></dt><dd>Both; with <code>or</code> one of them.</dd>
</dl>
<p><b>Over when</b> keeps an alert from coming and going: bad above 90 and over below 85 does not flap at 90. <b>Back-test</b> shows when a rule would have fired over the stored history, how often it would have flapped, and how many times people would have been told, before anything is saved.</p>
