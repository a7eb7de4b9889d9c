<%inherit file="/help/frame.mako"/>
<dl class="mn-kv">
  <dt>Install</dt><dd>Fetches and unpacks the package on every host beforehand. Nothing runs from it until it is sent.</dd>
  <dt>Bootstrap</dt><dd>For tasks that never ran: makes directories, brings package and files, does what is done once (such as ZooKeeper's <code>myid</code>), and starts. Refused when a log or data directory is not empty.</dd>
  <dt>Start</dt><dd>Starts what does not run. A running task is left alone, so a repeat is harmless.</dd>
  <dt>Stop</dt><dd>Asks the process to end and, when it does not in time, ends it. Data stays.</dd>
  <dt>Restart</dt><dd>Stops all chosen tasks, then starts them.</dd>
  <dt>Rolling update</dt><dd>Restarts the tasks that run one batch after another, with new package and configuration if you want. Between the batches it looks at facts that the daemons tell themselves.</dd>
  <dt>Decommission</dt><dd>Takes tasks out of service without loss: the cluster file says so, those who must know are told, what the tasks hold goes to others, then they are stopped. They stay out of whatever is done with the cluster.</dd>
  <dt>Recommission</dt><dd>Takes them back into service, and starts them.</dd>
  <dt>Show</dt><dd>Asks every task how it is. Changes nothing.</dd>
  <dt>Upgrade</dt><dd>Of workers, not of a cluster: each starts again as another release of itself. What it supervises runs on.</dd>
  <dt>Clean up</dt><dd>Deletes log and data of stopped tasks, for ever. Asks for the cluster's name and its cleanup password.</dd>
</dl>
<h2>Waves and steps</h2>
<p>An operation is a list of waves; a wave is a list of steps, one for each task. The steps of a wave go together, the waves one after another. A step that fails ends the operation after the steps already under way; nothing more is begun. An upgrade of workers stands still instead: try the failed hosts again, go on without them, or cancel.</p>
<h2>Rolling updates</h2>
<p>Before anything is touched, and again after each batch, the facts of the job must hold: that those restarted answer and are members again, that there is one leader, that no more blocks are missing than before. What was found is kept with each step, under <b>Facts</b>. A fact that does not come before <b>Give up after</b> is over makes the operation stand still, and says which fact it was: <b>Look again</b> waits for it anew, <b>Go on all the same</b> leaves it, <b>Cancel</b> ends the operation. What was stopped is started again however it ends. The one that leads is restarted last.</p>
<p><b>Go back</b>, on the page of an operation that brought something, plans a rolling update with the package and the configuration from before it.</p>
<h2>What depends on it</h2>
<p>Before a stop, a restart or a rolling update the page says how many of a job are left meanwhile and which clusters need this one. What would break a quorum, take the last of two, or stop what others need is not done unless an administrator ticks that it is to be done all the same.</p>
<h2>One at a time</h2>
<p>A cluster has one open operation at most. A second one is refused with a link to the first.</p>
<h2>Pause, cancel, retry</h2>
<p>Pause lets steps under way end and begins nothing more until you resume. Cancel also asks running steps to stop. Retry opens a failed or cancelled operation again: steps that are done stay done. Where an upgrade stands still, retry tries only what failed.</p>
<h2>When the console goes away</h2>
<p>Operations live in the database, reports in the workers' journals. A console that was killed goes on where it was when it is started again, and no step runs twice.</p>
