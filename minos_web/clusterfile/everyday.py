"""PURE. What is changed every day in a cluster file, read out of its text: version, package, ports, hosts, heaps."""

import re
from dataclasses import dataclass

from minos_web.catalog.description import Service
from minos_web.clusterfile.description import ClusterDescription
from minos_web.clusterfile.parse import Raw, Section, parse
from minos_web.clusterfile.sizes import heap_of

HOST_KEY = re.compile(r"host\.([0-9]{1,9})")
HEAP = re.compile(r"(?<![^\s'\"])-Xmx([0-9]{1,15}[kKmMgGtT]?)(?![^\s'\"])")


@dataclass(frozen=True)
class HostLine:
    """``host.<number>=<address>/...``; ``attributes`` are ``key=value`` pairs, ``key`` is the line's own ("" : new)."""

    number: int
    address: str
    instances: str = "1"
    attributes: tuple[str, ...] = ()
    key: str = ""

    @property
    def value(self) -> str:
        """The line's value."""
        several = [] if self.instances == "1" else [f"instance_num={self.instances}"]
        return "/".join([self.address, *self.attributes, *several])


@dataclass(frozen=True)
class JobPart:
    """A job as the cluster's own file has it. ``heap`` is its own -Xmx ("": none), ``inherited`` that of its bases.

    ``elsewhere``: the file that has the job's section, when it is another one. ``hosts_from``: the job whose hosts these
    are. ``plain_heap``: the text of the job's arguments lets a heap be written.
    """

    name: str
    title: str
    base_port: str = ""
    hosts: tuple[HostLine, ...] = ()
    heap: str = ""
    inherited: str = ""
    elsewhere: str = ""
    hosts_from: str = ""
    multi_instance: bool = False
    plain_heap: bool = True


@dataclass(frozen=True)
class Everyday:
    """The parts of a cluster file; ``pin`` is (package_name, revision, timestamp), None when it pins none."""

    version: str
    pin: tuple[str, str, str] | None
    jobs: tuple[JobPart, ...]


def read_everyday(text: str, service: Service, description: ClusterDescription | None) -> Everyday:
    """The parts of ``text``; with a ``description`` also what is inherited."""
    root, _problems = parse(text, "")
    head = root.sections.get("cluster") or Section("cluster", 0)
    pin = tuple(_text(head, key) for key in ("package_name", "revision", "timestamp"))
    names = description.job_names if description else dict.fromkeys(_text(head, "jobs").split())
    jobs = [_job(root, service, name, description) for name in names]
    return Everyday(_text(head, "version"), (pin[0], pin[1], pin[2]) if all(pin) else None, tuple(jobs))


def _job(root: Section, service: Service, name: str, description: ClusterDescription | None) -> JobPart:
    known = service.job(name)
    title = known.title if known and known.title else name
    section = root.sections.get(name)
    elsewhere = _elsewhere(description, name)
    if section is None or elsewhere:
        return JobPart(name, title, elsewhere=elsewhere or "another file")
    arguments = section.sections.get("arguments")
    entry = arguments.entries.get("jvm_args") if arguments else None
    return JobPart(
        name,
        title,
        base_port=_text(section, "base_port"),
        hosts=tuple(sorted(_hosts(section), key=lambda line: line.number)),
        heap=_own_heap(entry.value if entry else ""),
        inherited=_inherited(description, name),
        hosts_from=known.hosts_from if known else "",
        multi_instance=known.multi_instance if known else False,
        plain_heap=arguments is not None and not (entry and isinstance(entry.value, list)),
    )


def _elsewhere(description: ClusterDescription | None, name: str) -> str:
    """The base that has the job's section, which then counts as a whole; empty when it is the file itself."""
    job = description.all_jobs.get(name) if description else None
    return job.place.file if description and job and job.place.file != description.document.file else ""


def _inherited(description: ClusterDescription | None, name: str) -> str:
    job = description.all_jobs.get(name) if description else None
    found = heap_of(job) if job else None
    if description is None or found is None or found[1].place.file == description.document.file:
        return ""
    match = HEAP.search(found[1].text)
    return match[1] if match else ""


def _hosts(section: Section) -> list[HostLine]:
    lines = []
    for key, entry in section.entries.items():
        match = HOST_KEY.fullmatch(key)
        if match and isinstance(entry.value, str):
            address, *pairs = entry.value.split("/")
            instances = [pair.removeprefix("instance_num=") for pair in pairs if pair.startswith("instance_num=")]
            attributes = tuple(pair for pair in pairs if not pair.startswith("instance_num="))
            lines.append(HostLine(int(match[1]), address, instances[-1] if instances else "1", attributes, key))
    return lines


def _own_heap(value: Raw) -> str:
    found = HEAP.findall(value) if isinstance(value, str) else []
    return found[-1] if found else ""


def _text(section: Section, key: str) -> str:
    entry = section.entries.get(key)
    return entry.value if entry and isinstance(entry.value, str) else ""
