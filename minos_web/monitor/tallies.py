"""How the tasks of every cluster are, counted by the database: alike ones are judged once, however many there are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_common.states import HostState, TaskState
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.monitor.maintenance import note_of
from minos_web.monitor.status import ANSWERS_WITHIN, Status, task_status

HOST_COLUMNS = (
    Host.id, Host.name, Host.address, Host.state, Host.beat_at, Host.degraded, Host.clock_offset, Host.worker_started,
    Host.first_seen, Host.maintenance, Host.facts["rack"].as_string().label("said_rack"),
)  # fmt: skip
"""What is looked at of a host: all that its status and its rack need, without its figures and facts."""
_TASK_COLUMNS = (
    Task.id, Task.cluster_id, Task.job, Task.number, Task.address, Task.host_id, Task.state, Task.wanted,
    Task.bootstrapped, Task.reason, Task.since, Task.heard_at, Task.started_at, Task.unattended, Task.figures_error,
)  # fmt: skip
_NO_HOST = -1
_UP_OR_NOT = (TaskState.RUNNING, TaskState.STOPPED, TaskState.EXITED)


@dataclass(frozen=True)
class Scene:
    """What all tasks are judged by: hosts and clusters by id (rows, or what looks like them), and the moment."""

    hosts: dict[int, Any]
    clusters: dict[int, Any]
    settings: ConsoleSettings
    now: float

    def judged(self, task: Any) -> Status:
        """The status of a task whose row names its host and its cluster."""
        return self.of(task, self.hosts.get(task.host_id or 0))

    def of(self, task: Any, host: Any) -> Status:
        """The status of a task on a host."""
        judged: Any = _Judged(task, self.clusters[task.cluster_id])
        return task_status(judged, host, self.now, self.settings.lost_seconds)

    def classes(self) -> dict[int, list[int]]:
        """Hosts that make a difference to their tasks, alike ones together: the first one's id -> ids."""
        found: dict[tuple[bool, bool, bool], list[int]] = {}
        for host in self.hosts.values():
            lost = host.beat_at is None or self.now - host.beat_at > self.settings.lost_seconds
            key = (host.state == HostState.APPROVED, lost, note_of(host.maintenance, self.now) is not None)
            found.setdefault(key, []).append(host.id)
        well = found.pop((True, False, False), [])
        classes = {ids[0]: ids for ids in found.values()}
        return classes | ({well[0]: []} if well else {})


@dataclass(frozen=True)
class _Judged:
    """A row with its cluster beside it, as the status of a task is judged from."""

    row: Any
    cluster: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


@dataclass(frozen=True)
class _Alike:
    """Tasks that differ in nothing that counts for their status."""

    cluster_id: int
    job: str
    state: str
    wanted: str
    bootstrapped: bool
    unattended: bool
    figures_error: str
    started_at: float | None
    address: str = ""
    reason: str = ""
    since: float | None = None
    heard_at: float | None = None


def all_hosts(session: Session) -> Sequence[Any]:
    """Every host, whatever was decided about it: tasks may lie on any."""
    return session.execute(select(*HOST_COLUMNS).order_by(Host.name)).all()


def kinds_by_cluster(session: Session, scene: Scene) -> dict[int, Counter[str]]:
    """Cluster's id -> kind of status -> how many of its tasks."""
    classes = scene.classes()
    well = next((first for first, ids in classes.items() if not ids), 0)
    whens = [(Task.host_id.in_(ids), first) for first, ids in classes.items() if ids]
    host: ColumnElement[int] = case((Task.host_id.is_(None), _NO_HOST), *whens, else_=well).label("host")
    silent = (Task.figures_error != "").label("silent")
    young = func.coalesce(Task.started_at > scene.now - ANSWERS_WITHIN, False).label("young")
    keys = (Task.cluster_id, Task.job, Task.state, Task.wanted, Task.bootstrapped, Task.unattended, silent, young, host)
    found: dict[int, Counter[str]] = {}
    for *key, number in session.execute(select(*keys, func.count()).where(_counted(scene)).group_by(*keys)):
        cluster_id, job, state, wanted, bootstrapped, unattended, is_silent, is_young, host_id = key
        error, began = "x" if is_silent else "", scene.now if is_young else None
        alike = _Alike(cluster_id, job, state, wanted, bool(bootstrapped), bool(unattended), error, began)
        status = scene.of(alike, scene.hosts.get(host_id))
        found.setdefault(cluster_id, Counter())[str(status.kind)] += number
    return found


def tasks_to_name(session: Session, scene: Scene, limit: int, everyone: bool) -> list[tuple[Row[Any], Status]]:
    """Tasks with their statuses: those that somebody should look at, or ``everyone``; at most so many."""
    query: Any = select(*_TASK_COLUMNS).where(_counted(scene))
    if not everyone:
        query = query.where(_suspect(scene))
    rows = session.execute(query.order_by(Task.cluster_id, Task.job_order, Task.number).limit(limit))
    return [(row, scene.judged(row)) for row in rows]


def all_clusters(session: Session) -> list[Cluster]:
    """Clusters that are not over, in the order of their names."""
    wanted = select(Cluster).where(Cluster.retired.is_(False)).order_by(Cluster.service, Cluster.name)
    return list(session.scalars(wanted))


def _counted(scene: Scene) -> ColumnElement[bool]:
    return and_(Task.retired.is_(False), Task.cluster_id.in_(scene.clusters))


def _suspect(scene: Scene) -> ColumnElement[bool]:
    """Whatever may be otherwise than running or stopped as it should: what it is exactly is judged row by row."""
    running, up = Task.state == str(TaskState.RUNNING), Task.wanted == "running"
    away = [ids for ids in scene.classes().values() if ids]
    return or_(
        Task.state.not_in([str(state) for state in _UP_OR_NOT]),
        and_(up, Task.state != str(TaskState.RUNNING)),
        and_(running, or_(Task.unattended.is_(True), Task.figures_error != "")),
        Task.host_id.is_(None),
        *(Task.host_id.in_(ids) for ids in away),
    )
