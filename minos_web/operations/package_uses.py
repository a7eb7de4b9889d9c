"""Who needs a package: clusters that name it, tasks that run from it, operations that bring it. And its end, when nobody does."""

import contextlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_common.states import HostState
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation
from minos_web.models.packages import Package
from minos_web.operations.choosing import usual_package
from minos_web.operations.drafting import describe
from minos_web.operations.refusal import Refused
from minos_web.store.configdir import tree_at
from minos_web.store.packages import DELETED, READY, drop_file, find

OLD_QUARANTINE_SECONDS = 7 * 86400.0


@dataclass
class Use:
    """What a cluster has to do with a package. ``tasks`` run from it, on ``hosts``; ``named``: its file asks for it, so that
    the next bootstrap or update brings it.
    """

    cluster: Cluster
    tasks: list[Task] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    named: bool = False

    @property
    def words(self) -> str:
        """In words: "hdfs pond-files (4 tasks)"."""
        what = f"{len(self.tasks)} task{'' if len(self.tasks) == 1 else 's'}" if self.tasks else "its cluster file"
        return f"{self.cluster.service} {self.cluster.name} ({what})"


def task_counts(session: Session, digests: Sequence[str]) -> dict[str, int]:
    """How many tasks run from each of these packages, by SHA-256."""
    held = Task.package["sha256"].as_string()
    counted = select(held.label("held"), func.count()).where(held.in_(digests)).group_by("held")
    return {digest: number for digest, number in session.execute(counted)}


def uses_of(session: Session, console: Console, package: Package) -> list[Use]:
    """Every cluster that has to do with it; those whose tasks run from it first."""
    found: dict[int, Use] = {}
    for task in session.scalars(select(Task).where(Task.package["sha256"].as_string() == package.sha256)):
        use = found.setdefault(task.cluster_id, Use(task.cluster))
        use.tasks.append(task)
        use.hosts.add(task.address)
    for cluster in _naming(session, console, package):
        found.setdefault(cluster.id, Use(cluster)).named = True
    return sorted(found.values(), key=lambda use: (-len(use.tasks), use.cluster.service, use.cluster.name))


def holders(session: Session, package: Package) -> list[Host]:
    """Approved hosts on which it lies, as their workers say."""
    told = session.execute(select(Host.id, Host.packages).where(Host.state == HostState.APPROVED))
    found = [number for number, held in told if any(one["sha256"] == package.sha256 for one in held)]
    return list(session.scalars(select(Host).where(Host.id.in_(found)).order_by(Host.name))) if found else []


def _naming(session: Session, console: Console, package: Package) -> Iterator[Cluster]:
    """Clusters whose file asks for it: by pinning it, or by its version."""
    tree = tree_at(session)
    for cluster in session.scalars(select(Cluster).where(Cluster.retired.is_(False))):
        service = console.catalog.get(cluster.service)
        if service is None or (service.artifact != package.artifact and not service.described_in_file):
            continue
        with contextlib.suppress(Refused):  # a file with a mistake asks for nothing
            if usual_package(session, describe(session, console, cluster, tree=tree))[1].id == package.id:
                yield cluster


def delete_package(session: Session, console: Console, package: Package) -> None:
    """Forget a package that nobody needs; its row stays, as operations name it. Raises Refused while it is needed."""
    if package.state == DELETED:
        raise Refused("no-package", f"{package.name} was deleted already")
    uses = uses_of(session, console, package) if package.state == READY else []
    if uses:
        names = ", ".join(use.words for use in uses[:3]) + (f" and {len(uses) - 3} more" if len(uses) > 3 else "")
        raise Refused("in-use", f"{package.name} is needed by {names}: bring them another package first")
    still = session.scalar(
        select(Operation.id).where(Operation.package_id == package.id, Operation.ended_at.is_(None)).limit(1)
    )
    if still is not None:
        raise Refused("in-use", f"operation {still} brings {package.name} to hosts: wait for it or cancel it")
    drop_file(console.var, package)
    package.state, package.reason, package.contents = DELETED, "", None


def retire(session: Session, console: Console, now: float) -> list[Package]:
    """Delete what the ini lets go: of each artifact all but the newest ``packages_kept`` that nobody needs, and what has lain
    in quarantine for a week. Which they were.
    """
    kept = console.settings.packages_kept
    waiting = [one for one in find(session, state="quarantined") if now - one.uploaded_at > OLD_QUARANTINE_SECONDS]
    by_artifact: dict[str, list[Package]] = defaultdict(list)
    for package in find(session):
        by_artifact[package.artifact].append(package)
    for packages in by_artifact.values() if kept else ():
        waiting += packages[kept:]
    gone = []
    for package in waiting:
        with contextlib.suppress(Refused):
            delete_package(session, console, package)
            gone.append(package)
    return gone
