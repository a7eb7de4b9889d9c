<%inherit file="/help/frame.mako"/>
<p>From an empty console to a running service.</p>
<h2>1. Hosts</h2>
<p><a href="${request.route_path('hosts_add')}">Add hosts</a> makes a line for each host that installs its worker, starts it and lets it in; then it shows them arrive, says what they lack, and can give them to a cluster.</p>
<p>By hand: install Minos on the host and write a <code>worker.ini</code> with the console's endpoint and public key, then run <code>minos-worker worker.ini</code>. The worker dials in and waits on the <a href="${request.route_path('hosts')}">hosts page</a>. Run <code>minos-worker --fingerprint worker.ini</code> on the host, compare what it prints with the page, and approve. Until then the worker may say hello and nothing else.</p>
<h2>2. Package</h2>
<p><a href="${request.route_path('packages')}">Upload</a> the service's tarball, for ZooKeeper the official <code>apache-zookeeper-…-bin.tar.gz</code>. The artifact names the kind of package, the revision says what it was built from. Every host checks size and SHA-256 before it uses one.</p>
<h2>3. Cluster file</h2>
<p><a href="${request.route_path('clusters_new')}">New cluster</a> asks in five steps for service, package, hosts, ports and memory, and recommends each from what is free on your hosts. What you said is kept: go back, or come back tomorrow. The last step shows the description in the editor, where mistakes are marked at their lines while you type, checks with how to mend what fails, and the plan. Creating it changes nothing on any host.</p>
<h2>4. Bootstrap</h2>
<p>In the last step of the wizard, or later on the cluster's page, press Bootstrap. You see what will happen before you confirm. First every host is checked: ports free, directories empty, room on the disk, Java there. Only when all pass, anything is touched.</p>
<p>Keep the cleanup password: without it the data of the cluster cannot be deleted from here.</p>
<h2>5. Every day</h2>
<p>Start, stop and restart the whole cluster, or tick tasks to act on these alone. The <a href="${request.route_path('operations')}">operations</a> list keeps who did what, with every step's message.</p>
