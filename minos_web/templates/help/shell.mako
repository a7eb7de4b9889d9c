<%inherit file="/help/frame.mako"/>
<p>A cluster's page <b>Shell</b> runs client commands of its service on one of its hosts, with the configuration that the description gives now.</p>
<dl class="mn-kv">
  <dt>What follows it</dt><dd>Words, split as a shell does it. No shell is asked: <code>$(…)</code>, <code>|</code> and <code>&gt;</code> are plain text. <code>$run_dir</code> is the directory in which it runs, where the files that you give lie; <code>$package_dir</code> the package.</dd>
  <dt>Output</dt><dd>Comes while it runs, and stays for 30 days. It goes on when you close the page.</dd>
  <dt>Lines</dt><dd>A command that reads, such as HBase's shell, is given one line at a time. Arrow keys bring earlier ones back; Ctrl-D on an empty line, or <b>End of input</b>, says that there is no more. What is typed is kept: no passwords.</dd>
  <dt>End it</dt><dd>Kills it with all it started. Its time is an hour unless you say otherwise.</dd>
  <dt>Who may</dt><dd>Operators; what carries out any code it is given is for administrators.</dd>
</dl>
<h2>Kept commands</h2>
<p>On the page of a run that is over, <b>Keep this command under a name</b> puts it on the shell's page of every cluster of the service.</p>
<h2>Procedures</h2>
<p>Under <b>More</b> on a cluster's page stand commands that belong together, such as making a home directory or balancing blocks. They are an operation like any other: its page shows every command with its output, and cancel ends it.</p>
<h2>Client packs</h2>
<p><b>More</b>, <b>Download a client pack</b> is the cluster's package with its configuration and a script: unpack it anywhere with a java, and run <code>minos/&lt;service&gt;-&lt;cluster&gt;/run</code> with a command.</p>
