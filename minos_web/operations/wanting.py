"""What is wanted of every task, as digests on its row: made anew when the configuration, or a host's directories, changed."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from minos_common.parts import digests_of, texts_of
from minos_web.clusterfile.load import load_cluster
from minos_web.clusterfile.problems import ClusterFileError
from minos_web.clusterfile.render import render_task
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.operations.choosing import pinned
from minos_web.operations.rendering import context_of, host_dirs, slots_of
from minos_web.store.configdir import current_revision, tree_at


def refresh_wanted(console: Console) -> int:
    """Bring the rows of every cluster up to the newest revision; how many tasks were rendered."""
    with console.readers() as session:
        revision = current_revision(session)
        behind = select(Task.cluster_id).where(Task.described, Task.wanted_revision < revision).distinct()
        clusters = session.scalars(select(Cluster).where(Cluster.id.in_(behind), Cluster.retired.is_(False))).all()
        found = [row for cluster in clusters for row in _wanted(session, console, cluster, revision)]
    if found:
        with console.writers.begin() as session:
            session.execute(update(Task), found)
    return len(found)


def forget_wanted(console: Console) -> None:
    """Another release of the console may want other things: everything is made anew."""
    with console.writers.begin() as session:
        session.execute(update(Task).values(wanted_revision=0))


def forget_wanted_of(session: Session, host: Host) -> None:
    """The host has other directories now, and they stand in what its tasks want."""
    session.execute(update(Task).where(Task.host_id == host.id).values(wanted_revision=0))


def _wanted(session: Session, console: Console, cluster: Cluster, revision: int) -> list[dict[str, object]]:
    """Rows {id, wanted_parts, wanted_revision}. What cannot be rendered wants nothing: its cluster's page says why."""
    tasks = [task for task in cluster.tasks if task.described]
    try:
        description = load_cluster(tree_at(session, revision), cluster.service, cluster.name, console.catalog)
    except ClusterFileError:
        return [{"id": task.id, "wanted_parts": None, "wanted_revision": revision} for task in tasks]
    dirs, context = host_dirs(session, console), context_of(console)
    package = pinned(session, description)
    rows: list[dict[str, object]] = []
    slots = slots_of(description)
    for task in tasks:
        try:
            made = render_task(description, slots[task.job, task.address, task.instance], dirs, context)
        except (KeyError, ClusterFileError):
            parts = None
        else:
            parts = digests_of(texts_of(made.files, made.start, package))
        rows.append({"id": task.id, "wanted_parts": parts, "wanted_revision": revision})
    return rows
