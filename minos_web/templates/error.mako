<%inherit file="/layout.mako"/>
<div class="mn-empty mn-empty--error"><p class="mn-empty__code">${code}</p><h1>${message[:1].upper() + message[1:]}${"" if message.endswith((".", "?", "!")) else "."}</h1><p>${way_out}</p><p><a class="btn btn-outline-secondary" href="${request.route_path('home')}">Go to the clusters</a></p></div>
