"""What would stand in the way of a described cluster, each point with pass, warn or fail and how to mend it."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_common.states import HostState, TaskState
from minos_web.clusterfile.description import ClusterDescription
from minos_web.clusterfile.directories import task_dirs
from minos_web.clusterfile.placement import placement_problems
from minos_web.clusterfile.sizes import heap_of, quorum_problems
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.operations.choosing import missing_package
from minos_web.operations.describe import instance_of
from minos_web.operations.layouts.parts import Note, in_words
from minos_web.operations.neighbours import clashes, taken_ports
from minos_web.operations.rendering import host_dirs

_SHOWN = 4


def judge(session: Session, console: Console, description: ClusterDescription, now: float) -> list[Note]:
    """Every point, also those that are well: what fails first, then what is worth a look."""
    approved = session.scalars(select(Host).where(Host.state == HostState.APPROVED))
    hosts = {key: host for host in approved for key in (host.name, host.address) if key}
    notes = [
        _hosts(description, hosts, console.settings, now),
        *_quorums(description),
        _ports(session, description),
        _memory(description, hosts),
        _java(description, hosts),
        _package(session, description),
        _directories(session, console, description, hosts),
        *_needs(session, description),
    ]
    order = ("fail", "warn", "pass")
    return sorted(notes, key=lambda note: order.index(note.level))


def _hosts(description: ClusterDescription, hosts: dict[str, Host], settings: ConsoleSettings, now: float) -> Note:
    used = _addresses(description)
    strange = [one for one in used if one not in hosts]
    if not used:
        return Note("fail", "Hosts", "No job has a host.", "Choose hosts.", "hosts")
    if strange:
        text = f"No approved host has the address {_some(strange)}."
        return Note("fail", "Hosts", text, "Approve its worker, or choose another host.", "hosts")
    silent = [one for one in used if now - (hosts[one].beat_at or 0) > settings.lost_seconds]
    if silent:
        text = f"The worker of {_some(silent)} is silent."
        return Note("fail", "Hosts", text, "See on the hosts page why, or choose another host.", "hosts")
    empty = [job.name for job in description.jobs if not job.tasks]
    if empty:
        return Note(
            "warn", "Hosts", f"{_some(empty)} has no host and is not deployed.", "Choose hosts for it.", "hosts"
        )
    return Note("pass", "Hosts", f"{len(used)} approved, and all of them in touch.")


def _quorums(description: ClusterDescription) -> Iterator[Note]:
    odd = {problem.section: problem.message for problem in quorum_problems(description)}
    for job in description.jobs:
        if not job.job.quorum:
            continue
        message = odd.get(job.place.section)
        if message:
            yield Note("warn", "Quorum", f"{message}.", "Choose an odd number of hosts, three or more.", "hosts")
        else:
            count = len(job.tasks)
            yield Note(
                "pass", "Quorum", f"{count} {job.name} tasks decide by majority: {(count - 1) // 2} may be lost."
            )


def _ports(session: Session, description: ClusterDescription) -> Note:
    taken = taken_ports(session, (description.service.name, description.name))
    found = [
        text
        for slot in description.tasks()
        for text in clashes(taken, slot.host_address, sorted({slot.base_port, *slot.ports.values()}))
    ]
    if found:
        return Note("fail", "Ports", f"{_some(found, 2)}.", "Give the job another base port.", "sizes")
    own = [problem for problem in placement_problems(description) if "port" in problem.message]
    if own:
        return Note("fail", "Ports", f"{own[0].message}.", "Give each job a hundred of its own.", "sizes")
    return Note("pass", "Ports", "No other cluster has any of them on these hosts.")


def _memory(description: ClusterDescription, hosts: dict[str, Host]) -> Note:
    asked: dict[str, int] = {}
    unknown = False
    for job in description.jobs:
        heap = heap_of(job)
        unknown = unknown or (heap is None and bool(job.tasks) and job.job.needs_java)
        for slot in job.tasks if heap else ():
            asked[slot.host_address] = asked.get(slot.host_address, 0) + (heap[0] if heap else 0)
    full = [
        f"{hosts[one].name} ({in_words(size)} of heaps, {in_words(int(hosts[one].facts['memory']))} of memory)"
        for one, size in asked.items()
        if one in hosts and hosts[one].facts.get("memory") and size > int(hosts[one].facts["memory"])
    ]
    if full:
        return Note(
            "fail", "Memory", f"Too much for {_some(full)}.", "Make heaps smaller, or choose more hosts.", "sizes"
        )
    tight = [
        f"{hosts[one].name} ({in_words(size)} of heaps, {in_words(int(hosts[one].figures['host.memory_available']))} free)"
        for one, size in asked.items()
        if one in hosts and "host.memory_available" in hosts[one].figures
        if size > hosts[one].figures["host.memory_available"]
    ]
    if tight:
        return Note(
            "warn",
            "Memory",
            f"Little is left on {_some(tight)}.",
            "Make heaps smaller, or choose other hosts.",
            "sizes",
        )
    if unknown:
        return Note(
            "warn", "Memory", "Some job has no largest heap: java takes a quarter of the memory.", "Say one.", "sizes"
        )
    return Note("pass", "Memory", "The heaps find room on every host.")


def _java(description: ClusterDescription, hosts: dict[str, Host]) -> Note:
    needing = {slot.host_address for job in description.jobs if job.job.needs_java for slot in job.tasks}
    none = [
        hosts[one].name
        for one in sorted(needing)
        if one in hosts and str(hosts[one].facts.get("java", "")).startswith("none")
    ]
    if none:
        return Note("fail", "Java", f"No JDK was found on {_some(none)}.", "Set java_home in its worker.ini.", "hosts")
    return Note("pass", "Java", "Every host that needs one has a JDK." if needing else "No job needs one.")


def _package(session: Session, description: ClusterDescription) -> Note:
    missing = missing_package(session, description)
    if missing:
        return Note(
            "fail", "Package", f"{missing[1][:1].upper()}{missing[1][1:]}.", "Upload one, or choose another.", "package"
        )
    return Note("pass", "Package", f"The store has version {description.version}.")


def _directories(session: Session, console: Console, description: ClusterDescription, hosts: dict[str, Host]) -> Note:
    """Directories have the names of service, cluster and job in them: only what is called alike can have the same."""
    left = _left_behind(session, description)
    if left:
        text = f"{_some(left)} of a cluster of this name is still on its host."
        return Note("fail", "Directories", text, "Clean it up first, or give this cluster another name.", "service")
    roots = host_dirs(session, console)
    owners: dict[tuple[str, str], str] = {}
    for slot in description.tasks():
        host = hosts.get(slot.host_address)
        if host is None or not host.boot_id or slot.host_address not in roots:
            continue
        dirs = task_dirs(roots[slot.host_address], slot.service, slot.cluster, slot.job, slot.instance)
        for place in (dirs.run_dir, dirs.log_dir, *dirs.data_dirs):
            other = owners.setdefault((host.boot_id, place), host.name)
            if other != host.name:
                text = f"{other} and {host.name} are one machine, and both would use {place}."
                return Note(
                    "fail", "Directories", text, "Choose one of them, or give its worker another root.", "hosts"
                )
    return Note("pass", "Directories", "No other task has them.")


def _left_behind(session: Session, description: ClusterDescription) -> list[str]:
    """Bootstrapped tasks of a cluster of this name where its file would put new ones."""
    rows = session.scalars(
        select(Task)
        .join(Cluster)
        .where(Cluster.service == description.service.name, Cluster.name == description.name)
        .where(Task.bootstrapped, Task.retired.is_(False), Task.described.is_(False))
        .order_by(Task.id)
    )
    wanted = {(slot.job, slot.host_address, instance_of(slot)) for slot in description.tasks()}
    return [f"{row.job} on {row.address}" for row in rows if (row.job, row.address, row.instance) in wanted]


def _needs(session: Session, description: ClusterDescription) -> Iterator[Note]:
    for needed in description.needs:
        service, _, name = needed.partition("/")
        row = session.scalar(select(Cluster).filter_by(service=service, name=name, retired=False))
        if row is None:
            yield Note(
                "fail", "Needs", f"It needs {service} {name}, which nobody described.", "Create that first.", "service"
            )
        elif not any(task.state == TaskState.RUNNING for task in row.tasks):
            text = f"It needs {service} {name}, of which no task runs."
            yield Note("warn", "Needs", text, f"Bootstrap or start {name} first.", "service")
        else:
            yield Note("pass", "Needs", f"{service} {name} runs.")


def _addresses(description: ClusterDescription) -> list[str]:
    return list(dict.fromkeys(slot.host_address for slot in description.tasks()))


def _some(names: Sequence[str], most: int = _SHOWN) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"
