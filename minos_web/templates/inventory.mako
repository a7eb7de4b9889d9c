<%inherit file="/layout.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%block name="crumbs">${parts.crumb(request.route_path('hosts'), "Hosts")}${parts.here("Inventory")}</%block>
<%
    here = request.route_path("inventory")
    query = [(name, value) for name, value in wanted.items() if value]
    def sorted_by(name):
        again = "-" + name if (wanted["sort"] or "host") == name else name
        return request.route_path("inventory", _query=[pair for pair in query if pair[0] != "sort"] + [("sort", again)])
    def order(name):
        sort = wanted["sort"] or "host"
        return ' aria-sort="ascending"' if sort == name else ' aria-sort="descending"' if sort == "-" + name else ""
%>
<div class="mn-stack">
<header class="mn-head"><div class="mn-head__text"><h1 class="mn-head__title">Inventory</h1><p class="mn-head__sub">${show.count(total, "machine")}: what their workers tell, and what is kept of them here</p></div>
  <div class="mn-head__actions">
    <a class="btn btn-outline-secondary" href="${request.route_path('heat')}">${parts.icon("heat")} Heat map</a>
    <a class="btn btn-outline-secondary" href="${request.route_path('inventory_csv', _query=query)}">${parts.icon("download")} Download CSV</a>
    % if frame.deployer:
    <a class="btn btn-outline-secondary" href="${request.route_path('inventory_import')}">${parts.icon("upload")} Import CSV</a>
    <a class="btn btn-primary" href="${request.route_path('inventory_machine')}">${parts.icon("add")} Add a machine</a>
    % endif
  </div></header>
<section class="mn-panel" aria-label="Machines">
  <div class="mn-panel__body">
  <form class="mn-filters" method="get" action="${here}">
    <label class="visually-hidden" for="q">Name, address, rack, location or description</label><input class="form-control form-control-sm" type="search" id="q" name="q" placeholder="Name, address, description" value="${wanted['q']}">
    ${choice("rack", "Rack", racks, "All racks")}
    % if places:
    ${choice("idc", "Location", places, "All locations")}
    % endif
    <label class="visually-hidden" for="which">Which</label><select class="form-select form-select-sm" id="which" name="which">
      % for value, words in which.items():
      <option value="${value}"${' selected' if value == wanted["which"] else ''}>${words}</option>
      % endfor
    </select>
    % if wanted["sort"]:
    <input type="hidden" name="sort" value="${wanted['sort']}">
    % endif
    <button class="btn btn-sm btn-outline-secondary">${parts.icon("filter")} Filter</button>
    % if query:
    <a class="btn btn-sm btn-link" href="${here}">Show all</a>
    % endif
  </form>
  </div>
  % if page.total:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards">
    <caption class="visually-hidden">Machines</caption>
    <thead><tr>
      % for name, text, number in (("host", "Host", 0), ("address", "Address", 0), ("rack", "Rack", 0), ("idc", "Location", 0), ("cores", "Cores", 1), ("memory", "Memory", 1), ("disks", "Disks", 1), ("ssds", "SSDs", 1)):
      <th scope="col"${' class="mn-num"' if number else '' | n}${order(name) | n}><a href="${sorted_by(name)}">${text}</a></th>
      % endfor
      <th scope="col">Description</th><th scope="col" class="mn-table__actions"><span class="visually-hidden">Change</span></th></tr></thead>
    <tbody>
    % for line in page.items:
    <tr><th scope="row" data-label="Host">\
% if line.host:
<a href="${request.route_path('host', name=line.name)}">${line.name}</a>\
% else:
${line.name} <span class="mn-chip" title="It is kept here, and no approved worker has this name or address">no worker</span>\
% endif
</th><td data-label="Address">${line.address or "–"}</td>
      <td data-label="Rack" class="mn-nowrap" title="${told_by[line.rack_from]}"><span>${line.rack or "–"}\
% if line.rack_from in ("worker", "address"):
 <span class="mn-muted">${"its worker" if line.rack_from == "worker" else "by address"}</span>\
% endif
</span></td><td data-label="Location">${line.kept("idc") or "–"}</td><td data-label="Cores" class="mn-num">${"–" if line.cores is None else line.cores}</td><td data-label="Memory" class="mn-num">${show.size(line.memory)}</td><td data-label="Disks" class="mn-num mn-nowrap">\
% if line.kept("disks") is None and line.kept("disk_gb") is None and line.mounts:
<span class="mn-muted" title="Its worker tells of ${", ".join(f"{mount} ({show.size(size)})" for mount, size in line.mounts.items())}">${show.count(len(line.mounts), "mount")}, ${show.size(sum(line.mounts.values()))}</span>\
% else:
${disks(line, "disks", "disk_gb")}\
% endif
</td><td data-label="SSDs" class="mn-num mn-nowrap">${disks(line, "ssds", "ssd_gb")}</td>
      <td data-label="Description" class="mn-table__words"><div>\
% if line.kept("note"):
<span class="mn-clamp" title="${line.kept('note')}">${line.kept("note")}</span>\
% elif not line.differs:
–\
% endif
% for words in line.differs:
<small class="mn-differs">${parts.icon("warning")} ${words}</small>\
% endfor
</div></td>
      <td class="mn-table__actions" data-label="">\
% if frame.deployer:
<a class="mn-iconbtn" href="${request.route_path('inventory_machine', _query={'host': line.machine.host if line.machine else line.name})}" aria-label="Change ${line.name}" title="Change">${parts.icon("edit")}</a>\
% endif
</td></tr>
    % endfor
    </tbody></table></div>
  <div class="mn-panel__body">${parts.pager(page, "machines")}</div>
  % elif total:
  <%parts:empty icon_name="hosts" heading="No machine fits"><p><a href="${here}">Show all machines</a></p></%parts:empty>
  % else:
  <%parts:empty icon_name="hosts" heading="No machines yet"><p>Hosts stand here once their workers are approved; machines without a worker can be kept as well.</p></%parts:empty>
  % endif
</section>
</div>

<%def name="choice(name, label, values, every)">
<label class="visually-hidden" for="${name}">${label}</label><select class="form-select form-select-sm" id="${name}" name="${name}"><option value="">${every}</option>
  % for value in values:
  <option value="${value}"${' selected' if value == wanted[name] else ''}>${value}</option>
  % endfor
</select>
</%def>
