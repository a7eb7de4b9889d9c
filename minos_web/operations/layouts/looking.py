"""What there is for a new cluster: approved hosts with what is free on them, and ports that others have."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_common.states import HostState
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.inventory import Machine as Kept
from minos_web.operations.inventory import Racks, all_machines
from minos_web.operations.layouts.parts import Machine
from minos_web.operations.neighbours import Taken

FRESH_SECONDS = 900.0
"""Figures that are older say nothing of what is free now."""
GB = 1000**3


def machines_of(session: Session, settings: ConsoleSettings, now: float) -> list[Machine]:
    """Every approved host, by name."""
    hosts = session.scalars(select(Host).where(Host.state == HostState.APPROVED).order_by(Host.name, Host.id))
    racks = all_machines(session)
    here = select(Task.host_id, func.count()).where(Task.retired.is_(False)).group_by(Task.host_id)
    tasks: dict[int | None, int] = {host: number for host, number in session.execute(here)}
    return [_machine(host, racks, tasks.get(host.id, 0), settings, now) for host in hosts]


def _machine(host: Host, racks: Racks, tasks: int, settings: ConsoleSettings, now: float) -> Machine:
    facts, kept = host.facts or {}, racks.of(host)
    figures = host.figures or {} if now - (host.figures_at or 0) < FRESH_SECONDS else {}
    total = int(facts.get("memory") or 0) or int(((kept and kept.ram_gb) or 0) * GB) or None
    free = figures.get("host.memory_available")
    return Machine(
        name=host.name,
        address=host.address,
        rack=racks.rack(host),
        body=host.boot_id,
        memory=int(free) if free is not None else total,
        memory_total=total,
        disk=_disk(figures, kept),
        cores=facts.get("cores") or (kept.cores if kept else None),
        tasks=tasks,
        unfit=_unfit(host, settings, now),
    )


def _disk(figures: dict[str, float], kept: Kept | None) -> int | None:
    """What is free on all file systems that tasks live on; where no figures tell, the size of what is kept."""
    free = [value for name, value in figures.items() if name.startswith("host.disk_free:")]
    if free or "host.disk_free" in figures:
        return int(sum(free) or figures["host.disk_free"])
    if kept is None or not kept.disk_gb:
        return None
    return int((kept.disks or 1) * kept.disk_gb * GB)


def _unfit(host: Host, settings: ConsoleSettings, now: float) -> str:
    if host.beat_at is None:
        return "its worker was never heard"
    silent = now - host.beat_at
    if silent > settings.lost_seconds:
        return f"its worker is silent for {silent:.0f} s"
    if host.maintenance:
        return "it is in maintenance"
    return ""


def found(machines: Iterable[Machine], named: Iterable[str]) -> tuple[list[Machine], list[str]]:
    """The machines of these names or addresses, in their order, each once; and names that no approved host has."""
    known = {text: machine for machine in machines for text in (machine.address, machine.name)}
    asked = list(dict.fromkeys(named))
    there = [known[name] for name in asked if name in known]
    return list(dict.fromkeys(there)), [name for name in asked if name not in known]


def taken_by_address(taken: Taken) -> dict[str, set[int]]:
    """Address -> ports of others; under the name of a host, where that is how it was written, as well."""
    ports: dict[str, set[int]] = {}
    for address, port in taken.owners:
        ports.setdefault(address, set()).add(port)
    return ports


def used_base_ports(session: Session) -> set[int]:
    """Base ports of all tasks that are described or on a host."""
    return set(session.scalars(select(Task.base_port).where(Task.retired.is_(False)).distinct()))


def clusters_of(session: Session, service: str) -> list[str]:
    """Names of the clusters of a service."""
    wanted = select(Cluster.name).where(Cluster.service == service, Cluster.retired.is_(False)).order_by(Cluster.name)
    return list(session.scalars(wanted))
