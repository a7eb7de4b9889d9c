"""The first page: every cluster, the unwell ones first; what runs now; hosts that need a look."""

from dataclasses import dataclass
from typing import Any

from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_common.states import STEP_ENDED, HostState
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation, Step
from minos_web.models.packages import Package
from minos_web.monitor.alert_lists import LEVELS, firing_by_cluster
from minos_web.monitor.entry import entry_of, version_words, versions_of
from minos_web.security.permissions import Permission
from minos_web.views.alert_words import tally
from minos_web.views.badges import Badge, cluster_badge, host_badge, operation_badge, task_badge, urgency
from minos_web.views.finding import service_title
from minos_web.views.frame import read_pulse

Firing = dict[tuple[str, str], dict[str, int]]
"""(service, cluster) -> level -> number of alerts."""
BLOCKS = 150
"""Squares of tasks that one card shows at most."""


@dataclass(frozen=True)
class OpenOperation:
    """A running operation with how many of its steps have ended."""

    operation: Operation
    badge: Badge
    ended: int
    total: int


@dataclass(frozen=True)
class Card:
    """One cluster as the first page shows it. ``blocks`` are (kind, title) of its tasks; ``entry`` is its own page;
    ``alerts`` says how many fire.
    """

    cluster: Cluster
    title: str
    badge: Badge
    blocks: list[tuple[str, str]]
    more: int
    operation: OpenOperation | None
    version: str
    entry: str
    alerts: str


@view_config(route_name="home", renderer="home.mako", permission=Permission.VIEW)
def home(request: Request) -> dict[str, Any]:
    """All clusters, open operations, and hosts that are not simply well."""
    session, now, console = request.db, request.now, request.console
    running = open_operations(session)
    hosts = list(session.scalars(select(Host).where(Host.state.in_((HostState.PENDING, HostState.APPROVED)))))
    firing = firing_by_cluster(session)
    cards = _cards(
        request,
        firing,
        {one.operation.cluster_id: one for one in running if one.operation.cluster_id},
        {host.id: host for host in hosts},
    )
    badges = [(host, host_badge(host, console.settings, now)) for host in hosts]
    unwell = sorted((pair for pair in badges if pair[1].kind != "running"), key=lambda pair: pair[0].name)
    return {
        "section": "clusters",
        "title": "Clusters",
        "cards": cards,
        "firing": tally({level: sum(one.get(level, 0) for one in firing.values()) for level in LEVELS}),
        "running": running,
        "unwell": unwell[:20],
        "unwell_more": max(0, len(unwell) - 20),
        "host_count": sum(host.state == HostState.APPROVED for host in hosts),
        "has_packages": session.scalar(select(Package.id).limit(1)) is not None,
    }


@view_config(route_name="pulse", renderer="pulse.mako", permission=Permission.VIEW)
def pulse(request: Request) -> dict[str, Any]:
    """The counts in the top line of every page."""
    return {"found": read_pulse(request.db, request.now, request.console.settings.lost_seconds)}


def open_operations(session: Session) -> list[OpenOperation]:
    """Operations that have not ended, newest first."""
    operations = list(
        session.scalars(select(Operation).where(Operation.ended_at.is_(None)).order_by(Operation.id.desc()))
    )
    counts = select(Step.operation_id, Step.state, func.count()).where(
        Step.operation_id.in_([operation.id for operation in operations])
    )
    ended: dict[int | None, int] = {}
    total: dict[int | None, int] = {}
    for operation_id, state, number in session.execute(counts.group_by(Step.operation_id, Step.state)):
        total[operation_id] = total.get(operation_id, 0) + number
        ended[operation_id] = ended.get(operation_id, 0) + (number if state in STEP_ENDED else 0)
    return [OpenOperation(one, operation_badge(one), ended.get(one.id, 0), total.get(one.id, 0)) for one in operations]


def _cards(request: Request, firing: Firing, running: dict[int, OpenOperation], hosts: dict[int, Host]) -> list[Card]:
    session, now, console = request.db, request.now, request.console
    tasks: dict[int, list[Task]] = {}
    for task in session.scalars(
        select(Task).where(Task.retired.is_(False)).order_by(Task.cluster_id, Task.job_order, Task.number)
    ):
        tasks.setdefault(task.cluster_id, []).append(task)
    cards = []
    for cluster in session.scalars(
        select(Cluster).where(Cluster.retired.is_(False)).order_by(Cluster.service, Cluster.name)
    ):
        own, service = tasks.get(cluster.id, []), console.catalog.get(cluster.service)
        blocks = _blocks(own, hosts, console.settings, now)
        cards.append(
            Card(
                cluster,
                service_title(console.catalog, cluster.service),
                cluster_badge(cluster, now),
                blocks[:BLOCKS],
                max(0, len(blocks) - BLOCKS),
                running.get(cluster.id),
                version_words(cluster.version, versions_of(service, own)),
                entry_of(service, own),
                tally(firing.get((cluster.service, cluster.name), {})),
            )
        )
    return sorted(cards, key=lambda card: urgency(card.badge.kind))


def _blocks(tasks: list[Task], hosts: dict[int, Host], settings: ConsoleSettings, now: float) -> list[tuple[str, str]]:
    """(kind, title) of tasks, unwell first where not all can be shown."""
    found = []
    for task in tasks:
        badge = task_badge(task, hosts.get(task.host_id or 0), settings, now)
        found.append((badge.kind, f"{task.job}/{task.number} on {task.address}: {badge.word}"))
    return found if len(found) <= BLOCKS else sorted(found, key=lambda block: urgency(block[0]))
