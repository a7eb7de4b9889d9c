<%inherit file="/help/frame.mako"/>
<%namespace name="parts" file="/parts.mako"/>
<%!
from minos_web.views.badges import Badge

KINDS = (
    ("running", "running", "The process is up and its status page answers. A cluster is healthy when all its tasks are."),
    ("degraded", "degraded", "Up, but something is wrong: a status page does not answer, a part of the cluster is down, a disk is nearly full."),
    ("down", "down", "It should run and does not. The page says why: the exit code, the last lines it wrote."),
    ("stopped", "stopped", "It does not run because an operator stopped it, or it was never started."),
    ("changing", "changing", "It is starting or stopping now."),
    ("unknown", "unknown", "No word from its host. What was known last is shown faded; it may be running."),
)
ENDS = (
    ("waiting", "queued", "Not begun."),
    ("changing", "sent, running", "The worker has it."),
    ("done", "done", "Ended well."),
    ("failed", "failed", "Ended badly, with a reason. Nothing after it is begun."),
    ("unknown", "no answer", "Its host fell silent. Whether it was done is not known; it settles when the worker is back."),
    ("skipped", "skipped", "Not needed any more."),
    ("cancelled", "cancelled", "Given up because an operator cancelled."),
)
%>
<p>One vocabulary everywhere: a shape, a word, and since when. A state nobody has confirmed for a while fades; it is never shown as well.</p>
<h2>Clusters, tasks and hosts</h2>
<dl class="mn-kv mn-kv--badges">
  % for kind, word, text in KINDS:
  <dt>${parts.status(Badge(kind, word))}</dt><dd>${text}</dd>
  % endfor
</dl>
<h2>Operations and steps</h2>
<dl class="mn-kv mn-kv--badges">
  % for kind, word, text in ENDS:
  <dt>${parts.status(Badge(kind, word))}</dt><dd>${text}</dd>
  % endfor
</dl>
<h2>A host's beat</h2>
<p>Workers beat every ${show.duration(request.console.settings.beat_seconds)}. A host is late after ${show.duration(request.console.settings.late_seconds)} of silence and lost after ${show.duration(request.console.settings.lost_seconds)}. Its processes do not depend on its worker: they run on.</p>
<h2>A crash</h2>
<p>A process that ends by itself is started again by its worker, with growing pauses; the count of restarts shows it. After several failures in a row the task is failed and waits for you. Whoever gets messages hears of it, a whole batch at once; the tab <i>Watching</i> of its cluster lists all of them, and why one was not told. There you also say what is watched beside the process: whether its status page answers, and its memory.</p>
<h2>Maintenance</h2>
<p>A host, a cluster or a job that somebody works on is put in maintenance on its page: what is wrong with it is shown with a sign of its own, and counts as no fault. It ends when somebody ends it, or after the hours that were given.</p>
