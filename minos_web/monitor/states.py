"""What workers say of their tasks, onto the rows."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.names import BadName, check
from minos_common.states import TaskState
from minos_common.words import TaskEvent, TaskName, TaskStatus
from minos_web.models.clusters import Cluster, Task, TaskChange, task_name
from minos_web.models.hosts import Host
from minos_web.operations.describe import file_of, retire_gone


def apply_statuses(session: Session, host: Host, statuses: Sequence[TaskStatus], now: float) -> None:
    """The full state of one host: rows of tasks that its worker does not know are not there any more."""
    adopt_tasks(session, host)
    known = {status.task for status in statuses}
    for status in statuses:
        apply_status(session, host, status, now)
    rows = session.execute(
        select(Task, Cluster.service, Cluster.name)
        .join(Cluster, Task.cluster_id == Cluster.id)
        .where(Task.host_id == host.id, Task.retired.is_(False))
    )
    for task, service, cluster in rows:
        if task_name(task, service, cluster) not in known:
            _gone(session, task, now)


def apply_status(session: Session, host: Host, status: TaskStatus, now: float) -> None:
    """Bring one task's row in line. A task that nobody described gets a row of its own: what runs must be seen."""
    task = find_task(session, host, status.task) or _stray(session, host, status.task, now)
    if task is None:
        return
    if task.retired:  # nobody wanted it any more, yet here it is
        task.retired = False
        _in_sight(task.cluster, host)
    task.state, task.since, task.heard_at = status.state.value, status.since, now
    task.wanted, task.bootstrapped = status.wanted, status.bootstrapped
    task.pid, task.started_at, task.restarts = status.pid, status.started_at, status.restarts
    task.reason, task.last_lines = status.reason, status.last_lines
    task.last_exit = msgspec.to_builtins(status.last_exit)
    task.package = msgspec.to_builtins(status.package)
    task.config_revision, task.http_url = status.config_revision, status.http_url
    task.unattended = status.unattended
    task.held, task.started_with, task.edited = status.held, status.started_with, status.edited
    if status.state is not TaskState.RUNNING:
        task.figures, task.texts, task.figures_error, task.figures_at = {}, {}, "", None


def record_change(session: Session, host: Host, event: TaskEvent) -> Task | None:
    """Keep a change of state in the history, once however often it is told: its task when it is new, else None."""
    key = f"{host.id}:{event.event_id}"[:128]
    task = find_task(session, host, event.status.task)
    if task is None or session.scalar(select(TaskChange.id).where(TaskChange.event_key == key)) is not None:
        return None
    change = TaskChange(
        event_key=key,
        task_id=task.id,
        at=event.at,
        before=event.before.value,
        after=event.status.state.value,
        reason=event.status.reason,
        last_exit=msgspec.to_builtins(event.status.last_exit),
    )
    session.add(change)
    return task


def find_task(session: Session, host: Host, name: TaskName) -> Task | None:
    """The row of a task of this host, or None."""
    instance = -1 if name.instance is None else name.instance
    return session.scalar(
        select(Task)
        .join(Cluster, Task.cluster_id == Cluster.id)
        .where(Cluster.service == name.service, Cluster.name == name.cluster)
        .where(Task.job == name.job, Task.instance == instance)
        .where(Task.host_id == host.id)
    )


def adopt_tasks(session: Session, host: Host) -> None:
    """Tie described tasks to the host that answers to their address or name."""
    for task in session.scalars(select(Task).where(Task.address.in_([host.address, host.name]))):
        task.host_id = host.id


def _stray(session: Session, host: Host, name: TaskName, now: float) -> Task | None:
    try:
        for field in ("service", "cluster", "job"):
            check(field, getattr(name, field))
    except BadName:
        return None
    cluster = session.scalar(select(Cluster).filter_by(service=name.service, name=name.cluster))
    if cluster is None:
        cluster = Cluster(service=name.service, name=name.cluster, created_at=now, retired=True)
        session.add(cluster)
        session.flush()
    _in_sight(cluster, host)
    task = Task(cluster_id=cluster.id, job=name.job, address=host.address, host_id=host.id, described=False)
    task.instance = -1 if name.instance is None else name.instance
    session.add(task)
    session.flush()
    return task


def _in_sight(cluster: Cluster, host: Host) -> None:
    """A cluster that was not in sight, because no file describes it, has a task on a host after all."""
    if cluster.retired:
        cluster.retired = False
        cluster.problem = f"host {host.name} has a task of this cluster, but {file_of(cluster)} is not there"


def _gone(session: Session, task: Task, now: float) -> None:
    if task.bootstrapped or task.state != TaskState.STOPPED:
        task.since = now
    task.state, task.heard_at, task.wanted = TaskState.STOPPED.value, now, "stopped"
    task.bootstrapped, task.pid, task.started_at, task.unattended = False, None, None, False
    task.held = task.started_with = task.edited = None
    task.reason, task.last_lines, task.restarts = "", [], 0
    task.package, task.config_revision = None, ""
    task.figures, task.texts, task.figures_error, task.figures_at = {}, {}, "", None
    if not task.described:
        retire_gone(session, task.cluster)
