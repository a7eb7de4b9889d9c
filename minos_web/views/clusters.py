"""A cluster's page: its tasks, and what stands at the head of all its pages."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from minos_common.states import STEP_ENDED, TaskState
from minos_web.catalog.description import Service
from minos_web.clusterfile.tree import cluster_path
from minos_web.models.clusters import Cluster, Task
from minos_web.models.operations import Operation, Step
from minos_web.monitor.alert_lists import Wanted, open_count
from minos_web.monitor.entry import VERSION, entry_of, frequent_versions, version_words
from minos_web.security.permissions import Permission
from minos_web.views.api.maintenance import current
from minos_web.views.badges import cluster_badge, operation_badge
from minos_web.views.finding import found_cluster, service_title
from minos_web.views.lists.scene import Scene
from minos_web.views.lists.showing import as_csv, show
from minos_web.views.lists.tasks import TaskRow, task_lines, task_list
from minos_web.views.open_operations import OpenOperation
from minos_web.views.running import cluster_after_reboot
from minos_web.views.schedule_lines import lines_of_cluster

Conditions = tuple[ColumnElement[bool], ...]
OLD = {"job": "job", "host": "host"}
"""Parameters of the page that its filter has now: ``q`` and ``kind`` mean what they did."""


@view_config(route_name="cluster", renderer="cluster.mako", permission=Permission.VIEW)
def cluster_page(request: Request) -> Any:
    """The tasks of a cluster as a list."""
    cluster = found_cluster(request)
    number = cluster.id
    file = as_csv(request, lambda scene: task_list(scene, number), OLD)
    if file is not None:
        return file
    view = show(request, task_list(Scene.of(request), number), OLD)
    service = request.console.catalog.get(cluster.service)
    return {
        **cluster_frame(request, cluster),
        "procedures": [one for one in service.procedures if not one.admin or _admin(request)] if service else [],
        "leaving": any(job.leaving for job in service.jobs) if service else False,
        "maintenance": current(cluster, request.now),
        "view": view,
        "jobs": jobs_of(request, cluster),
        "reboots": cluster_after_reboot(request, cluster),
        "schedules": lines_of_cluster(request, cluster),
    }


def jobs_of(request: Request, cluster: Cluster) -> dict[str, int]:
    """Job -> how many tasks it has, in the order of the cluster's file."""
    own = (Task.cluster_id == cluster.id, Task.retired.is_(False))
    counted = select(Task.job, func.count()).where(*own).group_by(Task.job).order_by(func.min(Task.job_order), Task.job)
    return {job: number for job, number in request.db.execute(counted)}


def _admin(request: Request) -> bool:
    return bool(request.has_permission(Permission.ADMINISTER))


def cluster_frame(request: Request, cluster: Cluster) -> dict[str, Any]:
    """What the header of every page of a cluster shows, whatever the number of its tasks."""
    session, service = request.db, request.console.catalog.get(cluster.service)
    version, entry = told_of(session, service, cluster)
    own = (Task.cluster_id == cluster.id, Task.retired.is_(False))
    return {
        "version": version,
        "entry": entry,
        "task_count": session.scalar(select(func.count()).select_from(Task).where(*own)) or 0,
        "section": "clusters",
        "title": f"{cluster.name} · {service_title(request.console.catalog, cluster.service)}",
        "cluster": cluster,
        "service_title": service_title(request.console.catalog, cluster.service),
        "badge": cluster_badge(cluster, request.now),
        "running": _open_operation(session, cluster),
        "config_path": cluster_path(cluster.service, cluster.name),
        "alerts_here": open_count(session, Wanted(service=cluster.service, cluster=cluster.name)),
    }


def told_of(session: Session, service: Service | None, cluster: Cluster) -> tuple[str, str]:
    """Which version its daemons say they are, and the address of its own page."""
    own = (Task.cluster_id == cluster.id, Task.retired.is_(False))
    return version_words(cluster.version, _versions(session, service, own)), _entry(session, service, own)


def _versions(session: Session, service: Service | None, own: Conditions) -> list[str]:
    """What its running daemons say that they are."""
    if service is None:
        return []
    said = Task.texts[f"{service.name}.{VERSION}"].as_string()
    counted = select(said.label("said"), func.count()).where(*own, Task.state == TaskState.RUNNING.value)
    return frequent_versions((text, number) for text, number in session.execute(counted.group_by("said")))


def _entry(session: Session, service: Service | None, own: Conditions) -> str:
    """Address of its own page."""
    if service is None or service.entry is None:
        return ""
    speaks = (Task.job == service.entry.job, Task.http_url != "")
    found = select(Task.job, Task.state, Task.texts, Task.http_url).where(*own, *speaks)
    return entry_of(service, session.execute(found.order_by(Task.job_order, Task.number)).all())


def _open_operation(session: Session, cluster: Cluster) -> OpenOperation | None:
    """What is being done with it, and how far that is."""
    operation = session.scalar(select(Operation).where(Operation.open_cluster_id == cluster.id))
    if operation is None:
        return None
    counted = select(Step.state, func.count()).where(Step.operation_id == operation.id).group_by(Step.state)
    counts = {state: number for state, number in session.execute(counted)}
    ended = sum(number for state, number in counts.items() if state in STEP_ENDED)
    return OpenOperation(operation, operation_badge(operation), ended, sum(counts.values()))


def task_rows(request: Request, tasks: list[Task]) -> list[TaskRow]:
    """Lines of a tasks table for ``tasks``."""
    return task_lines(Scene.of(request), tasks)
