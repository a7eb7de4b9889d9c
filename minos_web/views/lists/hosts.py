"""The list of approved hosts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from minos_common.states import HostState, TaskState
from minos_common.wire import fingerprint
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.inventory import Machine
from minos_web.monitor.status_sql import host_kind
from minos_web.operations.inventory import Racks
from minos_web.views.badges import Badge, host_badge
from minos_web.views.lists.scene import Scene, by_urgency, in_state
from minos_web.views.lists.shape import Column, Shape, Test, has, known

KINDS = ("unknown", "degraded", "maintenance", "running")
_BY_NAME, _BY_IP = aliased(Machine), aliased(Machine)
_rack_said = func.lower(func.coalesce(_BY_NAME.rack, _BY_IP.rack, Host.facts["rack"].as_string(), ""))


@dataclass(frozen=True)
class HostLine:
    """One line of the hosts table. ``disks`` are (path, percent in use)."""

    host: Host
    badge: Badge
    fingerprint: str
    disks: list[tuple[str, float]]
    running: int
    total: int
    rack: str = ""


def host_list(scene: Scene) -> Shape:
    """Approved hosts: the unwell ones first."""
    settings, now = scene.console.settings, scene.now
    kind = host_kind(now, settings.late_seconds)
    base = (
        select(Host.id)
        .select_from(Host)
        .outerjoin(_BY_NAME, _BY_NAME.host == func.lower(Host.name))
        .outerjoin(_BY_IP, and_(_BY_NAME.id.is_(None), _BY_IP.ip == Host.address))
        .where(Host.state == HostState.APPROVED.value)
    )
    return Shape(
        name="hosts",
        one="host",
        many="hosts",
        row=Host,
        base=base,
        columns=_columns(kind),
        keys={
            "host": lambda value: has(Host.name, value),
            "address": lambda value: has(Host.address, value),
            "rack": _in_rack,
            "state": in_state(kind, KINDS),
            "role": _with(lambda value: Task.job == value.lower()),
            "cluster": _with(lambda value: Cluster.name == value),
            "service": _with(lambda value: Cluster.service == value.lower()),
            "worker": lambda value: Host.worker_version == value,
            "location": lambda value: has(func.coalesce(_BY_NAME.idc, _BY_IP.idc, ""), value),
        },
        words=(Host.name, Host.address),
        kind=kind,
        kinds=KINDS,
        usual_sort="state",
        lines=lambda session, rows: host_lines(Scene(session, scene.console, now), rows),
        hint="rack:r12 state:unknown role:datanode",
    )


def _columns(kind: ColumnElement[str]) -> list[Column]:
    figures = Host.figures
    return [
        Column("host", "Host", lambda line: line.host.name, (Host.name,), fixed=True),
        Column("address", "Address", lambda line: line.host.address, (Host.address,)),
        Column("rack", "Rack", lambda line: line.rack, (_rack_said, Host.address)),
        Column("state", "State", lambda line: line.badge.word, (by_urgency(kind, KINDS), Host.name)),
        Column("beat", "Beat", lambda line: line.host.beat_at, (known(Host.beat_at),), number=True),
        Column(
            "cpu", "CPU", _figure("host.cpu_percent"), (known(figures["host.cpu_percent"].as_float()),), high_first=True
        ),
        Column(
            "memory",
            "Memory",
            _figure("host.memory_percent"),
            (known(figures["host.memory_percent"].as_float()),),
            high_first=True,
        ),
        Column("disk", "Fullest disk", lambda line: line.disks[0][1] if line.disks else None),
        Column("tasks", "Tasks", lambda line: f"{line.running}/{line.total}", (_count(),), True, True),
        Column("worker", "Worker", lambda line: line.host.worker_version, (Host.worker_version,)),
        Column("starts", "Starts", lambda line: line.host.worker_starts, (Host.worker_starts,), True, True, False),
        Column("seen", "First seen", lambda line: line.host.first_seen, (Host.first_seen,), usual=False),
    ]


def host_lines(scene: Scene, hosts: Sequence[Host]) -> list[HostLine]:
    """Lines for these hosts."""
    ids = [host.id for host in hosts]
    running = func.sum(case((Task.state == TaskState.RUNNING.value, 1), else_=0))
    counted = select(Task.host_id, func.count(), running).where(Task.host_id.in_(ids), Task.retired.is_(False))
    counts = {host: (total, up) for host, total, up in scene.db.execute(counted.group_by(Task.host_id))}
    racks = _racks(scene.db, hosts)
    lines = []
    for host in hosts:
        total, up = counts.get(host.id, (0, 0))
        badge = host_badge(host, scene.console.settings, scene.now)
        disks = disks_of(host.figures)
        lines.append(HostLine(host, badge, fingerprint(host.public_key), disks, int(up), total, racks.rack(host)))
    return lines


def _racks(session: Session, hosts: Sequence[Host]) -> Racks:
    """The inventory as far as it may be about these."""
    names, addresses = [host.name.lower() for host in hosts], [host.address for host in hosts]
    return Racks(session.scalars(select(Machine).where(or_(Machine.host.in_(names), Machine.ip.in_(addresses)))))


def _in_rack(value: str) -> ColumnElement[bool]:
    """As operations/inventory finds it: what is kept, what the worker says, else the network of the address."""
    wanted = value.lower()
    by_address = and_(
        _rack_said == "", or_(Host.address == wanted, Host.address.startswith(f"{wanted}.", autoescape=True))
    )
    last = func.length(Host.address) - func.length(func.replace(Host.address, ".", "")) == wanted.count(".") + 1
    return or_(_rack_said == wanted, and_(by_address, or_(last, Host.address == wanted)))


def _with(of_task: Test) -> Test:
    """Hosts on which there is a task of that kind."""

    def test(value: str) -> ColumnElement[bool]:
        there = select(Task.id).join(Cluster, Cluster.id == Task.cluster_id)
        return exists(there.where(Task.host_id == Host.id, Task.retired.is_(False), of_task(value)))

    return test


def _count() -> Any:
    counted = select(func.count(Task.id)).where(Task.host_id == Host.id, Task.retired.is_(False))
    return counted.correlate(Host).scalar_subquery()


def _figure(name: str) -> Any:
    return lambda line: line.host.figures.get(name)


def disks_of(figures: dict[str, float]) -> list[tuple[str, float]]:
    """(mount or name, percent in use) of each disk that a host's figures tell of; the fullest first."""
    start = "host.disk_percent"
    found = [(name.removeprefix(start).strip(".:"), value) for name, value in figures.items() if name.startswith(start)]
    several = [pair for pair in found if pair[0]]
    return sorted(several or [("disk", value) for _, value in found], key=lambda pair: -pair[1])
