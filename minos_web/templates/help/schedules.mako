<%inherit file="/help/frame.mako"/>
<p>A <a href="${request.route_path('schedules')}">schedule</a> has something done at certain times: an operation, a look at every task, a row count, a client command, a round of quotas, a report. What it begins is an operation or a command like any other, with its page, its steps and its audit.</p>
<h2>What can be scheduled, and what cannot</h2>
<p>Rolling updates, restarts, starts, stops, installing, and the procedures of a service, such as compacting a table of HBase. Cleaning up deletes data, a bootstrap begins it anew, and who leaves a cluster is a decision: somebody has to look at these, so a timetable does not do them. What stops tasks asks for the cluster's name when it is saved.</p>
<h2>When</h2>
<dl class="mn-kv">
  <dt>At a time of the day</dt><dd>On all or some days of the week, by the clocks of the zone.</dd>
  <dt>Every so many</dt><dd>Minutes, hours or days, counted from a first time, whatever the clocks do.</dd>
  <dt>Once</dt><dd>At one date and time.</dd>
  <dt>Cron</dt><dd>Minute, hour, day of the month, month, day of the week, as cron of Debian reads them.</dd>
</dl>
<p>When clocks go on, a time of the day that they leave out comes at that moment; when they go back, a time that they show twice comes at the first of the two. What runs every hour or every few minutes goes on as it did: none is added and none left out.</p>
<h2>Hours, and what is in the way</h2>
<p>With hours, times outside of them are left out, and what finds another operation open on its cluster waits until they end. Without hours it waits for an hour. What could not begin is left out and told. A schedule does one thing at a time: a time that comes while the one before has not ended is left out, or waits its turn where each is made up for.</p>
<h2>When the console was down</h2>
<p>Within five minutes nothing is late. Beyond, a schedule leaves out what it missed, makes up for it once, or for each of the ten newest; with hours, in the next ones. No time is ever done twice, however often a console is killed or another one takes over.</p>
<h2>In whose name</h2>
<p>It is done in the name of who saved it last, and their role is looked at each time: who may not operate any more does nothing any more, and the schedule says so until somebody who may saves it again.</p>
<h2>When it fails</h2>
<p>People hear of it once, and again when it works. An operation that stands still and asks is told as well: at that hour nobody looks. Who cancels it knows, so nobody is told.</p>
<h2>The timetable</h2>
<p>Below the schedules stand the console's own rounds: when each ran last, how long it took, how often it failed. A watchdog starts what starts them again when it has died, and tells people. <code>/healthz</code> names rounds that are late.</p>
