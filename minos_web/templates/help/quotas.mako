<%inherit file="/help/frame.mako"/>
<p>The tab <b>Quotas</b> of an HDFS cluster shows how many names (files and directories) and how much space each user may have, has, and has left. Space counts every copy of a file. A red cell says in a word what is wrong: <b>low</b>, <b>used up</b>, or <b>over</b> the quota.</p>
<dl class="mn-kv">
  <dt>When it is read</dt><dd>Every hour unless the console's ini says otherwise, after a quota was set, and at once with <b>Read now</b>. While no namenode is active nothing is read.</dd>
  <dt>When that fails</dt><dd>The numbers from before stay, with their age and the reason. It is tried again five minutes later; the third failure in a row is told.</dd>
  <dt>What needs a look</dt><dd>Less than 1 GB or 500 names left, or more than 80 % used; the ini may say otherwise. Who has no quota is well.</dd>
  <dt>Who hears of it</dt><dd>Those whom the routes of notifications name, and the user, at the addresses kept under <b>Addresses of HDFS users</b>.</dd>
  <dt>Further directories</dt><dd>Under <b>What is read</b>, at the foot of the page, operators name others beside the home directories, such as <code>/hbase</code>.</dd>
  <dt>Setting a quota</dt><dd>On the page of a directory, for administrators. The command is shown first; what it printed stands there afterwards.</dd>
</dl>
