## Step 3 of the wizard for a new cluster: who runs where.
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="wizard" file="/wizard_parts.mako"/>

<%def name="questions()">
${wizard.notes(notes, go=False, title="What was found", id="found")}
<section class="mn-panel" aria-labelledby="hosts-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="hosts-title">Hosts of each job</h2>
    <p class="mn-panel__note">${", ".join(f"{part.title}: {len(hosts.get(part.job, []))}" for part in jobs)}</p>
    <div class="mn-panel__actions"><button class="btn btn-sm btn-outline-secondary" name="recommend" value="1" formnovalidate>${parts.icon("refresh")} Recommend anew</button></div></header>
  % if machines:
  <div class="mn-tablewrap"><table class="mn-table mn-table--cards mn-layout">
    <caption class="visually-hidden">Approved hosts with what is free on them; tick the jobs of each</caption>
    <thead><tr><th scope="col">Host</th><th scope="col">Rack</th><th scope="col" class="mn-num">Free memory</th><th scope="col" class="mn-num">Free disk</th><th scope="col" class="mn-num">Cores</th><th scope="col" class="mn-num">Tasks</th>\
% for part in jobs:
<th scope="col">${part.title}</th>\
% endfor
</tr></thead>
    <tbody>
    % for machine in machines:
    <tr class="${'is-stale' if machine.unfit else ''}">
      <th scope="row" data-label="Host">${machine.name}\
% if machine.address != machine.name:
 <span class="mn-muted">${machine.address}</span>\
% endif
% if machine.unfit:
<span class="mn-differs">${machine.unfit}</span>\
% endif
</th>
      <td data-label="Rack">${machine.rack or "–"}</td>
      <td data-label="Free memory" class="mn-num"><span>${in_words(machine.memory) if machine.memory is not None else "not known"}\
% if machine.memory is not None and machine.memory_total:
 <span class="mn-facts__of">of ${in_words(machine.memory_total)}</span>\
% endif
</span></td>
      <td data-label="Free disk" class="mn-num">${show.size(machine.disk) if machine.disk is not None else "not known"}</td>
      <td data-label="Cores" class="mn-num">${machine.cores or "–"}</td>
      <td data-label="Tasks" class="mn-num">${machine.tasks}</td>
      % for part in jobs:
      <td data-label="${part.title}"><label class="mn-tick"><input class="form-check-input" type="checkbox" name="hosts.${part.job}" value="${machine.name if machine.name in hosts.get(part.job, []) else machine.address}" aria-label="${part.title} on ${machine.name}"${' checked' if is_on(machine, hosts.get(part.job, [])) else ''}>\
% if is_on(machine, advised.get(part.job, [])):
<span class="mn-tick__note">advised</span>\
% endif
</label></td>
      % endfor
    </tr>
    % endfor
    </tbody></table></div>
  % if left:
  <p class="mn-panel__body mn-muted">${show.count(left, "more host")} with less room ${"is" if left == 1 else "are"} not shown: write their addresses below.</p>
  % endif
  % else:
  <%parts:empty icon_name="hosts" heading="No host is approved yet"><p><a href="${request.route_path('hosts_add')}">Add hosts</a> first and come back, or write addresses below and add them later.</p></%parts:empty>
  % endif
  <div class="mn-panel__body">
    <p class="mn-field__help mn-flat">Advised: spread over racks, most free memory first, an odd number where a majority decides, no job twice on a host.${"".join(f" {part.title} runs beside {part.beside}." for part in beside)}</p>
    <details class="mn-more"${' open' if any(name.startswith("more.") for name in errors) or any(strange.values()) or not machines else ''}><summary>Hosts that are not in the table</summary>
    % for part in jobs:
    <input type="hidden" name="advised.${part.job}" value="${' '.join(advised.get(part.job, []))}">
    <%parts:field name="more.${part.job}" label="More hosts of ${part.title}" help="Addresses or names with blanks between them; dn-[01-20] is twenty of them." error="${errors.get('more.' + part.job, '')}" optional="${True}">
      <textarea class="form-control mn-mono" id="more.${part.job}" name="more.${part.job}" rows="1" spellcheck="false" autocapitalize="off" aria-describedby="more.${part.job}-help">${given.get("more." + part.job) or " ".join(strange.get(part.job, []))}</textarea>
    </%parts:field>
    % endfor
    </details>
    % for part in jobs:
    ${parts.field_error("hosts." + part.job, f"{part.title}: {errors['hosts.' + part.job]}" if "hosts." + part.job in errors else "")}
    % endfor
  </div>
</section>
</%def>
