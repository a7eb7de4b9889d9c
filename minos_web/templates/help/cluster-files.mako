<%inherit file="/help/frame.mako"/>
<p>A cluster is one readable file, <code>conf/&lt;service&gt;/&lt;service&gt;-&lt;cluster&gt;.cfg</code>, in the <a href="${request.route_path('config_tree')}">configuration</a>. It inherits what clusters of its kind share from a base file and says the rest.</p>
<pre class="mn-code" tabindex="0">[cluster]
  name=dptst
  version=3.9.3
  jobs=zookeeper

[zookeeper]
  base_port=12000
  host.0=10.0.0.11
  host.1=10.0.0.12
  host.2=10.0.0.13
  [[arguments]]
    jvm_args=-Xmx1g

[configuration]
  base=&#37;{config_dir}/conf/zookeeper/common/zookeeper-tst.cfg
  [[zookeeper.cfg]]
    max_client_cnxns=200</pre>
<dl class="mn-kv">
  <dt><code>[cluster]</code></dt><dd>Name, version of the package, and the jobs that this cluster has.</dd>
  <dt><code>[&lt;job&gt;]</code></dt><dd>A section for each job. <code>base_port</code> is a multiple of 100; the job's other ports follow it. <code>host.N</code> lines name hosts by address; <code>N</code> is for ever that host's number.</dd>
  <dt><code>[[arguments]]</code></dt><dd><code>jvm_args</code>, <code>system_properties</code>, <code>main_entry</code>, <code>extra_args</code>: added to those of the base file; the same flag again replaces its value.</dd>
  <dt><code>start_at_boot</code>, <code>limit_nofile</code>, <code>limit_core</code></dt><dd>In <code>[cluster]</code>, or for one job in its section: whether tasks that ran come back by themselves after a reboot of their host (<code>yes</code> unless you say <code>no</code>), how many files they may open, how large a core dump may be.</dd>
  <dt><code>[configuration]</code></dt><dd><code>base</code> names the file to inherit from. Each <code>[[file]]</code> below becomes a file next to the process.</dd>
  <dt><code>&#37;{…}</code></dt><dd>Values that Minos knows: <code>&#37;{current_host}</code>, <code>&#37;{cluster.name}</code>, <code>&#37;{zookeeper.base_port+1}</code>, <code>&#37;{zk.hosts_with_port}</code>, <code>&#37;{zookeeper.data_dir}</code> …</dd>
  <dt><code>$run_dir</code></dt><dd>What only the host knows when it starts the process: <code>$run_dir</code>, <code>$log_dir</code>, <code>$data_dir</code>, <code>$package_dir</code>.</dd>
</dl>
<p>What a task really gets stands under Files on its page, before anything is sent. Saving makes a new revision; old ones can be looked at, compared and restored from the file's history. An operation uses the revision of the moment it was asked for.</p>
<h2>The editor</h2>
<dl class="mn-kv">
  <dt>Words</dt><dd>Type, or press <kbd>Ctrl</kbd>+<kbd>Space</kbd>: sections, jobs, keys (with their default, or what a base says) and <code>&#37;{…}</code> with what it stands for. <kbd>Ctrl</kbd>+<kbd>F</kbd> searches.</dd>
  <dt>Mistakes</dt><dd>Marked at their lines as you type; an error keeps the file from being saved, a warning does not.</dd>
  <dt>Outline</dt><dd>Beside the text: its sections, the files it builds on with the keys that a nearer file replaces, and the files that build on it.</dd>
  <dt>Saving</dt><dd><kbd>Ctrl</kbd>+<kbd>S</kbd>. If somebody else saved the file since you opened it, nothing is overwritten: both changes come into the editor, with marks only where both of you changed the same lines.</dd>
  <dt>Form</dt><dd>Version, package, ports, hosts, instances and heaps without the text. Only what you change is written.</dd>
</dl>
<h2>Out of service, and signed in</h2>
<p><code>host.3=10.0.0.4/decommission=yes</code> says that the tasks of this job on this host are decommissioned; the action <b>Decommission</b> writes it. A path <code>&#37;{task.run_dir}/hdfs.keytab</code> gets the keytab of that name, which an administrator gives on the cluster's page <b>Keytabs</b>.</p>
