<%inherit file="/help/frame.mako"/>
<p>The emergency brake freezes whatever would change a cluster: one of them, or all. It is for the moment in which nobody knows yet what goes wrong, and nothing more should move. Operators <a href="${request.route_path('brake')}">pull and release it</a>; a pull needs a reason, a release the cluster's name typed.</p>
<h2>What it stops</h2>
<ul>
  <li>New operations, client commands, and clearing logs are refused with a sentence that says who pulled it and why. So are resuming and retrying.</li>
  <li>Operations under way stand still where they are: what is with a worker settles, nothing more is sent, and nothing fails by it. They go on when it is released.</li>
  <li>Schedules and automatic restarts leave out what would come due, with that reason.</li>
</ul>
<h2>What goes on</h2>
<ul>
  <li>What runs. A task that ends by itself is started again by its worker, as ever: the brake stops operations, not supervision.</li>
  <li>Looking: logs, states, figures, plans, and asking tasks how they are.</li>
  <li>Writing configuration and uploading packages: that changes no cluster by itself.</li>
</ul>
<h2>Workers</h2>
<p>Every worker remembers the brake and refuses by itself, also when it starts anew while the console is away. The page of the brake says which workers have not said so yet, and why.</p>
