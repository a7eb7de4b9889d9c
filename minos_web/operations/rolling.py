"""PURE. Rolling updates: batches of a job, restarted one after another, with the facts that must hold in between."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from minos_web.operations.plan import PREPARE_SECONDS, JobRules, PlannedStep, PlanTask, Wave, start_waves, step_for

GATE_SECONDS = 600.0
MOST_HOLD = 3600.0


@dataclass(frozen=True)
class Rolling:
    """How a rolling update goes: ``batch`` tasks together, ``hold`` seconds for which all gates must hold at a stretch,
    ``gate_seconds`` until a gate is given up, ``look_at_first``: stand still after the first batch. ``send`` brings
    package and files before each restart.
    """

    batch: int = 1
    hold: float = 0.0
    gate_seconds: float = GATE_SECONDS
    look_at_first: bool = False
    send: bool = True


@dataclass(frozen=True)
class Errands:
    """Client commands around restarts, as verb arguments with their titles and seconds: before each task is stopped and
    when it serves again, and once around all of them.
    """

    vacate: tuple["Errand", ...] = ()
    reoccupy: tuple["Errand", ...] = ()
    before_all: tuple["Errand", ...] = ()
    after_all: tuple["Errand", ...] = ()


@dataclass(frozen=True)
class Errand:
    """One client command: ``args`` of the verb client."""

    title: str
    args: dict[str, Any]
    seconds: float

    def on(self, task: PlanTask) -> PlannedStep:
        """The step that runs it on the host of a task."""
        return PlannedStep(task, "client", f"{self.title}: {task.label}", dict(self.args), self.seconds)


NO_ERRANDS = Errands()


@dataclass(frozen=True)
class RollingJob:
    """Tasks of one job in the order in which they are restarted; ``gated``: the catalog has facts to look at; ``most`` of
    them together, whatever was asked for (0: any number).
    """

    rules: JobRules
    tasks: Sequence[PlanTask]
    gated: bool
    most: int = 0
    errands: Errands = NO_ERRANDS


def rolling_waves(jobs: Sequence[RollingJob], rolling: Rolling) -> list[Wave]:
    """Waves of a rolling update: jobs in their order, each looked at first and after every batch."""
    waves: list[Wave] = []
    for job in jobs:
        size = min(rolling.batch, job.most) if job.most else rolling.batch
        batches = [job.tasks[at : at + size] for at in range(0, len(job.tasks), size)]
        if job.gated:
            waves.append(_gate(job, job.tasks, rolling, first=True))
        prologue = len(waves)
        waves += _errands(job.rules.name, job.errands.before_all, job.tasks[:1])
        begun = prologue if len(waves) > prologue else None
        for number, batch in enumerate(batches, 1):
            waves += _batch(job, batch, f"{number} of {len(batches)}", rolling, len(waves))
            if number == 1 and rolling.look_at_first and len(batches) > 1:
                waves.append(_pause(job, batch))
        waves += _errands(job.rules.name, job.errands.after_all, job.tasks[:1], begun)
    return waves


def _errands(
    name: str, errands: Sequence[Errand], tasks: Sequence[PlanTask], undoes: int | None = None
) -> Iterator[Wave]:
    """A wave for each, with a step for each task."""
    for one in errands:
        yield Wave(f"{name}: {one.title}", tuple(one.on(task) for task in tasks), undoes=undoes)


def _batch(job: RollingJob, tasks: Sequence[PlanTask], which: str, rolling: Rolling, begins: int) -> list[Wave]:
    """One batch. Its start is made good for its stop: however the operation ends, what was stopped is started, and what was
    taken from a task is given back.
    """
    name, rules = f"{job.rules.name}, batch {which}", job.rules
    waves = []
    if rolling.send:
        args = {"bootstrap": False}
        waves.append(
            Wave(f"{name}: send package and files", _steps(tasks, "prepare", "prepare", args, PREPARE_SECONDS))
        )
    vacates = begins + len(waves)
    waves += _errands(name, job.errands.vacate, tasks)
    stops = begins + len(waves)
    waves.append(Wave(f"{name}: stop", _steps(tasks, "stop", "stop", {}, rules.stop_seconds)))
    waves.append(Wave(f"{name}: start", _steps(tasks, "start", "start", {}, rules.start_seconds), undoes=stops))
    waves += [Wave(f"{name}: serves", wave.steps) for wave in start_waves(tasks, rules)[1:]]
    waves += _errands(name, job.errands.reoccupy, tasks, vacates if job.errands.vacate else stops)
    if job.gated:
        waves.append(_gate(job, tasks, rolling, first=False, name=name))
    return waves


def _gate(job: RollingJob, tasks: Sequence[PlanTask], rolling: Rolling, first: bool, name: str = "") -> Wave:
    """A step of the console itself: it belongs to no host, and ends when every fact holds."""
    args = {"job": job.rules.name, "touched": [task.key for task in tasks], "first": first}
    if not first:
        args["hold"] = rolling.hold
    label = f"{job.rules.name}: facts before anything is touched" if first else f"{job.rules.name}: facts hold again"
    patience = min(rolling.gate_seconds, 120.0) if first else rolling.gate_seconds
    title = f"Look how {job.rules.name} is" if first else f"{name}: look at the facts"
    return Wave(title, (PlannedStep(None, "gate", label, args, patience),))


def _pause(job: RollingJob, tasks: Sequence[PlanTask]) -> Wave:
    names = ", ".join(task.label for task in tasks[:3]) + (f" and {len(tasks) - 3} more" if len(tasks) > 3 else "")
    label = f"the first batch of {job.rules.name} is done ({names}): look at it, then resume"
    return Wave("Stand still", (PlannedStep(None, "pause", label, {}, 0.0),))


def _steps(
    tasks: Sequence[PlanTask], verb: str, what: str, args: dict[str, bool], patience: float
) -> tuple[PlannedStep, ...]:
    return tuple(step_for(task, verb, what, dict(args), patience) for task in tasks)
