"""A cluster as described: its attributes, jobs and tasks, and the document its files are made from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from minos_common.words import TaskName
from minos_web.catalog.description import Job, Service
from minos_web.clusterfile.arguments import ArgumentLists
from minos_web.clusterfile.document import Document, Table
from minos_web.clusterfile.head import PIN_KEYS
from minos_web.clusterfile.hosts import INSTANCE_STEP, Host
from minos_web.clusterfile.problems import Place, Problem
from minos_web.clusterfile.running import BY_DEFAULT, Running

LEAVES = "decommission"
"""The attribute of a host line that says that the tasks of this job there are decommissioned."""


@dataclass(frozen=True, slots=True)
class TaskSlot:
    """One task: a job on a host, with an instance number.

    ``task_id`` counts over all hosts of the job. ``base_port`` and ``ports`` (name -> port) are this instance's own.
    ``instance_id`` is 0 where the host has a single instance; ``attributes`` are those of the host line.
    """

    service: str
    cluster: str
    job: str
    host_address: str
    host_id: int
    instance_id: int
    multi_instance: bool
    task_id: int
    base_port: int
    ports: dict[str, int]
    attributes: dict[str, str]
    instance_num: int = 1

    @property
    def instance(self) -> int | None:
        """Instance number, None where the host has a single instance."""
        return self.instance_id if self.multi_instance else None

    @property
    def leaves(self) -> bool:
        """Whether it is decommissioned: its host line says so."""
        return self.attributes.get(LEAVES, "").lower() in ("yes", "true", "on", "1")

    @property
    def name(self) -> TaskName:
        """The name under which the host's worker knows the task."""
        return TaskName(self.service, self.cluster, self.job, self.instance)

    @property
    def process_name(self) -> str:
        """``service--cluster--job``, with the instance number where there are several."""
        return str(self.name)


@dataclass(frozen=True)
class PackagePin:
    """The package that ``[cluster]`` asks for by name, revision and timestamp."""

    package_name: str
    revision: str
    timestamp: str


@dataclass(frozen=True)
class JobDescription:
    """A job with its hosts and tasks in order. ``job`` is the catalog's, or a bare one that the catalog lacks."""

    job: Job
    base_port: int
    hosts: tuple[Host, ...]
    tasks: tuple[TaskSlot, ...]
    arguments: ArgumentLists
    place: Place
    running: Running = BY_DEFAULT

    @property
    def name(self) -> str:
        """Name of the job."""
        return self.job.name

    @cached_property
    def hosts_by_number(self) -> dict[int, Host]:
        """Host number -> host."""
        return {host.number: host for host in self.hosts}

    @cached_property
    def addresses(self) -> frozenset[str]:
        """Addresses of all hosts."""
        return frozenset(host.address for host in self.hosts)


@dataclass
class RawFile:
    """A file sent as it is. ``source`` is its path in the config directory; ``text`` is empty when it is not there."""

    name: str
    source: str
    text: str
    place: Place


@dataclass
class ClusterDescription:
    """Everything a cluster file says, inherited and checked. ``jobs`` stand in start order.

    ``attributes`` are those of ``[cluster]`` with defaults; ``all_jobs`` also holds listed jobs that the catalog does
    not know (they can be referred to, but are never deployed). ``files`` are the paths read, nearest first.
    """

    service: Service
    name: str
    version: str
    attributes: dict[str, str]
    job_names: tuple[str, ...]
    jobs: tuple[JobDescription, ...]
    all_jobs: dict[str, JobDescription]
    configuration: Table
    document: Document
    raw_files: dict[str, RawFile] = field(default_factory=dict)
    secured: bool = False
    warnings: list[Problem] = field(default_factory=list)
    foreign: "Callable[[str], ClusterDescription]" = field(default=lambda _service: _no_foreign(), repr=False)
    memo: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def package(self) -> PackagePin | None:
        """The pinned package, None unless all three keys are set."""
        pin = [self.attributes[key] for key in PIN_KEYS]
        return PackagePin(*pin) if all(pin) else None

    @property
    def files(self) -> tuple[str, ...]:
        """The cluster file and its bases."""
        return self.document.files

    @property
    def stop_jobs(self) -> tuple[JobDescription, ...]:
        """The jobs in stop order."""
        return tuple(self.all_jobs[name] for name in self.service.stop_jobs if name in self.all_jobs)

    @property
    def needs(self) -> list[str]:
        """service/name of every cluster that this one uses: its ZooKeeper, by its name, and those of <service>_cluster=."""
        by_name = self.service.cluster_name == "with-zookeeper"
        named = {
            key: value for key, value in self.attributes.items() if key.endswith("_cluster") and key != "zk_cluster"
        }
        found = [f"{key.removesuffix('_cluster')}/{value}" for key, value in named.items() if value]
        return [*([f"zookeeper/{self.attributes['zk_cluster']}"] if by_name else []), *found]

    def job(self, name: str) -> JobDescription:
        """The job of this name. Raises KeyError."""
        return self.all_jobs[name]

    def tasks(self) -> Iterator[TaskSlot]:
        """All tasks in start order."""
        for job in self.jobs:
            yield from job.tasks


def _no_foreign() -> ClusterDescription:
    raise LookupError("this description knows no other clusters")


def make_tasks(service: str, cluster: str, job: Job, base_port: int, hosts: tuple[Host, ...]) -> tuple[TaskSlot, ...]:
    """The tasks of a job: hosts by number, instances within each."""
    slots: list[TaskSlot] = []
    for host in hosts:
        for instance in range(host.instances):
            port = base_port + INSTANCE_STEP * instance
            slots.append(
                TaskSlot(
                    service=service,
                    cluster=cluster,
                    job=job.name,
                    host_address=host.address,
                    host_id=host.number,
                    instance_id=instance,
                    multi_instance=host.instances > 1,
                    task_id=len(slots),
                    base_port=port,
                    ports={name: port + offset for name, offset in job.ports.items()},
                    attributes=host.attributes,
                    instance_num=host.instances,
                )
            )
    return tuple(slots)
