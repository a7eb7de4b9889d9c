"""PURE. How well a cluster is: from the statuses of its tasks and what its catalog folder demands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from minos_web.monitor.status import Kind


@dataclass(frozen=True)
class JobDemand:
    """What a job needs. ``quorum``: more than half of its tasks must run. ``exactly_one``: word figure -> the values of
    which exactly one running task must show one (e.g. zookeeper.role -> leader, standalone).
    """

    job: str
    quorum: bool = False
    exactly_one: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class TaskFact:
    """One task as health sees it."""

    job: str
    label: str
    kind: Kind
    texts: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class JobHealth:
    """``level`` is ok, warning, error, stopped, changing, unknown or maintenance."""

    level: str
    reason: str
    running: int
    total: int


@dataclass(frozen=True)
class ClusterHealth:
    """The worst of the jobs, with its reason."""

    level: str
    reason: str
    jobs: dict[str, JobHealth]


_WORST_FIRST = ("error", "unknown", "warning", "changing", "maintenance", "stopped", "ok")
_UP = frozenset({Kind.RUNNING, Kind.DEGRADED})


def cluster_health(
    demands: Sequence[JobDemand], tasks: Sequence[TaskFact], calm: Collection[str] = ()
) -> ClusterHealth:
    """Health of a cluster whose jobs, in order, are ``demands``. No tasks at all is stopped. Jobs that are ``calm`` are
    worked on: what is wrong with them is told, and is no fault of the cluster.
    """
    jobs = {d.job: job_health(d, [t for t in tasks if t.job == d.job]) for d in demands}
    for name in calm:
        if name in jobs and jobs[name].level in ("error", "unknown", "warning"):
            jobs[name] = replace(jobs[name], level="maintenance")
    jobs = {name: health for name, health in jobs.items() if health.total}
    if not jobs:
        return ClusterHealth("stopped", "it has no tasks", {})
    levels = [health.level for health in jobs.values()]
    if "stopped" in levels and any(level != "stopped" for level in levels):
        # One job stopped beside running ones is worth a look, not a calm "stopped".
        worst = min(("warning", *levels), key=_WORST_FIRST.index)
    else:
        worst = min(levels, key=_WORST_FIRST.index)
    reasons = [
        health.reason for health in jobs.values() if health.reason and health.level in (worst, "error", "stopped")
    ]
    return ClusterHealth(worst, "; ".join(reasons), jobs)


def job_health(demand: JobDemand, tasks: Sequence[TaskFact]) -> JobHealth:
    """Health of one job. Unknown tasks make the job unknown, unless the known ones are bad enough already."""
    counts = {kind: sum(t.kind is kind for t in tasks) for kind in Kind}
    up = [t for t in tasks if t.kind in _UP]
    if not tasks:
        return JobHealth("stopped", "", 0, 0)
    level, reason = (
        _enough(demand, tasks, len(up), counts) or _roles(demand, up, counts) or _everyone(tasks, len(up), counts)
    )
    return JobHealth(level, f"{demand.job}: {reason}" if reason else "", len(up), len(tasks))


def _enough(
    demand: JobDemand, tasks: Sequence[TaskFact], up: int, counts: Mapping[Kind, int]
) -> tuple[str, str] | None:
    """Too few tasks run, or None."""
    total = len(tasks)
    if counts[Kind.STOPPED] == total:
        return "stopped", "stopped"
    needed = total // 2 + 1 if demand.quorum else 1
    if up >= needed:
        return None
    if not up and not counts[Kind.DOWN] and not counts[Kind.CHANGING] and counts[Kind.UNKNOWN]:
        # Nothing that is known should run and does not.
        return "unknown", f"{counts[Kind.UNKNOWN]} of {total} unknown{_named(tasks)}"
    if up + counts[Kind.UNKNOWN] + counts[Kind.CHANGING] < needed:
        return "error", f"{up} of {total} run, {needed} needed{_named(tasks)}"
    if counts[Kind.UNKNOWN]:
        return "unknown", f"{counts[Kind.UNKNOWN]} of {total} unknown{_named(tasks)}"
    return "changing", f"{up} of {total} run"


def _roles(demand: JobDemand, up: Sequence[TaskFact], counts: Mapping[Kind, int]) -> tuple[str, str] | None:
    """A role that exactly one task must have is held by none or several, or None. While a task is changing or unknown
    it may be the one that is missing.
    """
    for figure, values in demand.exactly_one.items():
        owners = sum(t.texts.get(figure) in values for t in up)
        if owners > 1 or (owners == 0 and not counts[Kind.CHANGING] and not counts[Kind.UNKNOWN]):
            return "error", f"{owners} tasks are {values[0]}, exactly one must be"
    return None


def _everyone(tasks: Sequence[TaskFact], up: int, counts: Mapping[Kind, int]) -> tuple[str, str]:
    """Enough run; do all?"""
    total = len(tasks)
    if counts[Kind.DOWN] or counts[Kind.DEGRADED] or counts[Kind.STOPPED]:
        return "warning", f"{up} of {total} run{_named(tasks)}"
    if counts[Kind.UNKNOWN]:
        return "unknown", f"{counts[Kind.UNKNOWN]} of {total} unknown{_named(tasks)}"
    if counts[Kind.CHANGING]:
        return "changing", f"{up} of {total} run"
    return "ok", ""


def _named(tasks: Sequence[TaskFact]) -> str:
    """(a: why; b: why), at most three of the tasks that do not run well."""
    bad = [t for t in tasks if t.kind not in (Kind.RUNNING, Kind.CHANGING)]
    shown = [f"{t.label}: {t.reason or t.kind.value}" for t in bad[:3]]
    more = f"; {len(bad) - 3} more" if len(bad) > 3 else ""
    return f" ({'; '.join(shown)}{more})" if shown else ""
