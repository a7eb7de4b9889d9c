<%inherit file="/help/frame.mako"/>
<p><a href="${request.route_path('notifications')}">Notifications</a> says who hears of what. An administrator makes channels and routes; everybody sees what went out.</p>
<dl class="mn-kv">
  <dt>Channel</dt><dd>A way to people: a mail server, a webhook, or a service that Apprise knows. Addresses of webhooks and kinds of Apprise must be listed in the ini. Passwords, addresses and secrets are sealed and not shown again.</dd>
  <dt>Route</dt><dd>Which news go over which channel. Routes are asked from the top, and the first that fits decides, unless it says to ask the next one too. The last is that of the ini, if it names a mail server and addresses.</dd>
  <dt>Escalation</dt><dd>Another channel that hears after some minutes, unless somebody acknowledged the alert, or it was over, by then.</dd>
  <dt>The end</dt><dd>Goes to those who heard of the beginning, whatever the hour.</dd>
  <dt>At most</dt><dd>So many messages go to the same people in so many minutes. What is more waits a moment and goes as one message; nothing is dropped.</dd>
</dl>
<h2>What became of a message</h2>
<dl class="mn-kv">
  <dt>waits</dt><dd>It is its turn later: it is collected, an escalation, or there were too many.</dd>
  <dt>is tried again</dt><dd>The channel did not take it. It goes as soon as that is back, for a day, in order.</dd>
  <dt>sent</dt><dd>The mail server or service took it. Whether somebody reads it, nobody here knows.</dd>
  <dt>given up</dt><dd>A day of attempts was in vain, or its channel was deleted.</dd>
  <dt>not needed</dt><dd>An escalation that somebody's acknowledgement made needless.</dd>
</dl>
<h2>When nothing comes</h2>
<p>Press <b>Test</b> at the channel: what the server said stands there at once. Then look under <b>Who would hear?</b> The page warns in red of clusters of which nobody would hear. What webhooks get, and how to check its signature, is told in <code>docs/notifications.md</code>.</p>
