"""PURE. How well a cluster is: from the statuses of its tasks and what its catalog folder demands."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from minos_web.monitor.status import Kind


@dataclass(frozen=True)
class OneOf:
    """A word that exactly one running task must show. ``alone`` is what lacks when only one of several tasks runs."""

    values: tuple[str, ...]
    message: str = "exactly one must be"
    alone: str = ""


@dataclass(frozen=True)
class AtMost:
    """A figure that no running task may tell to be more."""

    limit: float
    message: str


@dataclass(frozen=True)
class JobDemand:
    """What a job needs. So many of its tasks must run: more than half for a ``quorum``, this ``share`` of them, ``least``
    (as the cluster's configuration asks, as far as there are so many), one at least. Without a ``helper`` the cluster
    still serves, and lacks what its message says. ``exactly_one`` and ``at_most`` by figure, e.g. zookeeper.role.
    """

    job: str
    quorum: bool = False
    share: float = 0.0
    least: int = 1
    helper: str = ""
    exactly_one: Mapping[str, OneOf] = field(default_factory=dict)
    at_most: Mapping[str, AtMost] = field(default_factory=dict)

    def needed(self, total: int) -> int:
        """How many of ``total`` tasks must run."""
        if self.helper:
            return 0
        majority = total // 2 + 1 if self.quorum else 1
        return max(1, majority, math.ceil(self.share * total), min(self.least, total))


@dataclass(frozen=True)
class TaskFact:
    """One task as health sees it. ``texts`` and ``figures`` are what it tells now: what it told long ago is not there."""

    job: str
    label: str
    kind: Kind
    texts: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)


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
        _enough(demand, tasks, len(up), counts)
        or _roles(demand, up, counts)
        or _limits(demand, up, counts)
        or _everyone(demand, tasks, len(up), counts)
    )
    return JobHealth(level, f"{demand.job}: {reason}" if reason else "", len(up), len(tasks))


def _enough(
    demand: JobDemand, tasks: Sequence[TaskFact], up: int, counts: Mapping[Kind, int]
) -> tuple[str, str] | None:
    """Too few tasks run, or None."""
    total = len(tasks)
    if counts[Kind.STOPPED] == total:
        return "stopped", "stopped"
    needed = demand.needed(total)
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
    it may be the one that is missing; one that does not tell may be it as well.
    """
    for figure, role in demand.exactly_one.items():
        owners = [t.label for t in up if t.texts.get(figure) in role.values]
        silent = [t.label for t in up if figure not in t.texts]
        if len(owners) > 1:
            return "error", f"{len(owners)} tasks are {role.values[0]} ({', '.join(owners)}): {role.message}"
        if owners or counts[Kind.CHANGING] or counts[Kind.UNKNOWN]:
            continue
        if silent:
            return "unknown", f"none says that it is {role.values[0]}, and {_some(silent)} tells nothing"
        return "error", f"no task is {role.values[0]}: {role.message}"
    return None


def _limits(demand: JobDemand, up: Sequence[TaskFact], counts: Mapping[Kind, int]) -> tuple[str, str] | None:
    """A figure that is too high, or that nobody tells, or None. While tasks come and go it may well be so."""
    for figure, most in demand.at_most.items():
        told = [t.figures[figure] for t in up if figure in t.figures]
        if counts[Kind.CHANGING] or not up:
            continue
        if not told:
            return "unknown", f"none tells {figure.partition('.')[2]}"
        if max(told) > most.limit:
            return "error", f"{max(told):g} {most.message}"
    return None


def _everyone(demand: JobDemand, tasks: Sequence[TaskFact], up: int, counts: Mapping[Kind, int]) -> tuple[str, str]:
    """Enough run; do all?"""
    total = len(tasks)
    if counts[Kind.DOWN] or counts[Kind.DEGRADED] or counts[Kind.STOPPED]:
        lacks = [demand.helper] if not up else [role.alone for role in demand.exactly_one.values() if up == 1 < total]
        without = "".join(f", {text}" for text in lacks if text)
        return "warning", f"{up} of {total} run{without}{_named(tasks)}"
    if counts[Kind.UNKNOWN]:
        return "unknown", f"{counts[Kind.UNKNOWN]} of {total} unknown{_named(tasks)}"
    if counts[Kind.CHANGING]:
        return "changing", f"{up} of {total} run"
    return "ok", ""


def _some(labels: Sequence[str]) -> str:
    return ", ".join(labels[:3]) + (f" and {len(labels) - 3} more" if len(labels) > 3 else "")


def _named(tasks: Sequence[TaskFact]) -> str:
    """(a: why; b: why), at most three of the tasks that do not run well."""
    bad = [t for t in tasks if t.kind not in (Kind.RUNNING, Kind.CHANGING)]
    shown = [f"{t.label}: {t.reason or t.kind.value}" for t in bad[:3]]
    more = f"; {len(bad) - 3} more" if len(bad) > 3 else ""
    return f" ({'; '.join(shown)}{more})" if shown else ""
