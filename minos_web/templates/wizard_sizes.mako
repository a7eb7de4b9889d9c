## Step 4 of the wizard for a new cluster: ports and memory.
<%namespace name="parts" file="/parts.mako"/>
<%namespace name="wizard" file="/wizard_parts.mako"/>

<%def name="questions()">
${wizard.notes(notes, title="What was found", id="found")}
<section class="mn-panel" aria-labelledby="sizes-title">
  <header class="mn-panel__head"><h2 class="mn-panel__title" id="sizes-title">Ports and memory of each job</h2>
    <p class="mn-panel__note">kind: ${level}</p>
    <div class="mn-panel__actions"><button class="btn btn-sm btn-outline-secondary" name="recommend" value="1" formnovalidate>${parts.icon("refresh")} Recommend anew</button></div></header>
  <div class="mn-panel__body">
  % for one in sized:
  <fieldset class="mn-sized"><legend class="mn-section">${one.part.title} <span class="mn-muted">on ${show.count(one.hosts, "host")}</span></legend>
    <input type="hidden" name="advised_port.${one.part.job}" value="${one.advised_port}">
    <input type="hidden" name="advised_heap.${one.part.job}" value="${one.advised.text}">
    <div class="mn-field--row">
      ${parts.text("port." + one.part.job, "Base port" if len(sized) == 1 else "Base port of " + one.part.title, one.port, help="The first of its ports; the others follow it. A multiple of 100.", error=errors.get("port." + one.part.job, "") or (show.sentence(one.clash) if one.clash else ""), mono=True, extra='inputmode="numeric" autocomplete="off"')}
      ${parts.text("heap." + one.part.job, "Heap" if len(sized) == 1 else "Heap of " + one.part.title, one.heap, help=(f"{one.advised.text}: {one.advised.why}." if one.advised.text else f"Empty, {one.advised.why}."), error=errors.get("heap." + one.part.job, ""), optional=True, mono=True, extra='autocomplete="off" spellcheck="false"')}
    </div>
    % if one.directories:
    <p class="mn-field__help mn-flat mn-break">Data: <span class="mn-mono">${one.directories}</span></p>
    % endif
  </fieldset>
  % endfor
  <p class="mn-field__help">Ports were looked up against every other cluster's on the same hosts. Directories have service, cluster and job in their names, so no two clusters share one; they are checked again in the next step.</p>
  </div>
</section>
</%def>
