"""The list of tasks: of one cluster, or of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from minos_common.states import TaskState
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.monitor.drift import Drift
from minos_web.monitor.status_sql import calm_clusters, task_kind
from minos_web.views.badges import URGENCY, Badge, task_badge
from minos_web.views.drifting import drifts_of
from minos_web.views.lists.scene import Scene, by_urgency, in_state
from minos_web.views.lists.shape import Column, Shape, has, known
from minos_web.views.presenting import package_name

_STATES: dict[str, Any] = {state.value.lower(): Task.state == state.value for state in TaskState}
_STATES |= {"unattended": Task.unattended}


@dataclass(frozen=True)
class TaskRow:
    """One line of the tasks table. ``words`` say what part the task plays, e.g. leader."""

    task: Task
    host: Host | None
    badge: Badge
    uptime: float | None
    cpu: float | None
    memory: float | None
    words: list[str]
    drift: Drift


def task_list(scene: Scene, cluster: int | None = None) -> Shape:
    """Tasks of a cluster in the order of its file; without one those of all clusters, the unwell ones first."""
    kind = task_kind(scene.now, scene.console.settings.lost_seconds, calm_clusters(scene.db, scene.now))
    base = (
        select(Task.id)
        .select_from(Task)
        .join(Cluster, Cluster.id == Task.cluster_id)
        .outerjoin(Host, Host.id == Task.host_id)
        .where(Task.retired.is_(False))
    )
    if cluster is not None:
        base = base.where(Task.cluster_id == cluster)
    # The words of a state that are states of tasks themselves and kinds as well mean the kind.
    states = {word: test for word, test in _STATES.items() if word not in URGENCY}
    keys: dict[str, Any] = {
        "state": in_state(kind, URGENCY, states),
        "job": lambda value: Task.job == value,
        "role": lambda value: Task.job == value,
        "host": lambda value: or_(has(Task.address, value), has(func.coalesce(Host.name, ""), value)),
        "number": lambda value: Task.number == (int(value) if value.isdecimal() and len(value) < 9 else -1),
        "cluster": lambda value: Cluster.name == value,
        "service": lambda value: Cluster.service == value.lower(),
        "package": lambda value: has(func.coalesce(Task.package["name"].as_string(), ""), value),
        "revision": lambda value: Task.package["revision"].as_string() == value,
    }
    words: list[Any] = [Task.address, func.coalesce(Host.name, "")]
    if cluster is None:
        words += [Task.job, Cluster.name]
    else:
        keys = {name: test for name, test in keys.items() if name not in ("cluster", "service")}
    return Shape(
        name="tasks" if cluster is None else "cluster-tasks",
        one="task",
        many="tasks",
        row=Task,
        base=base,
        columns=_columns(kind, cluster is None),
        keys=keys,
        words=words,
        kind=kind,
        kinds=URGENCY,
        usual_sort="state" if cluster is None else "task",
        lines=lambda session, rows: task_lines(Scene(session, scene.console, scene.now), rows),
        hint="role:datanode state:down host:db-1",
    )


def _columns(kind: ColumnElement[str], everywhere: bool) -> list[Column]:
    figures = Task.figures
    order = (Task.job_order, Task.job, Task.number)
    name = lambda line: f"{line.task.job}/{line.task.number}"  # noqa: E731
    found = [
        Column("task", "Task", name, (*((Cluster.service, Cluster.name) if everywhere else ()), *order), fixed=True),
        Column("cluster", "Cluster", lambda line: line.task.cluster.name, (Cluster.name, Cluster.service)),
        Column("state", "State", lambda line: line.badge.word, (by_urgency(kind, URGENCY),)),
        Column("host", "Host", lambda line: line.host.name if line.host else line.task.address, (Task.address,)),
        Column(
            "ports", "Ports", lambda line: " ".join(map(str, sorted(line.task.ports.values()))), usual=not everywhere
        ),
        Column("pid", "Pid", lambda line: line.task.pid, number=True, usual=not everywhere),
        Column("up", "Up", lambda line: line.uptime, (known(Task.started_at),), True, usual=True),
        Column("restarts", "Restarts", lambda line: line.task.restarts, (Task.restarts,), True, True),
        Column("cpu", "CPU", lambda line: line.cpu, (known(figures["task.cpu_percent"].as_float()),), True, True),
        Column(
            "memory", "Memory", lambda line: line.memory, (known(figures["task.rss_bytes"].as_float()),), True, True
        ),
        Column("package", "Package", lambda line: package_name(line.task.package)),
        Column("since", "Since", lambda line: line.badge.since, (known(Task.since),), True, True, False),
    ]
    return found if everywhere else [one for one in found if one.name != "cluster"]


def task_lines(scene: Scene, tasks: Sequence[Task]) -> list[TaskRow]:
    """Lines of a tasks table for ``tasks``."""
    ids = {task.host_id for task in tasks if task.host_id}
    hosts = {host.id: host for host in scene.db.scalars(select(Host).where(Host.id.in_(ids)))}
    settings, now = scene.console.settings, scene.now
    rows, drifts = [], drifts_of(scene, [*tasks])
    for task in tasks:
        host = hosts.get(task.host_id or 0)
        badge = task_badge(task, host, settings, now)
        up = now - task.started_at if task.pid and task.started_at else None
        figures = task.figures if task.pid else {}
        cpu, memory = figures.get("task.cpu_percent"), figures.get("task.rss_bytes")
        words = _words(scene, task) if badge.kind in ("running", "degraded") else []
        rows.append(TaskRow(task, host, badge, up, cpu, memory, words, drifts[task.id]))
    return rows


def _words(scene: Scene, task: Task) -> list[str]:
    """The words of its status page that the catalog wants beside a task's name."""
    service = scene.console.catalog.get(task.cluster.service)
    job = service.job(task.job) if service else None
    figures = job.status.figures if service and job and job.status else ()
    names = [f"{task.cluster.service}.{figure.name}" for figure in figures if figure.badge]
    return [task.texts[name] for name in names if task.texts.get(name)]
