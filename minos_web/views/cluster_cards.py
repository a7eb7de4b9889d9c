"""Clusters as cards: how each is and why, its jobs, its squares, and what its own daemons say of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyramid.request import Request
from sqlalchemy import or_, select

from minos_common.states import TaskState
from minos_web.models.clusters import Cluster, Task
from minos_web.monitor.entry import entry_of, version_words, versions_of
from minos_web.views.alert_words import tally
from minos_web.views.badges import Badge
from minos_web.views.looking import ClusterLook, group_of_cluster
from minos_web.views.open_operations import OpenOperation
from minos_web.views.wall import Group

Firing = Mapping[tuple[str, str], dict[str, int]]
"""(service, cluster) -> level -> number of alerts."""
ASKED = 40
"""A cluster with more tasks is asked for its version and its page by the daemons that speak for it alone."""


@dataclass(frozen=True)
class Card:
    """One cluster. ``entry`` is its own page; ``alerts`` says how many fire."""

    cluster: Cluster
    title: str
    badge: Badge
    group: Group | None
    operation: OpenOperation | None
    version: str
    entry: str
    alerts: str


def cards_of(
    request: Request, shown: Sequence[ClusterLook], running: Mapping[int, OpenOperation], firing: Firing
) -> list[Card]:
    """A card for each of these clusters."""
    catalog = request.console.catalog
    speakers = _speakers(request, shown)
    cards = []
    for look in shown:
        cluster, own = look.cluster, speakers.get(look.cluster.id, [])
        service = catalog.get(cluster.service)
        cards.append(
            Card(
                cluster,
                look.title,
                look.badge,
                group_of_cluster(request, look) if look.total else None,
                running.get(cluster.id),
                version_words(cluster.version, versions_of(service, own)),
                entry_of(service, own),
                tally(firing.get((cluster.service, cluster.name), {})),
            )
        )
    return cards


def _speakers(request: Request, shown: Sequence[ClusterLook]) -> dict[int, list[Any]]:
    """Cluster's id -> running tasks that are asked for its version and its page."""
    wanted = []
    for one in shown:
        service = request.console.catalog.get(one.cluster.service)
        if one.total <= ASKED:
            wanted.append(Task.cluster_id == one.cluster.id)
        elif service and service.entry:
            wanted.append((Task.cluster_id == one.cluster.id) & (Task.job == service.entry.job))
    if not wanted:
        return {}
    columns = (Task.cluster_id, Task.job, Task.state, Task.texts, Task.http_url)
    query = select(*columns).where(Task.retired.is_(False), Task.state == str(TaskState.RUNNING), or_(*wanted))
    found: dict[int, list[Any]] = {}
    for row in request.db.execute(query.order_by(Task.cluster_id, Task.job_order, Task.number)):
        found.setdefault(row.cluster_id, []).append(row)
    return found
