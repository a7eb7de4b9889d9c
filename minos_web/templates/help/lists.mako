<%inherit file="/help/frame.mako"/>
<p>Hosts, <a href="${request.route_path('tasks')}">tasks</a>, operations and packages are lists of one kind. A list shows 50 rows; the filter reaches all of them, and everything you see is in the address: send it to somebody, and they see the same.</p>
<h2>Filter</h2>
<p>Words are looked for in names and addresses. A key and a value ask for one thing:</p>
<pre class="mn-code" tabindex="0">rack:r12 state:down role:datanode
state:down,degraded -cluster:test "a text: with a colon"</pre>
<p>Commas offer several values, a dash in front turns a condition round, quotes keep a text whole. The keys that a list knows stand below its filter while you type. What <em>View</em> offers are columns, the order and the rows to a page; <em>Filters</em> keeps what is shown under a name, and shows one of them first if you like. <em>CSV</em> holds all that fits.</p>
<h2>Many at once</h2>
<p>Tick rows (shift and click for a range), or choose all that fit the filter. You are shown first what would be done, and what is left alone with the reason; nothing happens before you confirm that.</p>
<h2>Live</h2>
<p>While your pointer, the focus or a tick is in the rows, they change in place and none of them moves. What no longer belongs there is dimmed, and what is new waits behind <em>3 new, show them</em>. Up and down go from row to row.</p>
