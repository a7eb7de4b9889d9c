"""The kinds of monitor/status as the database works them out, to count, filter and sort by them. Tests keep both the same."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from minos_common.states import HostState, TaskState
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.monitor.clocks import CLOCK_SECONDS
from minos_web.monitor.maintenance import WHOLE, note_of
from minos_web.monitor.status import ANSWERS_WITHIN, Kind

_CRIES = (Kind.DOWN.value, Kind.DEGRADED.value, Kind.UNKNOWN.value)
Calm = Sequence[tuple[int, str]]
"""(cluster, job or "" for all of it) that somebody works on."""


def host_kind(now: float, late_seconds: float) -> ColumnElement[str]:
    """The kind of an approved host."""
    silent = or_(Host.beat_at.is_(None), Host.beat_at < now - late_seconds)
    troubled = or_(cast(Host.degraded, String).not_in(("[]", "null")), func.abs(Host.clock_offset) > CLOCK_SECONDS)
    kind = case((silent, Kind.UNKNOWN.value), (troubled, Kind.DEGRADED.value), else_=Kind.RUNNING.value)
    return calmed(kind, host_in_maintenance(now))


def task_kind(now: float, lost_seconds: float, calm: Calm) -> ColumnElement[str]:
    """The kind of a task that is (outer) joined to its host."""
    silent = or_(Host.id.is_(None), Host.state != HostState.APPROVED.value)
    silent = or_(silent, Host.beat_at.is_(None), Host.beat_at < now - lost_seconds)
    young = and_(Task.started_at.is_not(None), Task.started_at > now - ANSWERS_WITHIN)
    runs, mute = Task.state == TaskState.RUNNING.value, Task.figures_error != ""
    at_rest = Task.state.in_((TaskState.STOPPED.value, TaskState.EXITED.value))
    kind = case(
        (silent, Kind.UNKNOWN.value),
        (and_(runs, Task.unattended), Kind.DEGRADED.value),
        (and_(runs, mute, young), Kind.CHANGING.value),
        (and_(runs, mute), Kind.DEGRADED.value),
        (runs, Kind.RUNNING.value),
        (Task.state.in_((TaskState.STARTING.value, TaskState.STOPPING.value)), Kind.CHANGING.value),
        (Task.state.in_((TaskState.BACKOFF.value, TaskState.FATAL.value)), Kind.DOWN.value),
        (and_(at_rest, Task.wanted == "running"), Kind.DOWN.value),
        (at_rest, Kind.STOPPED.value),
        else_=Kind.UNKNOWN.value,
    )
    worked_on = [and_(Host.id.is_not(None), host_in_maintenance(now))]
    for cluster, job in calm:
        own = Task.cluster_id == cluster
        worked_on.append(own if job == WHOLE else and_(own, Task.job == job))
    return calmed(kind, or_(*worked_on))


def calm_clusters(session: Session, now: float) -> Calm:
    """Clusters and jobs that are in maintenance now."""
    kept = session.execute(select(Cluster.id, Cluster.maintenance).where(Cluster.maintenance.is_not(None)))
    return [(number, job) for number, notes in kept for job, note in (notes or {}).items() if note_of(note, now)]


def host_in_maintenance(now: float) -> ColumnElement[bool]:
    """Whether somebody works on a host: a note is kept, and it still counts."""
    begun, until = Host.maintenance["at"].as_float(), Host.maintenance["until"].as_float()
    return and_(begun.is_not(None), or_(until.is_(None), until > now))


def calmed(kind: Any, worked_on: ColumnElement[bool]) -> ColumnElement[str]:
    """The kind, but for what is worked on and would cry otherwise."""
    return case((and_(worked_on, kind.in_(_CRIES)), Kind.MAINTENANCE.value), else_=kind)
