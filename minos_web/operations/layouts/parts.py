"""PURE. What a layout is made of: machines with what is free on them, the parts of a cluster, and what was found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from minos_web.catalog.description import Job, Service
from minos_web.catalog.newcluster import jobs_of_template, ports_of_template
from minos_web.catalog.sizes import Size, SizeJob
from minos_web.clusterfile.hosts import INSTANCE_STEP

MIB = 1 << 20
GIB = 1 << 30


@dataclass(frozen=True)
class Machine:
    """An approved host with what is free on it in bytes, None where nobody knows. ``body`` is equal for hosts that are one
    machine; ``tasks`` are there already. ``unfit`` says why it is not recommended; empty: it is.
    """

    name: str
    address: str
    rack: str = ""
    body: str = ""
    memory: int | None = None
    memory_total: int | None = None
    disk: int | None = None
    cores: int | None = None
    tasks: int = 0
    unfit: str = ""


@dataclass(frozen=True)
class Part:
    """A job of the cluster to be: how its folder says it begins. ``beside`` is the job whose hosts it has; ``ports`` are
    offsets from its base port."""

    job: str
    title: str
    begins: SizeJob
    quorum: bool = False
    beside: str = ""
    ports: tuple[int, ...] = (0,)
    usual_port: int = 0


@dataclass(frozen=True)
class Note:
    """What was found. ``level`` is pass, warn or fail; ``advice`` is the way out, ``step`` the step of the wizard for it."""

    level: str
    title: str
    text: str
    advice: str = ""
    step: str = ""


@dataclass(frozen=True)
class Heap:
    """The largest heap of a job's processes in MiB; 0: none is said, that of the base file counts. ``why`` in one line."""

    mb: int = 0
    why: str = ""

    @property
    def text(self) -> str:
        """As java takes it: 2g, 640m; empty for none."""
        if not self.mb:
            return ""
        return f"{self.mb // 1024}g" if self.mb % 1024 == 0 else f"{self.mb}m"


@dataclass
class Layout:
    """A layout as recommended: job -> addresses, base ports and heaps, and what is to be said of it."""

    hosts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    heaps: dict[str, Heap] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def parts_of(service: Service, size: Size) -> list[Part]:
    """The jobs that a new cluster of the service has, in start order."""
    wanted, ports = jobs_of_template(service), ports_of_template(service)
    known = [job for job in service.jobs if not wanted or job.name in wanted]
    return [_part(job, size, ports.get(job.name, 0)) for job in known]


def _part(job: Job, size: Size, port: int) -> Part:
    offsets = tuple(job.ports.values()) or (0,)
    return Part(job.name, job.title or job.name, size.of(job.name), job.quorum, job.hosts_from, offsets, port)


def hosts_of(part: Part, hosts: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Addresses of a part: its own, or those of the part beside which it runs."""
    return hosts.get(part.beside or part.job, ())


def ports_at(part: Part, base: int, instance: int = 0) -> Iterator[int]:
    """Every port that a task of the part has with this base port."""
    for offset in {0, *part.ports}:
        yield base + instance * INSTANCE_STEP + offset


def in_words(size: int) -> str:
    """A size of memory: 3.5 GiB, 640 MiB."""
    return f"{size / GIB:.1f} GiB" if size >= GIB else f"{size // MIB} MiB"
