<%namespace name="parts" file="/parts.mako"/>
<%def name="panel(spread, package, title)">
<section class="mn-panel" aria-labelledby="spread-title" id="spread">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="spread-title">${title}</h2><p class="mn-panel__note">${spread.whole} of ${show.count(spread.total, "host")} ${"has" if spread.whole == 1 else "have"} all of it</p></header>
  <div class="mn-panel__body"><dl class="mn-kv">
    <dt>From the console</dt><dd>${show.size(spread.from_console)}, ${f"{spread.times:.1f}"} times the package</dd>
    <dt>From host to host</dt><dd>${show.size(spread.from_hosts)}</dd>
    <dt>Used again</dt><dd>${show.size(spread.from_own)} lay on the hosts already, in other packages</dd>
  </dl></div>
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Hosts that fetched ${package.name}</caption>
    <thead><tr><th scope="col">Host</th><th scope="col">Rack</th><th scope="col">Has</th><th scope="col" class="mn-num">From the console</th><th scope="col" class="mn-num">From other hosts</th><th scope="col" class="mn-num">Used again</th></tr></thead>
    <tbody>
    % for line in spread.lines:
    <tr id="spread-${line.host}">
      <th scope="row" data-label="Host">${parts.on_all(request.route_path('host', name=line.host), line.host)}</th>
      <td data-label="Rack">${line.rack}</td>
      <td data-label="Has"><span class="mn-has"><progress class="mn-progress${' mn-progress--changing' if line.fetching else ' mn-progress--done' if line.fraction == 1 else ''}" max="1" value="${line.fraction}" aria-label="Part of the package on ${line.host}"></progress> <span>${round(line.fraction * 100)} %${"" if line.fetching or line.fraction == 1 else ", stopped"}</span></span></td>
      <td data-label="From the console" class="mn-num">${show.size(line.from_console)}</td>
      <td data-label="From other hosts" class="mn-num">${show.size(line.from_hosts)}</td>
      <td data-label="Used again" class="mn-num">${show.size(line.from_own)}</td>
    </tr>
    % endfor
    % if spread.hidden:
    <tr><td colspan="6" class="mn-muted">and ${spread.hidden} more: <a href="${request.current_route_path(_query={'all': '1'})}">show every host</a></td></tr>
    % endif
    </tbody>
  </table></div>
</section>
</%def>
