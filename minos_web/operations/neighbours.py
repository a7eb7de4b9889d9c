"""Ports of other clusters on the same hosts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host


@dataclass(frozen=True)
class Owner:
    """The task that has a port, in words. ``holds``: it is on its host; otherwise it is only described."""

    words: str
    holds: bool


@dataclass(frozen=True)
class Taken:
    """Ports of the tasks of other clusters. A host that is known counts as one under its name and its address."""

    owners: dict[tuple[str, int], Owner]
    addresses: dict[str, str]

    def owner(self, address: str, port: int) -> Owner | None:
        """Who has ``port`` of the host with this name or address."""
        return self.owners.get((self.addresses.get(address, address), port))


def taken_ports(session: Session, but: tuple[str, str]) -> Taken:
    """Ports of every task that is described or on a host, but those of one cluster (service, name)."""
    addresses = {name: address for name, address in session.execute(select(Host.name, Host.address)) if address}
    rows = session.execute(
        select(Task.address, Task.ports, Task.job, Task.number, Task.bootstrapped, Cluster.service, Cluster.name)
        .join(Cluster, Task.cluster_id == Cluster.id)
        .where(Task.retired.is_(False))
        .order_by(Task.bootstrapped, Task.id.desc())  # of several, the one that is on the host counts, and the oldest
    )
    owners = {
        (addresses.get(address, address), port): Owner(f"{job}/{number} of {cluster}", holds)
        for address, ports, job, number, holds, service, cluster in rows
        if (service, cluster) != but
        for port in ports.values()
    }
    return Taken(owners, addresses)


def clashes(taken: Taken, address: str, ports: Sequence[int], held_only: bool = False) -> list[str]:
    """In words: which of the ports of a task at ``address`` others have; ``held_only``: on their hosts already."""
    found: dict[Owner, list[int]] = {}
    for port in sorted(ports):
        owner = taken.owner(address, port)
        if owner is not None and (owner.holds or not held_only):
            found.setdefault(owner, []).append(port)
    return [_words(owner, theirs, address) for owner, theirs in found.items()]


def _words(owner: Owner, ports: list[int], address: str) -> str:
    several = len(ports) > 1
    named = f"port{'s' if several else ''} {', '.join(map(str, ports))} of {address}"
    if owner.holds:
        return f"{named} belong{'' if several else 's'} to {owner.words}"
    return f"{named} {'are' if several else 'is'} described for {owner.words} as well"
