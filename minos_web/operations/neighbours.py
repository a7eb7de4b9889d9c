"""What a cluster file cannot know by itself: which hosts there are, and which ports other clusters have on them."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import HostState
from minos_web.clusterfile.description import ClusterDescription
from minos_web.clusterfile.problems import Problem, warning_at
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host

Taken = dict[tuple[str, int], str]
"""(address, port) -> the task that has it, in words."""


def taken_ports(session: Session, but: tuple[str, str]) -> Taken:
    """Ports of every task that is on a host, but those of one cluster (service, name)."""
    rows = session.execute(
        select(Task, Cluster)
        .join(Cluster, Task.cluster_id == Cluster.id)
        .where(Task.retired.is_(False), Task.bootstrapped.is_(True))
    )
    return {
        (task.address, port): f"{task.job}/{task.number} of {cluster.name}"
        for task, cluster in rows
        if (cluster.service, cluster.name) != but
        for port in task.ports.values()
    }


def clashes(taken: Taken, address: str, ports: Sequence[int]) -> list[str]:
    """In words: which of the ports of a task at ``address`` belong to others; none: empty."""
    owners: dict[str, list[int]] = {}
    for port in sorted(ports):
        if (address, port) in taken:
            owners.setdefault(taken[address, port], []).append(port)
    return [
        f"port{'s' if len(theirs) > 1 else ''} {', '.join(map(str, theirs))} of {address} belong{'s' if len(theirs) == 1 else ''} to {owner}"
        for owner, theirs in owners.items()
    ]


def warnings(session: Session, description: ClusterDescription, service: str, cluster: str) -> Iterator[Problem]:
    """What would stand in the way of a bootstrap now. Warnings: hosts may come, and neighbours may go, before it."""
    approved = select(Host.name, Host.address).where(Host.state == HostState.APPROVED)
    known = {text for row in session.execute(approved) for text in row}
    taken = taken_ports(session, (service, cluster))
    for job in description.jobs:
        strange = sorted({slot.host_address for slot in job.tasks} - known)
        if strange:
            yield warning_at(job.place, f"no approved host has the address {', '.join(strange)}")
        found = [text for slot in job.tasks for text in clashes(taken, slot.host_address, list(slot.ports.values()))]
        if found:
            more = f", and {len(found) - 1} more" if len(found) > 1 else ""
            yield warning_at(job.place, f"{found[0]}{more}: choose another base_port")
