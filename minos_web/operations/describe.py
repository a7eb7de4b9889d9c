"""Keeps cluster and task rows in line with the saved cluster files."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from minos_common import names
from minos_web.catalog.loader import Catalog
from minos_web.clusterfile.bases import is_base_only
from minos_web.clusterfile.check import check_file
from minos_web.clusterfile.description import ClusterDescription, TaskSlot
from minos_web.clusterfile.load import load_cluster
from minos_web.clusterfile.problems import ClusterFileError, Problem
from minos_web.clusterfile.tree import ConfigTree, cluster_of, cluster_path
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.drills import DrillGround
from minos_web.models.hosts import Host
from minos_web.operations.fitting import fit_problems
from minos_web.operations.minimums import minimums_of
from minos_web.store.configdir import read, tree_at


class WithOneText:
    """A config directory in which one file says something else: what it would be if the text were saved."""

    def __init__(self, tree: ConfigTree, path: str, text: str) -> None:
        self._tree, self._path, self._text = tree, path, text

    def read(self, path: str) -> str | None:
        """Text of a file, None when there is none."""
        return self._text if path == self._path else self._tree.read(path)

    def paths(self) -> list[str]:
        """Path of every file."""
        return sorted({*self._tree.paths(), self._path})


def described_in(tree: ConfigTree, path: str) -> tuple[str, str] | None:
    """(service, cluster) when the file describes a cluster that can be: its names are legal, and it is no mere base."""
    named = cluster_of(path)
    if named is None or is_base_only(tree, path):
        return None
    try:
        names.check("service", named[0])
        names.check("cluster", named[1])
    except names.BadName:
        return None
    return named


def check_saved(session: Session, console: Console, path: str, text: str) -> list[Problem]:
    """What would be wrong if ``text`` were saved at ``path``: errors and warnings with their lines."""
    tree = WithOneText(tree_at(session, None), path, text)
    problems = check_file(tree, path, console.catalog)
    named = described_in(tree, path)
    if named is None or any(problem.level == "error" for problem in problems):
        return problems
    return [*problems, *fit_problems(session, load_cluster(tree, *named, console.catalog))]


def refresh_clusters(session: Session, console: Console, now: float) -> None:
    """Bring all rows in line with the newest revision of the config directory.

    A cluster whose file is gone stays in sight as long as a worker knows one of its tasks, with a problem that says so.
    """
    tree = tree_at(session, None)
    described = {found for path in tree.paths() if (found := described_in(tree, path)) is not None}
    rows = {(row.service, row.name): row for row in session.scalars(select(Cluster))}
    hosts = {key: host.id for host in session.scalars(select(Host)) for key in (host.name, host.address)}
    for service, name in sorted(described):
        row = rows.get((service, name))
        if row is None:
            row = Cluster(service=service, name=name, created_at=now)
            session.add(row)
            session.flush()
        row.retired = False
        _describe(session, row, tree, console.catalog, hosts)
    for key in rows.keys() - described:
        if not rows[key].retired:
            _undescribe(session, rows[key])


def retire_gone(session: Session, cluster: Cluster) -> None:
    """After tasks left their hosts: what nobody describes and no worker knows is retired, in the end the cluster too."""
    for task in list(cluster.tasks):
        if not task.described:
            _undescribe_task(task)
    session.flush()
    session.refresh(cluster)
    if not cluster.tasks and read(session, file_of(cluster)) is None:
        _retire(session, cluster)


def file_of(cluster: Cluster) -> str:
    """Path of the file that describes a cluster."""
    return cluster_path(cluster.service, cluster.name)


def _describe(session: Session, row: Cluster, tree: ConfigTree, catalog: Catalog, hosts: dict[str, int]) -> None:
    try:
        description = load_cluster(tree, row.service, row.name, catalog)
    except ClusterFileError as error:
        # The last good description stays in the task rows: what runs is still shown and can still be stopped.
        row.problem = str(error)
        return
    row.problem, row.version, row.needs = "", description.version, description.needs
    row.minimums, row.description = minimums_of(description), description.attributes.get("description", "")[:255]
    _describe_tasks(session, row, description, hosts)


def _describe_tasks(session: Session, row: Cluster, description: ClusterDescription, hosts: dict[str, int]) -> None:
    everything = session.scalars(select(Task).where(Task.cluster_id == row.id))
    known = {(task.job, task.address, task.instance): task for task in everything}
    for order, job in enumerate(description.jobs):
        for slot in job.tasks:
            task = known.pop((job.name, slot.host_address, instance_of(slot)), None)
            if task is None:
                task = Task(cluster_id=row.id, job=job.name, address=slot.host_address, instance=instance_of(slot))
                session.add(task)
            task.described, task.retired, task.job_order, task.number = True, False, order, slot.task_id
            task.host_number, task.base_port, task.ports = slot.host_id, slot.base_port, dict(slot.ports)
            task.host_id, task.leaving = hosts.get(slot.host_address, task.host_id), slot.leaves
    for task in known.values():
        _undescribe_task(task)


def _undescribe(session: Session, row: Cluster) -> None:
    for task in list(row.tasks):
        _undescribe_task(task)
    session.flush()
    session.refresh(row)
    if row.tasks:
        row.problem = f"{file_of(row)} is gone, but tasks are still on hosts"
    else:
        _retire(session, row)


def _retire(session: Session, row: Cluster) -> None:
    """Only its history counts. That it was a test cluster says nothing of one that has its name later."""
    row.retired, row.problem = True, ""
    session.execute(delete(DrillGround).where(DrillGround.cluster_id == row.id))


def _undescribe_task(task: Task) -> None:
    """A task that the description no longer names goes, unless its worker still has it: then it is shown as a stray."""
    task.described = task.leaving = False
    task.retired = not task.bootstrapped and task.pid is None


def instance_of(slot: TaskSlot) -> int:
    """Instance number as rows keep it: -1 where the host has a single one."""
    return slot.instance_id if slot.multi_instance else -1
