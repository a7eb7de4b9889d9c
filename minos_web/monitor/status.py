"""PURE. The one status vocabulary: what a row means now, in a word, with why, since when and according to whom."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Protocol

from minos_common.states import HostState, TaskState
from minos_web.monitor.clocks import wrong_clock
from minos_web.monitor.maintenance import WHOLE, Note, note_of, of_job


class Kind(StrEnum):
    """The kinds of status; each has its icon and colour in the front end."""

    RUNNING = "running"
    DEGRADED = "degraded"
    DOWN = "down"
    STOPPED = "stopped"
    CHANGING = "changing"
    UNKNOWN = "unknown"
    MAINTENANCE = "maintenance"


@dataclass(frozen=True)
class Status:
    """``since`` is when it became so, ``heard_at`` when we last heard of it (both epoch seconds or None)."""

    kind: Kind
    word: str
    reason: str = ""
    since: float | None = None
    heard_at: float | None = None
    stale: bool = False


class HostRow(Protocol):
    """What is looked at of a host."""

    name: Any
    state: Any
    beat_at: Any
    degraded: Any
    clock_offset: Any
    worker_started: Any
    first_seen: Any
    maintenance: Any


class TaskRow(Protocol):
    """What is looked at of a task."""

    job: Any
    cluster: Any
    address: Any
    state: Any
    since: Any
    heard_at: Any
    wanted: Any
    bootstrapped: Any
    reason: Any
    started_at: Any
    unattended: Any
    figures_error: Any


class ClusterRow(Protocol):
    """What is looked at of a cluster."""

    problem: Any
    retired: Any
    bootstrapped_at: Any
    health: Any
    health_reason: Any
    health_since: Any
    health_at: Any
    maintenance: Any


def calmed(status: Status, note: Note | None) -> Status:
    """A status that would cry for somebody, of something that somebody works on."""
    if note is None or status.kind not in (Kind.DOWN, Kind.DEGRADED, Kind.UNKNOWN):
        return status
    reason = f"{status.reason}; {note.words}" if status.reason else note.words
    return replace(status, kind=Kind.MAINTENANCE, word=f"{status.word}, in maintenance", reason=reason)


def host_status(host: HostRow, now: float, late_seconds: float, lost_seconds: float) -> Status:
    """A host is late, then lost, by its last beat alone; one that somebody works on may be."""
    return calmed(_host_status(host, now, late_seconds, lost_seconds), note_of(host.maintenance, now))


def _host_status(host: HostRow, now: float, late_seconds: float, lost_seconds: float) -> Status:
    if host.state != HostState.APPROVED:
        words = {"pending": "waits for approval", "rejected": "rejected", "revoked": "revoked"}
        return Status(Kind.UNKNOWN, words[host.state], since=host.first_seen, heard_at=host.beat_at)
    if host.beat_at is None:
        return Status(Kind.UNKNOWN, "never heard", "approved, but its worker has not said hello since", stale=True)
    silent = now - host.beat_at
    if silent > lost_seconds:
        return Status(Kind.UNKNOWN, "lost", f"no beat for {_span(silent)}", host.beat_at, host.beat_at, stale=True)
    if silent > late_seconds:
        return Status(Kind.UNKNOWN, "late", f"no beat for {_span(silent)}", host.beat_at, host.beat_at, stale=True)
    reasons = [entry["message"] for entry in host.degraded]
    if clock := wrong_clock(host.clock_offset):
        reasons.append(clock)
    if reasons:
        return Status(Kind.DEGRADED, "degraded", "; ".join(reasons), host.worker_started, host.beat_at)
    return Status(Kind.RUNNING, "in touch", "", host.worker_started, host.beat_at)


def task_status(task: TaskRow, host: HostRow | None, now: float, lost_seconds: float) -> Status:
    """A task is what its worker said last, unless the worker is silent: then it is unknown, with the last known word."""
    note = note_of(host.maintenance, now) if host is not None else None
    note = note or of_job(task.cluster.maintenance, task.job, now)
    return calmed(_task_status(task, host, now, lost_seconds), note)


def _task_status(task: TaskRow, host: HostRow | None, now: float, lost_seconds: float) -> Status:
    if host is None:
        return Status(Kind.UNKNOWN, "no host", f"no approved host has the address {task.address}")
    if host.state != HostState.APPROVED:
        return Status(Kind.UNKNOWN, "no host", f"host {host.name} is {host.state}")
    if host.beat_at is None or now - host.beat_at > lost_seconds:
        silent = "ever" if host.beat_at is None else f"for {_span(now - host.beat_at)}"
        known = str(task.state).lower()
        reason = f"no word from host {host.name} {silent}; last known {known}"
        return Status(Kind.UNKNOWN, "unknown", reason, host.beat_at, task.heard_at, stale=True)
    return _said(task, now)


ANSWERS_WITHIN = 60.0
"""A status page that does not answer in the first seconds after a start is no fault yet."""


def _said(task: TaskRow, now: float) -> Status:
    state, wanted_up = TaskState(task.state), task.wanted == "running"
    reason = task.reason or ""
    kind, word = {
        TaskState.RUNNING: (Kind.RUNNING, "running"),
        TaskState.STARTING: (Kind.CHANGING, "starting"),
        TaskState.STOPPING: (Kind.CHANGING, "stopping"),
        TaskState.BACKOFF: (Kind.DOWN, "failing, will be tried again"),
        TaskState.FATAL: (Kind.DOWN, "failed"),
        TaskState.EXITED: (Kind.DOWN, "ended") if wanted_up else (Kind.STOPPED, "ended"),
        TaskState.STOPPED: (Kind.DOWN, "not running") if wanted_up else (Kind.STOPPED, "stopped"),
        TaskState.UNKNOWN: (Kind.UNKNOWN, "unknown"),
    }[state]
    if state is TaskState.RUNNING and task.unattended:
        kind, word, reason = (
            Kind.DEGRADED,
            "running, unattended",
            reason or "its keeper was killed; an exit code would be lost",
        )
    elif state is TaskState.RUNNING and task.figures_error and is_young(task, now):
        kind, word = Kind.CHANGING, "starting, does not answer yet"
    elif state is TaskState.RUNNING and task.figures_error:
        kind, word, reason = Kind.DEGRADED, "running, does not answer", task.figures_error
    if state is TaskState.STOPPED and not task.bootstrapped and not wanted_up:
        word = "not bootstrapped"
    return Status(kind, word, reason, task.since, task.heard_at)


def is_young(task: TaskRow, now: float) -> bool:
    """Whether a task was started so lately that it may still be coming up."""
    return task.started_at is not None and now - float(task.started_at) < ANSWERS_WITHIN


def is_fresh(at: float | None, now: float, sample_seconds: float, lost_seconds: float) -> bool:
    """Whether figures of this time still tell what is."""
    return at is not None and now - at <= 3 * sample_seconds + lost_seconds


HEALTH_KINDS = {
    "ok": (Kind.RUNNING, "healthy"),
    "warning": (Kind.DEGRADED, "degraded"),
    "error": (Kind.DOWN, "down"),
    "stopped": (Kind.STOPPED, "stopped"),
    "changing": (Kind.CHANGING, "changing"),
    "unknown": (Kind.UNKNOWN, "unknown"),
    "maintenance": (Kind.MAINTENANCE, "in maintenance"),
}


def cluster_status(cluster: ClusterRow, now: float, stale_seconds: float = 30.0) -> Status:
    """A cluster is what the last health round found; an old finding is stale."""
    return calmed(_cluster_status(cluster, now, stale_seconds), of_job(cluster.maintenance, WHOLE, now))


def _cluster_status(cluster: ClusterRow, now: float, stale_seconds: float) -> Status:
    if cluster.retired:
        return Status(Kind.STOPPED, "removed", "its file was deleted, and nothing of it is on any host")
    if cluster.problem:
        return Status(Kind.UNKNOWN, "cannot be read", cluster.problem)
    kind, word = HEALTH_KINDS[cluster.health]
    stale = cluster.health_at is None or now - cluster.health_at > stale_seconds
    if stale:
        kind = Kind.UNKNOWN
    elif kind is Kind.STOPPED and cluster.bootstrapped_at is None:
        word = "not bootstrapped"
    return Status(kind, word, cluster.health_reason, cluster.health_since, cluster.health_at, stale)


def _span(seconds: float) -> str:
    """12 s, 5 min, 3 h, 2 d."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds)} s"
