"""A cluster's pages: its tasks, what happened to it."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.clusterfile.tree import cluster_path
from minos_web.models.clusters import Cluster, Task, TaskChange
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation
from minos_web.monitor.alert_lists import Wanted, open_count
from minos_web.monitor.drift import Drift
from minos_web.monitor.entry import entry_of, version_words, versions_of
from minos_web.security.permissions import Permission
from minos_web.views.api.maintenance import current
from minos_web.views.badges import Badge, cluster_badge, operation_badge, task_badge, urgency
from minos_web.views.drifting import drifts_of
from minos_web.views.finding import found_cluster, service_title
from minos_web.views.home import OpenOperation, open_operations
from minos_web.views.paging import cut, wanted_page
from minos_web.views.running import cluster_after_reboot
from minos_web.views.schedule_lines import lines_of_cluster

ROWS = 100


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


SORTS = {
    "task": lambda row: (row.task.job_order, row.task.job, row.task.number),
    "host": lambda row: (row.task.address, row.task.job_order, row.task.number),
    "state": lambda row: (urgency(row.badge.kind), row.task.job_order, row.task.number),
    "cpu": lambda row: -(row.cpu or 0),
    "memory": lambda row: -(row.memory or 0),
    "restarts": lambda row: -row.task.restarts,
}


@view_config(route_name="cluster", renderer="cluster.mako", permission=Permission.VIEW)
def cluster_page(request: Request) -> dict[str, Any]:
    """The tasks of a cluster, filtered by ``job``, ``kind`` and ``q`` (a part of the host's name or address)."""
    cluster = found_cluster(request)
    rows = task_rows(request, cluster.tasks)
    shown = _filtered(rows, request.GET)
    shown.sort(key=SORTS.get(request.GET.get("sort", "task"), SORTS["task"]))
    service = request.console.catalog.get(cluster.service)
    return {
        **cluster_frame(request, cluster),
        "procedures": [one for one in service.procedures if not one.admin or _admin(request)] if service else [],
        "leaving": any(job.leaving for job in service.jobs) if service else False,
        "maintenance": current(cluster, request.now),
        "page": cut(shown, wanted_page(request.GET), ROWS),
        "kinds": sorted(Counter(row.badge.kind for row in rows).items(), key=lambda pair: urgency(pair[0])),
        "jobs": list(dict.fromkeys(row.task.job for row in rows)),
        "many": len(rows) > 12,
        "wanted": {name: request.GET.get(name, "") for name in ("job", "kind", "q", "sort")},
        "reboots": cluster_after_reboot(request, cluster),
        "schedules": lines_of_cluster(request, cluster),
    }


def _admin(request: Request) -> bool:
    return bool(request.has_permission(Permission.ADMINISTER))


@view_config(route_name="cluster_history", renderer="cluster_history.mako", permission=Permission.VIEW)
def history_page(request: Request) -> dict[str, Any]:
    """Operations of a cluster, and its tasks' changes of state, newest first."""
    cluster = found_cluster(request)
    session = request.db
    operations = session.scalars(
        select(Operation).where(Operation.cluster_id == cluster.id).order_by(Operation.id.desc()).limit(50)
    )
    changes = session.execute(
        select(TaskChange, Task)
        .join(Task, Task.id == TaskChange.task_id)
        .where(Task.cluster_id == cluster.id)
        .order_by(TaskChange.at.desc())
        .limit(200)
    )
    return {
        **cluster_frame(request, cluster),
        "operations": [(one, operation_badge(one)) for one in operations],
        "changes": [(change, task) for change, task in changes],
    }


def cluster_frame(request: Request, cluster: Cluster) -> dict[str, Any]:
    """What the header of every page of a cluster shows."""
    running: list[OpenOperation] = [
        one for one in open_operations(request.db) if one.operation.cluster_id == cluster.id
    ]
    service = request.console.catalog.get(cluster.service)
    return {
        "version": version_words(cluster.version, versions_of(service, cluster.tasks)),
        "entry": entry_of(service, cluster.tasks),
        "section": "clusters",
        "title": f"{cluster.name} · {service_title(request.console.catalog, cluster.service)}",
        "cluster": cluster,
        "service_title": service_title(request.console.catalog, cluster.service),
        "badge": cluster_badge(cluster, request.now),
        "running": running[0] if running else None,
        "config_path": cluster_path(cluster.service, cluster.name),
        "alerts_here": open_count(request.db, Wanted(service=cluster.service, cluster=cluster.name)),
    }


def task_rows(request: Request, tasks: list[Task]) -> list[TaskRow]:
    """Lines of a tasks table for ``tasks``."""
    ids = {task.host_id for task in tasks if task.host_id}
    hosts = {host.id: host for host in request.db.scalars(select(Host).where(Host.id.in_(ids)))}
    settings, now = request.console.settings, request.now
    rows, drifts = [], drifts_of(request, tasks)
    for task in tasks:
        host = hosts.get(task.host_id or 0)
        badge = task_badge(task, host, settings, now)
        up = now - task.started_at if task.pid and task.started_at else None
        figures = task.figures if task.pid else {}
        cpu, memory = figures.get("task.cpu_percent"), figures.get("task.rss_bytes")
        words = _words(request, task) if badge.kind in ("running", "degraded") else []
        rows.append(TaskRow(task, host, badge, up, cpu, memory, words, drifts[task.id]))
    return rows


def _words(request: Request, task: Task) -> list[str]:
    """The words of its status page that the catalog wants beside a task's name."""
    service = request.console.catalog.get(task.cluster.service)
    job = service.job(task.job) if service else None
    figures = job.status.figures if service and job and job.status else ()
    names = [f"{task.cluster.service}.{figure.name}" for figure in figures if figure.badge]
    return [task.texts[name] for name in names if task.texts.get(name)]


def _filtered(rows: list[TaskRow], params: Any) -> list[TaskRow]:
    job, kind, text = params.get("job", ""), params.get("kind", ""), params.get("q", "").strip().lower()
    return [
        row
        for row in rows
        if (not job or row.task.job == job)
        and (not kind or row.badge.kind == kind)
        and (not text or text in row.task.address.lower() or (row.host is not None and text in row.host.name.lower()))
    ]
