<%inherit file="/help/frame.mako"/>
<p>Everything here can be done by programs as well, below <code>/api/v1</code>. Make a token on <a href="${request.route_path('account')}">your account page</a> and send it with each request:</p>
<pre class="mn-code" tabindex="0">curl -H "Authorization: Bearer $TOKEN" ${request.host_url}/api/v1/clusters</pre>
<p>Ask for an operation, and follow it:</p>
<pre class="mn-code" tabindex="0">curl -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \
  -d '{"action": "start"}' ${request.host_url}/api/v1/clusters/zookeeper/dptst/operations
curl -H "Authorization: Bearer $TOKEN" ${request.host_url}/api/v1/operations/1</pre>
<p>Upload a package:</p>
<pre class="mn-code" tabindex="0">curl -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/octet-stream" \
  --data-binary @apache-zookeeper-3.9.3-bin.tar.gz \
  "${request.host_url}/api/v1/packages?artifact=zookeeper&amp;revision=3.9.3&amp;name=apache-zookeeper-3.9.3-bin.tar.gz"</pre>
<p>Push values of your own programs, with the token of a <em>pusher</em>, which does this and nothing else; they stand on <a href="${request.route_path('counters')}">the page of counters</a>:</p>
<pre class="mn-code" tabindex="0">curl -H "Authorization: Bearer $PUSHER" -H "Content-Type: application/json" \
  -d '[{"group": "longhaul", "name": "writes", "value": 1200, "unit": "ops"}]' ${request.host_url}/api/v1/counters</pre>
<p>Errors are <code>{"error": {"code", "message", "field"}}</code> with the right status. The whole API is described at <a href="${request.route_path('api_openapi')}">${request.route_path('api_openapi')}</a>; figures for Prometheus are at <a href="${request.route_path('metrics')}">${request.route_path('metrics')}</a>.</p>
