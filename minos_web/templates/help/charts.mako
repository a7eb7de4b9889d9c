<%inherit file="/help/frame.mako"/>
<p>Charts stand on the page of every host, cluster and task, and a cluster's page <b>Charts</b> has one for every job. The bar above them drives all charts of a page; its choices stand in the page's address, so a link shows everybody the same.</p>
<dl class="mn-kv">
  <dt>Range</dt><dd>A button for the last 15 minutes to 30 days, or any two times behind the calendar: date and time of your own clock, a time of today, or <code>now</code>. The browser's <b>back</b> undoes a choice.</dd>
  <dt>Zoom</dt><dd>Draw over a part of any chart with the mouse: all of them show that part. The looking-glass shows twice as much again.</dd>
  <dt>Live, Paused</dt><dd>Live charts follow the time. Press it, and they stand still where they are.</dd>
  <dt>Compare</dt><dd>The same lines an hour, a day or a week before: fainter, dashed, and beside each value.</dd>
  <dt>Lines</dt><dd>A chart shows its ten highest lines by mean, newest or highest value, and says how many more there are. Press a name to hide its line, <b>only</b> to see nothing else.</dd>
  <dt>Events</dt><dd>Upright lines where an operation began or ended, a task failed, stopped or ran again, a configuration was saved, or maintenance began. Below the charts they stand as a list.</dd>
  <dt>Gaps</dt><dd>Where nothing was measured there is no line. A chart never fills in what it does not know.</dd>
  <dt>Files</dt><dd>Behind the dots of a chart: its numbers as a table or a CSV file, its picture as a PNG file.</dd>
  <dt>Keys</dt><dd>Tab to a chart: the left and right arrow move the cursor (with Shift, ten times as far), <code>+</code> and <code>-</code> zoom.</dd>
</dl>
