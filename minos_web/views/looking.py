"""One look at all clusters, hosts and tasks, as the overview and the list of clusters show them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pyramid.request import Request
from sqlalchemy import select

from minos_common.states import HostState
from minos_web.models.clusters import Cluster
from minos_web.models.inventory import Machine
from minos_web.monitor.tallies import Scene, all_clusters, all_hosts, kinds_by_cluster, tasks_to_name
from minos_web.operations.inventory import Racks
from minos_web.views.badges import Badge, cluster_badge, host_badge, urgency
from minos_web.views.finding import service_title
from minos_web.views.wall import Group, Named, group_of, ordered

NAMED = 250
"""Squares at most that have a name and a link of their own, of tasks and of hosts: the unwell ones, else all."""
_LOOK_AT = ("down", "degraded", "unknown")


@dataclass(frozen=True)
class ClusterLook:
    """One cluster: how it is, how many of its tasks are how, and those of them that have a name on the wall."""

    cluster: Cluster
    title: str
    badge: Badge
    kinds: Counter[str]
    named: list[Named] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many tasks it has."""
        return self.kinds.total()

    @property
    def needs_a_look(self) -> bool:
        """Whether somebody should look after it."""
        return self.badge.kind in _LOOK_AT


@dataclass(frozen=True)
class HostLook:
    """One host: its row and how it is."""

    row: Any
    badge: Badge


@dataclass(frozen=True)
class _Place:
    """As much of a host as tells its rack."""

    name: str
    address: str
    facts: dict[str, str]


@dataclass(frozen=True)
class Look:
    """Everything: clusters with the unwell first, and hosts that are approved or wait to be."""

    clusters: list[ClusterLook]
    hosts: list[HostLook]

    @property
    def tasks(self) -> int:
        """How many tasks there are."""
        return sum(one.total for one in self.clusters)

    def task_groups(self, request: Request) -> list[Group]:
        """The wall of tasks: a group for each cluster."""
        return ordered([group_of_cluster(request, one) for one in self.clusters if one.total])

    def host_groups(self, request: Request) -> list[Group]:
        """The wall of hosts: a group for each rack."""
        machines: Any = request.db.execute(select(Machine.host, Machine.ip, Machine.rack).order_by(Machine.host)).all()
        racks = Racks(machines)
        everyone = len(self.hosts) <= NAMED
        kinds: dict[str, Counter[str]] = {}
        named: dict[str, list[Named]] = {}
        spare = NAMED
        for one in sorted(self.hosts, key=lambda host: urgency(host.badge.kind)):
            place: Any = _Place(one.row.name, one.row.address, {"rack": one.row.said_rack or ""})
            rack = racks.rack(place)
            kinds.setdefault(rack, Counter())[one.badge.kind] += 1
            if spare and (everyone or one.badge.kind != "running"):
                spare -= 1
                named.setdefault(rack, []).append(_named_host(request, one))
        heat = request.route_path("heat")
        return ordered([group_of(rack, "Rack", heat, some, named.get(rack, [])) for rack, some in kinds.items()])


def look_around(request: Request) -> Look:
    """Look at everything. Counts come from the database, so that ten thousand tasks are no more work than ten."""
    session, now, settings = request.db, request.now, request.console.settings
    rows = all_hosts(session)
    clusters = all_clusters(session)
    scene = Scene({row.id: row for row in rows}, {one.id: one for one in clusters}, settings, now)
    kinds = kinds_by_cluster(session, scene)
    everyone = sum(one.total() for one in kinds.values()) <= NAMED
    named: dict[int, list[Named]] = {}
    for row, status in tasks_to_name(session, scene, NAMED, everyone):
        title = f"{row.job}/{row.number} on {row.address}: {status.word}"
        cluster = scene.clusters[row.cluster_id]
        place = {"service": cluster.service, "cluster": cluster.name, "job": row.job, "number": row.number}
        if everyone or str(status.kind) not in ("running", "stopped"):
            named.setdefault(cluster.id, []).append(Named(str(status.kind), title, request.route_path("task", **place)))
    looks = [
        ClusterLook(
            one,
            service_title(request.console.catalog, one.service),
            cluster_badge(one, now),
            kinds.get(one.id, Counter()),
            named.get(one.id, []),
        )
        for one in clusters
    ]
    known = (HostState.PENDING, HostState.APPROVED)
    hosts = [HostLook(row, host_badge(row, settings, now)) for row in rows if row.state in known]
    return Look(sorted(looks, key=lambda one: urgency(one.badge.kind)), hosts)


def group_of_cluster(request: Request, one: ClusterLook) -> Group:
    """The squares of one cluster."""
    at = {"service": one.cluster.service, "cluster": one.cluster.name}
    return group_of(one.cluster.name, one.title, request.route_path("cluster", **at), one.kinds, one.named)


def _named_host(request: Request, one: HostLook) -> Named:
    waits = one.row.state == HostState.PENDING
    url = request.route_path("hosts") if waits else request.route_path("host", name=one.row.name)
    why = f", {one.badge.title}" if one.badge.title else ""
    return Named(one.badge.kind, f"{one.row.name}: {one.badge.word}{why}", url)
