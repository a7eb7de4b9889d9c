"""Where the history's rows come from: one query for each table, all asked in the same words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, literal, or_, select
from sqlalchemy.orm import Session, contains_eager, defer, load_only

from minos_common.states import TaskState
from minos_web.clusterfile.tree import cluster_path
from minos_web.models.alerts import Alert
from minos_web.models.clusters import Cluster, Task, TaskChange
from minos_web.models.config import ConfigFile, ConfigRevision
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation, Step
from minos_web.models.packages import Package
from minos_web.models.people import AuditEntry

TOLD_STATES = (TaskState.RUNNING, TaskState.STOPPED)
"""States of a task whose coming is told; what lies between them is not worth a line."""
ENDED_STATES = (TaskState.EXITED, TaskState.BACKOFF, TaskState.FATAL)
"""States that nobody wants."""
MAINTENANCE = ("maintenance.begin", "maintenance.end")
PACKAGE_ACTS = ("package.delete",)
ACTS = (
    "alert-rule.as-shipped", "alert-rule.change", "alert-rule.delete", "brake.pull", "brake.release", "drills.mark",
    "host.approve", "host.key",
    "host.new-key", "host.reject", "host.revoke", "keytab.delete", "keytab.put", "operation.cancel", "operation.pause",
    "operation.resume", "operation.retry", "operation.skip", "quota.set", "schedule.add", "schedule.change",
    "schedule.delete", "schedule.pause", "schedule.resume", "schedule.run", "silence.begin", "silence.end",
    "watching.change",
)  # fmt: skip
"""Acts that may explain what happened later. Those about people and their keys are for the audit page alone."""
CHARTED = ("operation", "config", "crash", "task", "maintenance")
"""Kinds that stand on charts and beside an alert."""
COUNTED = ("operation", "config", "alert", "crash", "package")


@dataclass(frozen=True)
class Place:
    """A place in the line of time: the row of this number in this source, at this moment."""

    at: float
    source: str
    number: int


@dataclass(frozen=True)
class Asked:
    """From when to when (epoch seconds), of what (empty texts: of everything), by whom, and how much at most. ``cursor``: only
    what lies below it. ``artifact`` is what packages of ``service`` are called.
    """

    start: float
    end: float
    service: str = ""
    cluster: str = ""
    host: str = ""
    limit: int = 300
    kinds: Sequence[str] = CHARTED
    who: str = ""
    artifact: str = ""
    cursor: Place | None = None

    @property
    def narrows(self) -> bool:
        """Whether a part of the site is asked for."""
        return bool(self.service or self.cluster or self.host)


@dataclass(frozen=True)
class Happening:
    """Something that began ``at`` and, where it takes time, was over at ``until`` (None: it is not). ``row`` tells what: an
    Operation, a TaskChange (with its ``task`` and ``host``), a ConfigRevision (``gone``: it deleted its file), an Alert, a
    Package or an AuditEntry. ``source`` says in which role: an alert fires, and it is over.
    """

    at: float
    row: Any
    kind: str
    source: str
    until: float | None = None
    task: Task | None = None
    host: str = ""
    gone: bool = False


@dataclass(frozen=True)
class Rows:
    """As what rows are asked for: the name of their source, and how it stands to the cursor at the cursor's own moment."""

    source: str
    ties: int

    def below(self, asked: Asked, at: Any, number: Any) -> list[ColumnElement[bool]]:
        """That a row lies below the cursor, if there is one."""
        cursor = asked.cursor
        if cursor is None:
            return []
        if self.ties > 0:
            return [at <= cursor.at]
        if self.ties < 0:
            return [at < cursor.at]
        return [or_(at < cursor.at, and_(at == cursor.at, number < cursor.number))]

    def cut(self, query: Any, asked: Asked, at: Any, number: Any) -> Any:
        """The newest of them that are asked for, and one more."""
        query = query.where(*self.below(asked, at, number))
        return query.order_by(at.desc(), number.desc()).limit(asked.limit + 1)


def operations(session: Session, asked: Asked, rows: Rows) -> list[Happening]:
    """Operations that were under way in that time; each at the moment when somebody asked for it."""
    over = or_(Operation.ended_at.is_(None), Operation.ended_at >= asked.start)
    query = select(Operation).where(Operation.created_at <= asked.end, over, *_by(asked, Operation.created_by))
    query = query.where(*_of_cluster(asked, Operation.cluster_id))
    if asked.host:
        there = exists().where(Step.operation_id == Operation.id, Step.host_id == Host.id, Host.name == asked.host)
        query = query.where(there)
    found = session.scalars(rows.cut(query, asked, Operation.created_at, Operation.id))
    return [Happening(row.created_at, row, "operation", rows.source, row.ended_at) for row in found]


def changes(session: Session, asked: Asked, rows: Rows) -> list[Happening]:
    """Tasks that run, or are stopped."""
    return _changes(session, asked, rows, "task", TaskChange.after.in_([str(one) for one in TOLD_STATES]))


def crashes(session: Session, asked: Asked, rows: Rows) -> list[Happening]:
    """Processes that ended by themselves, whether they were started again or not."""
    again = and_(TaskChange.before == str(TaskState.RUNNING), TaskChange.after == str(TaskState.STARTING))
    ended = TaskChange.after.in_([str(one) for one in ENDED_STATES])
    return _changes(session, asked, rows, "crash", or_(ended, again))


def _changes(session: Session, asked: Asked, rows: Rows, kind: str, which: ColumnElement[bool]) -> list[Happening]:
    if asked.who:
        return []
    named = (Task.job, Task.number, Task.address, Task.cluster_id)
    query = (
        select(TaskChange, Task, Host.name)
        .join(Task, Task.id == TaskChange.task_id)
        .join(Task.cluster)
        .outerjoin(Host, Host.id == Task.host_id)
        .options(contains_eager(Task.cluster).load_only(Cluster.service, Cluster.name), load_only(*named))
        .where(TaskChange.at.between(asked.start, asked.end), which, *_of_cluster(asked, Task.cluster_id))
    )
    if asked.host:
        query = query.where(Host.name == asked.host)
    found = session.execute(rows.cut(query, asked, TaskChange.at, TaskChange.id))
    return [Happening(row.at, row, kind, rows.source, task=task, host=host or "") for row, task, host in found]


def revisions(session: Session, asked: Asked, rows: Rows) -> list[Happening]:
    """Of a cluster's own file and of those that its service has in common; of all files when nothing is named. No file is of
    one host.
    """
    if asked.host:
        return []
    gone = ConfigRevision.content.is_(None)
    query = select(ConfigRevision, gone).options(defer(ConfigRevision.content))
    query = query.where(ConfigRevision.at.between(asked.start, asked.end), *_by(asked, ConfigRevision.author))
    if asked.service:
        paths = [ConfigFile.path.startswith(f"conf/{asked.service}/common/", autoescape=True)]
        if asked.cluster:
            paths.append(ConfigFile.path == cluster_path(asked.service, asked.cluster))
        else:
            paths.append(ConfigFile.path.startswith(f"conf/{asked.service}/", autoescape=True))
        query = query.join(ConfigFile, ConfigFile.id == ConfigRevision.file_id).where(or_(*paths))
    found = session.execute(rows.cut(query, asked, ConfigRevision.at, ConfigRevision.id))
    return [Happening(row.at, row, "config", rows.source, gone=bool(deleted)) for row, deleted in found]


def fired(session: Session, asked: Asked, rows: Rows) -> list[Happening]:
    """Alerts when they fired. Where nothing narrows what is asked for, symptoms stand behind what they come from."""
    return _alerts(session, asked, rows, Alert.fired_at)


def resolved(session: Session, asked: Asked, rows: Rows) -> list[Happening]:
    """Alerts that had fired, when they were over."""
    return _alerts(session, asked, rows, Alert.resolved_at)


def _alerts(session: Session, asked: Asked, rows: Rows, at: Any) -> list[Happening]:
    if asked.who:
        return []
    named = {"service": asked.service, "cluster": asked.cluster, "host": asked.host}
    wanted = [getattr(Alert, name) == value for name, value in named.items() if value]
    heads = [] if asked.narrows else [Alert.parent_id.is_(None)]
    query = select(Alert).where(at.between(asked.start, asked.end), Alert.fired_at.is_not(None), *wanted, *heads)
    found = session.scalars(rows.cut(query, asked, at, Alert.id))
    name = at.key
    return [
        Happening(getattr(row, name), row, "alert", rows.source, row.resolved_at if name == "fired_at" else None)
        for row in found
    ]


def packages(session: Session, asked: Asked, rows: Rows) -> list[Happening]:
    """Packages that came; those of a service where one is named. They are of no host."""
    if asked.host:
        return []
    query = select(Package).where(Package.uploaded_at.between(asked.start, asked.end), *_by(asked, Package.uploaded_by))
    if asked.service:
        query = query.where(Package.artifact == (asked.artifact or asked.service))
    found = session.scalars(rows.cut(query, asked, Package.uploaded_at, Package.id))
    return [Happening(row.uploaded_at, row, "package", rows.source) for row in found]


def package_acts(session: Session, asked: Asked, rows: Rows) -> list[Happening]:
    """Packages that were deleted."""
    if asked.host:
        return []
    named: list[ColumnElement[bool]] = []
    if asked.service:
        target = literal("package ") + cast(Package.id, String)
        named = [exists().where(AuditEntry.target == target, Package.artifact == (asked.artifact or asked.service))]
    return _audited(session, asked, rows, "package", [AuditEntry.action.in_(PACKAGE_ACTS), *named])


def maintenance(session: Session, asked: Asked, rows: Rows) -> list[Happening]:
    """Maintenance begun and over."""
    return _audited(session, asked, rows, "maintenance", [AuditEntry.action.in_(MAINTENANCE), *_of_target(asked)])


def acts(session: Session, asked: Asked, rows: Rows) -> list[Happening]:
    """What else people did."""
    return _audited(session, asked, rows, "act", [AuditEntry.action.in_(ACTS), *_of_target(asked)])


def since(kind: str, moment: float) -> list[ColumnElement[bool]]:
    """What is counted of a kind: rows of its table since ``moment``."""
    ended = TaskChange.after.in_([str(one) for one in ENDED_STATES])
    again = and_(TaskChange.before == str(TaskState.RUNNING), TaskChange.after == str(TaskState.STARTING))
    return {
        "operation": [Operation.created_at >= moment],
        "config": [ConfigRevision.at >= moment],
        "alert": [Alert.fired_at >= moment, Alert.parent_id.is_(None)],
        "crash": [TaskChange.at >= moment, or_(ended, again)],
        "package": [Package.uploaded_at >= moment],
    }[kind]


def _audited(
    session: Session, asked: Asked, rows: Rows, kind: str, which: list[ColumnElement[bool]]
) -> list[Happening]:
    query = select(AuditEntry).where(AuditEntry.at.between(asked.start, asked.end), *which)
    query = query.where(*_by(asked, AuditEntry.user))
    found = session.scalars(rows.cut(query, asked, AuditEntry.at, AuditEntry.id))
    return [Happening(row.at, row, kind, rows.source) for row in found]


def _by(asked: Asked, column: Any) -> list[ColumnElement[bool]]:
    return [column == asked.who] if asked.who else []


def _of_target(asked: Asked) -> list[ColumnElement[bool]]:
    """That an act was one on what is asked for, as the audit calls it."""
    if asked.host:
        return [AuditEntry.target == f"host {asked.host}"]
    if asked.cluster:
        return [AuditEntry.target == f"{asked.service}/{asked.cluster}"]
    return [AuditEntry.target.startswith(f"{asked.service}/", autoescape=True)] if asked.service else []


def _of_cluster(asked: Asked, column: Any) -> list[ColumnElement[bool]]:
    """That ``column`` is the id of a cluster that was asked for."""
    named = {"service": asked.service, "name": asked.cluster}
    wanted = [getattr(Cluster, name) == value for name, value in named.items() if value]
    return [column.in_(select(Cluster.id).where(*wanted))] if wanted else []
