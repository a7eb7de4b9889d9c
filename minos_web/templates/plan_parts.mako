## The waves of a plan, as every page shows them that asks before it does something.

<%def name="waves(plan)">
<ol class="mn-waves mn-waves--plan">
  % for number, wave in enumerate(plan.waves, 1):
  <li class="mn-wave mn-wave--waiting"><details>
    <summary class="mn-wave__head"><span class="mn-wave__no">${number}</span><span class="mn-wave__title">${wave.name}</span><span class="mn-wave__count">${show.count(len(wave.steps), "task" if wave.steps[0].task else "step")}</span></summary>
    <ul class="mn-steps">
      % for step in wave.steps[:50]:
      <li class="mn-step"><span class="mn-step__what">${step.label}</span></li>
      % endfor
      % if len(wave.steps) > 50:
      <li class="mn-step mn-muted">and ${len(wave.steps) - 50} more</li>
      % endif
    </ul></details></li>
  % endfor
</ol>
<p class="mn-muted">Waves go one after another; the steps of a wave go together${f", {plan.way.parallel} at a time" if plan.way.parallel else ""}. ${"At a failed step, or a fact that does not hold in time, it stands still until you decide." if plan.way.on_failure == "pause" else "A failed step ends the operation, and what was not begun is left alone."}</p>
</%def>
