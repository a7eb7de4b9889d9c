"""What a cluster file cannot know by itself: whether the site has the hosts, ports, package and memory it asks for."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import HostState
from minos_web.clusterfile.arguments import Item
from minos_web.clusterfile.description import ClusterDescription, JobDescription
from minos_web.clusterfile.problems import Problem, warning_at
from minos_web.clusterfile.sizes import heap_of, quorum_problems
from minos_web.models.hosts import Host
from minos_web.operations.choosing import missing_package
from minos_web.operations.neighbours import Taken, clashes, taken_ports

GIB = 1 << 30


def fit_problems(session: Session, description: ClusterDescription) -> list[Problem]:
    """What would stand in the way of a bootstrap now, or not end well. Warnings all: hosts and packages may come, and
    neighbours may go, before it; what is truly in the way then is refused then."""
    taken = taken_ports(session, (description.service.name, description.name))
    hosts = _approved(session)
    found = [problem for job in description.jobs for problem in _job_problems(job, hosts, taken)]
    return [*quorum_problems(description), *found, *_package(session, description), *_memory(description, hosts)]


def _approved(session: Session) -> dict[str, Host]:
    """Approved hosts by name and by address."""
    rows = session.scalars(select(Host).where(Host.state == HostState.APPROVED))
    return {text: host for host in rows for text in (host.name, host.address) if text}


def _job_problems(job: JobDescription, hosts: dict[str, Host], taken: Taken) -> Iterator[Problem]:
    places = {host.address: host.place for host in job.hosts}
    strange = [host for host in job.hosts if host.address not in hosts]
    if strange:
        named = ", ".join(host.address for host in strange[:5]) + _more(len(strange) - 5)
        yield warning_at(strange[0].place, f"no approved host has the address {named}: install a worker there")
    found = [
        (slot.host_address, text)
        for slot in job.tasks
        for text in clashes(taken, slot.host_address, list(slot.ports.values()))
    ]
    if found:
        address, text = found[0]
        yield warning_at(
            places.get(address, job.place), f"{text}{_more(len(found) - 1, ',')}: choose another base_port"
        )


def _more(count: int, before: str = "") -> str:
    return f"{before} and {count} more" if count > 0 else ""


def _package(session: Session, description: ClusterDescription) -> Iterator[Problem]:
    missing = missing_package(session, description)
    if missing is not None:
        key, text = missing
        table = description.document.tables["cluster"]
        place = table.values[key].place if key in table.values else table.place
        yield warning_at(place, text)


def _memory(description: ClusterDescription, hosts: dict[str, Host]) -> Iterator[Problem]:
    """Heaps that their host cannot hold: one alone, or those of the cluster's tasks there together. The least host of
    a job speaks for it."""
    asked: dict[int, list[tuple[int, Item, str]]] = {}
    for job in description.jobs:
        heap = heap_of(job)
        for slot in job.tasks if heap else ():
            host = hosts.get(slot.host_address)
            if heap and host is not None and host.facts.get("memory"):
                asked.setdefault(host.id, []).append((*heap, f"{slot.job} {slot.task_id}"))
    by_id = {host.id: host for host in hosts.values()}
    told: set[Item] = set()
    for host_id, heaps in sorted(asked.items(), key=lambda one: int(by_id[one[0]].facts["memory"])):
        size, item, task = max(heaps, key=lambda one: one[0])
        if item in told:
            continue
        memory = int(by_id[host_id].facts["memory"])
        has = f"{by_id[host_id].name} has {_gib(memory)} of memory"
        total = sum(one[0] for one in heaps)
        if size > memory:
            told.add(item)
            yield warning_at(item.place, f"a heap of {_gib(size)} ({item.text}) for {task}, but {has}")
        elif total > memory:
            told.add(item)
            names = ", ".join(one[2] for one in heaps[:4]) + _more(len(heaps) - 4)
            yield warning_at(item.place, f"heaps of {_gib(total)} together ({names}), but {has}")


def _gib(size: int) -> str:
    return f"{size / GIB:.1f} GiB" if size >= GIB else f"{size >> 20} MiB"
