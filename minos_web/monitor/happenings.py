"""What happened in a span of time: operations, tasks that came and went, configuration that was saved, maintenance."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from minos_common.states import TaskState
from minos_web.clusterfile.tree import cluster_path
from minos_web.models.clusters import Cluster, Task, TaskChange
from minos_web.models.config import ConfigFile, ConfigRevision
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation, Step
from minos_web.models.people import AuditEntry

TOLD_STATES = (TaskState.RUNNING, TaskState.STOPPED, TaskState.EXITED, TaskState.BACKOFF, TaskState.FATAL)
"""States of a task whose coming is told; what lies between them is not worth a mark."""
MAINTENANCE = ("maintenance.begin", "maintenance.end")


@dataclass(frozen=True)
class Asked:
    """From when to when (epoch seconds), of what (empty texts: of everything), and how much at most."""

    start: float
    end: float
    service: str = ""
    cluster: str = ""
    host: str = ""
    limit: int = 300


@dataclass(frozen=True)
class Happening:
    """Something that began ``at`` and, where it takes time, was over at ``until`` (None: it is not). ``row`` tells what: an
    Operation, a TaskChange (with its ``task``), a ConfigRevision or an AuditEntry.
    """

    at: float
    row: Any
    until: float | None = None
    task: Task | None = None


def happenings(session: Session, asked: Asked) -> tuple[list[Happening], bool]:
    """What happened, newest first, and whether there was more than is told."""
    found = [
        *_operations(session, asked),
        *_changes(session, asked),
        *([] if asked.host else _revisions(session, asked)),
        *_maintenance(session, asked),
    ]
    found.sort(key=lambda one: one.at, reverse=True)
    return found[: asked.limit], len(found) > asked.limit


def _operations(session: Session, asked: Asked) -> list[Happening]:
    begun = func.coalesce(Operation.started_at, Operation.created_at)
    over = or_(Operation.ended_at.is_(None), Operation.ended_at >= asked.start)
    query = select(Operation).where(begun <= asked.end, over, *_of_cluster(asked, Operation.cluster_id))
    if asked.host:
        there = exists().where(Step.operation_id == Operation.id, Step.host_id == Host.id, Host.name == asked.host)
        query = query.where(there)
    rows = session.scalars(query.order_by(begun.desc()).limit(asked.limit + 1))
    return [Happening(row.started_at or row.created_at, row, row.ended_at) for row in rows]


def _changes(session: Session, asked: Asked) -> list[Happening]:
    query = (
        select(TaskChange, Task)
        .join(Task, Task.id == TaskChange.task_id)
        .where(TaskChange.at.between(asked.start, asked.end), TaskChange.after.in_([str(one) for one in TOLD_STATES]))
        .where(*_of_cluster(asked, Task.cluster_id))
    )
    if asked.host:
        query = query.join(Host, Host.id == Task.host_id).where(Host.name == asked.host)
    rows = session.execute(query.order_by(TaskChange.at.desc()).limit(asked.limit + 1))
    return [Happening(change.at, change, task=task) for change, task in rows]


def _revisions(session: Session, asked: Asked) -> list[Happening]:
    """Of a cluster's own file and of those that its service has in common; of all files when nothing is named."""
    query = select(ConfigRevision).where(ConfigRevision.at.between(asked.start, asked.end))
    if asked.service:
        paths = [ConfigFile.path.startswith(f"conf/{asked.service}/common/", autoescape=True)]
        if asked.cluster:
            paths.append(ConfigFile.path == cluster_path(asked.service, asked.cluster))
        else:
            paths.append(ConfigFile.path.startswith(f"conf/{asked.service}/", autoescape=True))
        query = query.join(ConfigFile, ConfigFile.id == ConfigRevision.file_id).where(or_(*paths))
    rows = session.scalars(query.order_by(ConfigRevision.at.desc()).limit(asked.limit + 1))
    return [Happening(row.at, row) for row in rows]


def _maintenance(session: Session, asked: Asked) -> list[Happening]:
    query = select(AuditEntry).where(
        AuditEntry.at.between(asked.start, asked.end), AuditEntry.action.in_(MAINTENANCE), *_of_target(asked)
    )
    return [
        Happening(row.at, row) for row in session.scalars(query.order_by(AuditEntry.at.desc()).limit(asked.limit + 1))
    ]


def _of_target(asked: Asked) -> list[ColumnElement[bool]]:
    if asked.host:
        return [AuditEntry.target == f"host {asked.host}"]
    if asked.cluster:
        return [AuditEntry.target == f"{asked.service}/{asked.cluster}"]
    return [AuditEntry.target.startswith(f"{asked.service}/", autoescape=True)] if asked.service else []


def _of_cluster(asked: Asked, column: Any) -> list[ColumnElement[bool]]:
    """That ``column`` is the id of a cluster that was asked for."""
    if not asked.service and not asked.cluster:
        return []
    named = [getattr(Cluster, name) == value for name, value in _names(asked).items() if value]
    return [column.in_(select(Cluster.id).where(*named))]


def _names(asked: Asked) -> dict[str, str]:
    return {"service": asked.service, "name": asked.cluster}
