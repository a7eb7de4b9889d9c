"""PURE. The one vocabulary of states on every page: which shape, which word, since when."""

from dataclasses import dataclass, replace

from minos_common.settings import ConsoleSettings
from minos_common.states import HostState, OperationState, StepState
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation, Step
from minos_web.monitor.status import Status, cluster_status, host_status, task_status


@dataclass(frozen=True)
class Badge:
    """A state as a page shows it. ``kind`` picks shape and colour; ``beat`` is when it was last confirmed (epoch
    seconds), after ``stale_after`` seconds without news it fades.
    """

    kind: str
    word: str
    since: float | None = None
    title: str = ""
    stale: bool = False
    beat: float | None = None
    stale_after: float | None = None


_OPERATIONS = {
    OperationState.WAITING: ("waiting", "queued"),
    OperationState.RUNNING: ("changing", "running"),
    OperationState.PAUSED: ("paused", "paused"),
    OperationState.CANCELLING: ("changing", "cancelling"),
    OperationState.DONE: ("done", "done"),
    OperationState.FAILED: ("failed", "failed"),
    OperationState.CANCELLED: ("cancelled", "cancelled"),
}
_STEPS = {
    StepState.WAITING: ("waiting", "queued"),
    StepState.SENT: ("changing", "sent"),
    StepState.RUNNING: ("changing", "running"),
    StepState.DONE: ("done", "done"),
    StepState.FAILED: ("failed", "failed"),
    StepState.SKIPPED: ("skipped", "skipped"),
    StepState.CANCELLED: ("cancelled", "cancelled"),
    StepState.UNKNOWN: ("unknown", "no answer"),
}
_DECISIONS = {
    HostState.PENDING: ("waiting", "waiting for approval"),
    HostState.REJECTED: ("failed", "rejected"),
    HostState.REVOKED: ("cancelled", "revoked"),
}
URGENCY = ("down", "degraded", "unknown", "changing", "maintenance", "stopped", "running")
"""Kinds of statuses, the ones a person should look at first in front."""


HEALTH_ROUND_SECONDS = 30.0


def task_badge(task: Task, host: Host | None, settings: ConsoleSettings, now: float) -> Badge:
    """State of a task; it fades when its host is silent."""
    status = task_status(task, host, now, settings.lost_seconds)
    return _badge(status, host.beat_at if host else None, settings.lost_seconds)


def host_badge(host: Host, settings: ConsoleSettings, now: float) -> Badge:
    """State of a host; one whose key nobody approved shows that instead."""
    status = host_status(host, now, settings.late_seconds, settings.lost_seconds)
    waits = _DECISIONS.get(HostState(host.state))
    if waits:
        return Badge(*waits, status.since)
    return _badge(status, host.beat_at, settings.lost_seconds)


def cluster_badge(cluster: Cluster, now: float) -> Badge:
    """State of a cluster as its last health round found it."""
    status = cluster_status(cluster, now, HEALTH_ROUND_SECONDS)
    if status.stale and status.word != "unknown":
        status = replace(status, word=f"was {status.word}")
    return _badge(status, cluster.health_at, HEALTH_ROUND_SECONDS)


def _badge(status: Status, beat: float | None, stale_after: float) -> Badge:
    return Badge(str(status.kind), status.word, status.since, status.reason, status.stale, beat, stale_after)


def operation_badge(operation: Operation) -> Badge:
    """State of an operation; since is when it ended or began."""
    kind, word = _OPERATIONS.get(OperationState(operation.state), ("unknown", operation.state))
    if operation.held:
        kind, word = "paused", "held by the brake"
    return Badge(kind, word, operation.ended_at or operation.started_at or operation.created_at)


def step_badge(step: Step) -> Badge:
    """State of a step."""
    kind, word = _STEPS.get(StepState(step.state), ("unknown", step.state))
    return Badge(kind, word)


def urgency(kind: str) -> int:
    """Sort key: unwell first."""
    return URGENCY.index(kind) if kind in URGENCY else len(URGENCY)
