"""Hosts that come to a cluster that is there: its file with them, and the tasks that are new by it. PURE."""

from collections.abc import Sequence
from dataclasses import replace

from minos_web.clusterfile.description import ClusterDescription
from minos_web.clusterfile.edits import CannotWrite
from minos_web.clusterfile.everyday import HostLine, JobPart, read_everyday
from minos_web.clusterfile.everyday_edits import write_everyday


def with_hosts(text: str, description: ClusterDescription, jobs: Sequence[str], addresses: Sequence[str]) -> str:
    """The cluster's text with a host line of each address in each of the jobs; who is there already stays as it is.

    Raises CannotWrite for a job whose hosts do not stand in this file.
    """
    before = read_everyday(text, description.service, description)
    parts = [_with(part, addresses) if part.name in jobs else part for part in before.jobs]
    return write_everyday(text, before, replace(before, jobs=tuple(parts)))


def _with(part: JobPart, addresses: Sequence[str]) -> JobPart:
    if part.elsewhere:
        raise CannotWrite(f"the section [{part.name}] stands in {part.elsewhere}: add its hosts there")
    if part.hosts_from:
        raise CannotWrite(f"{part.name} runs where {part.hosts_from} does: choose that")
    there = {line.address for line in part.hosts}
    number = max((line.number for line in part.hosts), default=-1) + 1
    fresh = [one for one in addresses if one not in there]
    lines = tuple(HostLine(number + place, address) for place, address in enumerate(fresh))
    return replace(part, hosts=(*part.hosts, *lines))


def fresh_tasks(before: ClusterDescription, after: ClusterDescription) -> list[tuple[str, str]]:
    """(job, address) of tasks that only ``after`` has."""
    known = {(slot.job, slot.host_address) for slot in before.tasks()}
    return [one for slot in after.tasks() if (one := (slot.job, slot.host_address)) not in known]


def jobs_to_join(description: ClusterDescription) -> list[tuple[str, str]]:
    """(name, title) of the jobs that have hosts of their own."""
    return [(job.name, job.job.title or job.name) for job in description.jobs if not job.job.hosts_from]
