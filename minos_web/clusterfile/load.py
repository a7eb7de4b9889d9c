"""Cluster files -> descriptions: reads, inherits and checks everything that can be checked without rendering."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from minos_web.catalog.description import Job, Service
from minos_web.catalog.loader import Catalog
from minos_web.clusterfile.arguments import ArgumentLists, merged_lists
from minos_web.clusterfile.description import ClusterDescription, JobDescription, make_tasks
from minos_web.clusterfile.document import Document, Table
from minos_web.clusterfile.head import read_head
from minos_web.clusterfile.hosts import Host, read_base_port, read_hosts
from minos_web.clusterfile.inherit import load_document
from minos_web.clusterfile.own_service import own_service
from minos_web.clusterfile.placement import placement_problems
from minos_web.clusterfile.problems import (
    ClusterFileError,
    Place,
    Problem,
    error_at,
    raise_errors,
    warning_at,
)
from minos_web.clusterfile.running import BY_DEFAULT, read_running
from minos_web.clusterfile.sections import read_raw_files, section_problems
from minos_web.clusterfile.tree import ConfigTree, cluster_path


def load_cluster(tree: ConfigTree, service: str, cluster: str, catalog: Catalog) -> ClusterDescription:
    """The cluster described in ``conf/<service>/<service>-<cluster>.cfg``; warnings are on the description.

    Raises ClusterFileError with every problem found.
    """
    return _Library(tree, catalog, service).load(service, cluster, deployed=True)


@dataclass
class _Library:
    """The cluster files that one load comes across; each is read once, and only when something refers to it."""

    tree: ConfigTree
    catalog: Catalog
    deployed: str
    _known: dict[tuple[str, str], ClusterDescription | ClusterFileError] = field(default_factory=dict)

    def load(self, service: str, cluster: str, deployed: bool = False) -> ClusterDescription:
        key = (service, cluster)
        if key not in self._known:
            try:
                self._known[key] = _Loading(self, service, cluster, deployed).run()
            except ClusterFileError as error:
                self._known[key] = error
        known = self._known[key]
        if isinstance(known, ClusterFileError):
            raise known
        return known

    def refer(self, origin: ClusterDescription, service: str) -> ClusterDescription:
        """The cluster that ``service`` means inside ``origin``. Raises LookupError or ClusterFileError."""
        if service == origin.service.name:
            return origin
        entry = self.catalog.get(service)
        if entry is None or not entry.referred_by:
            able = ", ".join(sorted(one.name for one in self.catalog.services.values() if one.referred_by))
            raise LookupError(f"{service} cannot be referred to from here; {able} can")
        if entry.referred_by == "name":
            name = origin.attributes["zk_cluster"]
            missing = f"the name {origin.name!r} has no {service} part before a dash"
        else:
            name = origin.attributes[f"{service}_cluster"]
            missing = f"[cluster] does not say {service}_cluster="
        if not name:
            raise LookupError(f"it refers to {service}, but {missing}")
        return self.load(service, name)


class _Loading:
    """One cluster file on its way to a description. A cluster that is only referred to needs head and jobs."""

    def __init__(self, library: _Library, service: str, cluster: str, deployed: bool) -> None:
        self._library = library
        self._name = service
        self._cluster = cluster
        self._deployed = deployed
        self._problems: list[Problem] = []
        self._path = cluster_path(service, cluster)

    def run(self) -> ClusterDescription:
        service = self._library.catalog.get(self._name)
        if service is None:
            raise ClusterFileError([error_at(Place(self._path), f"the catalog has no service {self._name!r}")])
        document, self._problems = load_document(self._library.tree, self._path)
        raise_errors(self._problems)
        if service.described_in_file and "configuration" in document.tables:
            service, found = own_service(service, document)
            self._problems += found
        cluster_table = self._top(document, "cluster")
        arguments = self._top(document, "arguments") if self._deployed else document.tables.get("arguments")
        if cluster_table is None:
            raise ClusterFileError(self._problems)
        referable = [one.name for one in self._library.catalog.services.values() if one.referred_by == "attribute"]
        attributes, found = read_head(cluster_table, self._cluster, service, referable)
        self._problems += found
        job_names = tuple(dict.fromkeys(attributes.get("jobs", "").split()))
        jobs = self._jobs(document, service, job_names, arguments)
        raise_errors(self._problems)
        order = [job.name for job in service.jobs if job.name in jobs]
        description = ClusterDescription(
            service=service,
            name=attributes["name"],
            version=attributes["version"],
            attributes=attributes,
            job_names=job_names,
            jobs=tuple(jobs[name] for name in order),
            all_jobs=jobs,
            configuration=document.tables["configuration"],
            document=document,
        )
        description.foreign = lambda name: self._library.refer(description, name)
        if self._deployed:
            self._finish(description)
        return description

    def _top(self, document: Document, name: str) -> Table | None:
        table = document.tables.get(name)
        if table is None:
            self._problems.append(error_at(Place(self._path), f"the section [{name}] is missing"))
        return table

    def _jobs(
        self, document: Document, service: Service, names: Iterable[str], arguments: Table | None
    ) -> dict[str, JobDescription]:
        jobs: dict[str, JobDescription] = {}
        head = document.tables["cluster"]
        place = head.values["jobs"].place if "jobs" in head.values else head.place
        for name in names:
            table = document.tables.get(name)
            if table is None:
                self._problems.append(error_at(place, f"jobs= lists {name}, but there is no section [{name}]"))
                continue
            entry = service.job(name)
            if entry is None:
                known = ", ".join(job.name for job in service.jobs)
                message = f"{service.name} has no job {name} (it has {known}); it is never deployed"
                self._problems.append(warning_at(table.place, message))
            jobs[name] = self._job(document, service, entry or Job(name), table, arguments)
        return jobs

    def _job(
        self, document: Document, service: Service, job: Job, table: Table, arguments: Table | None
    ) -> JobDescription:
        base_port, found = read_base_port(table)
        hosts = self._hosts(document, service, job, table)
        lists: ArgumentLists = {}
        if self._deployed and arguments is not None and service.job(job.name):
            lists, more = merged_lists(arguments, table.tables.get("arguments"), job.name, table.place)
            found += more
        running = BY_DEFAULT
        if self._deployed:
            running, more = read_running(table, document.tables["cluster"])
            found += more
        self._problems += found
        tasks = make_tasks(service.name, self._cluster, job, base_port, hosts)
        return JobDescription(job, base_port, hosts, tasks, lists, table.place, running)

    def _hosts(self, document: Document, service: Service, job: Job, table: Table) -> tuple[Host, ...]:
        own, found = read_hosts(table, job)
        self._problems += found
        if not (job.hosts_from and self._deployed):
            return own
        if own:
            message = f"the hosts of {job.name} are those of {job.hosts_from}; the host lines here are ignored"
            self._problems.append(warning_at(own[0].place, message))
        origin, entry = document.tables.get(job.hosts_from), service.job(job.hosts_from)
        if origin is None or entry is None:
            message = f"{job.name} has the hosts of {job.hosts_from}, which has no section"
            self._problems.append(error_at(table.place, message))
            return ()
        return read_hosts(origin, entry)[0]

    def _finish(self, description: ClusterDescription) -> None:
        raw_files, found = read_raw_files(self._library.tree, description)
        description.raw_files = raw_files
        self._problems += found
        self._problems += section_problems(description)
        self._problems += placement_problems(description)
        security = description.service.security
        section = description.configuration.tables.get(security.section) if security else None
        if security and section:
            wanted = security.keys.items()
            description.secured = all(section.text(key) == value for key, value in wanted) and bool(section.values)
        raise_errors(self._problems)
        description.warnings = [*dict.fromkeys(self._problems), *description.warnings]
