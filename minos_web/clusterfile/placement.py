"""Who sits where: ports that leave their range or meet on one host."""

from collections.abc import Iterator

from minos_web.clusterfile.description import ClusterDescription
from minos_web.clusterfile.problems import Problem, error_at, warning_at

_HIGHEST_PORT = 65535


def placement_problems(description: ClusterDescription) -> Iterator[Problem]:
    """Jobs without hosts, ports beyond 65535, and ports that two tasks of this cluster share on one host."""
    taken: dict[tuple[str, int], str] = {}
    for job in description.jobs:
        if not job.tasks:
            yield warning_at(job.place, f"{job.name} has no host and is not deployed")
        highest = max(
            (slot.base_port + max(slot.ports.values(), default=slot.base_port) - slot.base_port for slot in job.tasks),
            default=0,
        )
        if highest > _HIGHEST_PORT:
            yield error_at(
                job.place, f"the instances of {job.name} need ports up to {highest}; {_HIGHEST_PORT} is the last"
            )
        elif any(slot.instance_id >= 10 for slot in job.tasks):
            yield warning_at(
                job.place, f"with more than ten instances the ports of {job.name} run into the next hundred"
            )
        clashes = set()
        for slot in job.tasks:
            for port in {slot.base_port, *slot.ports.values()}:
                other = taken.setdefault((slot.host_address, port), job.name)
                if other != job.name and other not in clashes:
                    clashes.add(other)
                    yield warning_at(job.place, f"{job.name} and {other} both use port {port} of {slot.host_address}")
