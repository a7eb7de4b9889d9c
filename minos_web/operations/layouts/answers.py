"""What somebody answered in the wizard for a new cluster, and what hangs on it. PURE but for the catalog it is given."""

from collections.abc import Mapping, Sequence

import msgspec

from minos_web.catalog.description import Service
from minos_web.catalog.newcluster import jobs_of_template
from minos_web.catalog.sizes import Size
from minos_web.operations.layouts.parts import Layout

STEPS = ("service", "package", "hosts", "sizes", "review")


class Answers(msgspec.Struct):
    """As typed; empty is what nobody said. ``hosts``, ``ports`` and ``heaps`` by job; beside each what was recommended when it
    was said (``advised_...``): what is still so is recommended anew when what it hangs on changes, what is not was meant.

    ``text`` is the cluster file as somebody changed it, ``text_base`` the one that was made for them then.
    """

    service: str = ""
    name: str = ""
    size: str = ""
    level: str = ""
    hdfs: str = ""
    package: int = 0
    version: str = ""
    pin: bool = False
    hosts: dict[str, list[str]] = {}
    advised_hosts: dict[str, list[str]] = {}
    ports: dict[str, str] = {}
    advised_ports: dict[str, str] = {}
    heaps: dict[str, str] = {}
    advised_heaps: dict[str, str] = {}
    text: str = ""
    text_base: str = ""


def size_of(service: Service, name: str) -> Size:
    """The size of this name; the first one of the service for a name that it does not have."""
    return next((size for size in service.begins if size.name == name), service.begins[0])


def level_of(service: Service, answers: Answers) -> str:
    """The kind of base file: as chosen, else as the size says."""
    return answers.level or size_of(service, answers.size).level


def artifact_of(service: Service, name: str) -> str:
    """The artifact of its packages; that of a service described in its file is called like the cluster."""
    return name if service.described_in_file else service.artifact


def begin_anew(answers: Answers, service: str, size: str) -> None:
    """Another service forgets all that was said of the old one; another size only what was taken as recommended."""
    if service != answers.service:
        kept = (answers.name, answers.level)
        fresh = Answers()
        for field in fresh.__struct_fields__:
            setattr(answers, field, getattr(fresh, field))
        answers.name, answers.level = kept
    elif size != answers.size:
        same = [job for job, hosts in answers.hosts.items() if hosts == answers.advised_hosts.get(job)]
        for job in same:
            del answers.hosts[job]
        forget_sizes(answers)
    answers.service, answers.size = service, size


def forget_sizes(answers: Answers) -> None:
    """Hosts changed: ports and heaps that were taken as recommended are recommended anew."""
    for said, advised in ((answers.ports, answers.advised_ports), (answers.heaps, answers.advised_heaps)):
        for job in [job for job, text in said.items() if text == advised.get(job)]:
            del said[job]


def own_jobs(service: Service) -> list[str]:
    """Jobs of a new cluster that have hosts of their own."""
    wanted = jobs_of_template(service)
    return [job.name for job in service.jobs if job.name in wanted and not job.hosts_from]


def hosts_chosen(answers: Answers, layout: Layout) -> dict[str, list[str]]:
    """Job -> addresses: what was said, else what is recommended."""
    return {job: answers.hosts.get(job, list(hosts)) for job, hosts in layout.hosts.items()}


def ports_chosen(answers: Answers, layout: Layout) -> dict[str, str]:
    """Job -> base port as text: what was said, else what is recommended."""
    return {job: answers.ports.get(job, str(port)) for job, port in layout.ports.items()}


def heaps_chosen(answers: Answers, layout: Layout) -> dict[str, str]:
    """Job -> heap as text, empty for that of the base file."""
    return {job: answers.heaps.get(job, heap.text) for job, heap in layout.heaps.items()}


def changed(before: Mapping[str, Sequence[str]], after: Mapping[str, Sequence[str]]) -> bool:
    """Whether any job has other hosts than before."""
    return {job: list(hosts) for job, hosts in before.items()} != {job: list(hosts) for job, hosts in after.items()}
