"""The servers of a ZooKeeper cluster beside each other: what they are, how fast, how much they hold, and who differs."""

from collections.abc import Mapping
from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from minos_web.boards.zookeeper.members import Member, leaders, member_rows
from minos_web.boards.zookeeper.reading import TooManyReaders, ask_in_turn
from minos_web.boards.zookeeper.servers import Server, Told
from minos_web.boards.zookeeper.tree import servers_of, zookeeper_cluster
from minos_web.models.clusters import Task
from minos_web.security.permissions import Permission
from minos_web.views.charting import service_as_described, service_charts
from minos_web.views.clusters import cluster_frame, task_rows

MOST = 30


@view_config(
    route_name="zookeeper_ensemble",
    request_method="GET",
    renderer="zookeeper_ensemble.mako",
    permission=Permission.VIEW,
)
def ensemble_page(request: Request) -> dict[str, Any]:
    """Every member with its figures, and the history of them."""
    cluster = zookeeper_cluster(request)
    shown = [task for task in cluster.tasks if task.described][:MOST]
    told = _told(servers_of(cluster))
    members = [member_of(task, told.get(_server(task)), _is_fresh(request, task)) for task in shown]
    where = {"service": cluster.service, "cluster": cluster.name}
    charts = service_charts(request, service_as_described(request, cluster), where)
    return {
        **cluster_frame(request, cluster),
        "tasks": task_rows(request, shown),
        "told": [told.get(_server(task)) for task in shown],
        "rows": member_rows(members),
        "members": members,
        "leaders": leaders(members),
        "charts": [chart for chart in charts if chart.url.count("zookeeper.")],
    }


def _told(servers: list[Server]) -> dict[Server | None, Told]:
    """What each says of itself; nothing while too many others are asked, which the page then calls unknown."""
    try:
        return {one.server: one for one in ask_in_turn(servers)}
    except TooManyReaders:
        return {}


def _server(task: Task) -> Server | None:
    return (task.address, task.ports["client"]) if "client" in task.ports else None


def _is_fresh(request: Request, task: Task) -> bool:
    at = task.figures_at
    settings = request.console.settings
    return at is not None and request.now - at <= 3 * settings.sample_seconds + settings.lost_seconds


def member_of(task: Task, told: Told | None, fresh: bool) -> Member:
    """PURE. A member out of its task's row and what it says itself."""
    return Member(
        name=f"{task.job}/{task.number}",
        figures=_own(task.figures) if task.pid else {},
        texts=_own(task.texts) if task.pid else {},
        mode=told.mode if told else "",
        zxid=told.zxid if told else None,
        says=told.says if told else "",
        old=not fresh,
        serves=told.serves if told else None,
    )


def _own(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """Figures of ZooKeeper itself, without those of its process."""
    return {
        name.removeprefix("zookeeper."): one for name, one in (values or {}).items() if name.startswith("zookeeper.")
    }
