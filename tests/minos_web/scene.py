"""Rows that many tests begin with: approved hosts, a package, a described ZooKeeper cluster."""

import time
from collections.abc import Sequence

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from minos_common.parts import digests_of, texts_of
from minos_common.states import HostState
from minos_common.words import PackageName
from minos_web.catalog.facts import FactSource
from minos_web.catalog.loader import Catalog
from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.models.config import ConfigFile, ConfigRevision
from minos_web.models.hosts import Host
from minos_web.models.packages import Package
from minos_web.operations.describe import refresh_clusters
from minos_web.operations.rendering import rendered_task
from minos_web.store.configdir import Edit, current_revision, save

ADDRESSES = ("127.0.0.31", "127.0.0.32", "127.0.0.33")

CLUSTER_FILE = """\
[cluster]
  name={name}
  version=3.9.9
  jobs=zookeeper

[zookeeper]
  base_port=12000
{hosts}
  [[arguments]]

[configuration]
  base=%{{config_dir}}/conf/zookeeper/common/zookeeper-tst.cfg
"""


def add_hosts(
    session: Session, addresses: Sequence[str] = ADDRESSES, state: HostState = HostState.APPROVED
) -> list[Host]:
    """One host per address, heard just now; keys are made up."""
    now = time.time()
    hosts = []
    for address in addresses:
        name = f"host-{address.rpartition('.')[2]}"
        roots = {
            "app": f"/{name}/app",
            "log": f"/{name}/log",
            "data": [f"/{name}/data"],
            "package": f"/{name}/packages",
        }
        key = f"key-of-{name}".ljust(40, "x")
        hosts.append(
            Host(name=name, address=address, public_key=key, state=state, first_seen=now, beat_at=now, roots=roots)
        )
    session.add_all(hosts)
    session.flush()
    return hosts


def add_package(session: Session, version: str = "3.9.9", artifact: str = "zookeeper") -> Package:
    """A package row; its bytes are nowhere."""
    name = f"{artifact}-{version}.tar.gz"
    digest = f"{abs(hash(name)):064x}"[:64]
    package = Package(
        artifact=artifact, name=name, revision="r1", timestamp="20260101-000000", size=1000, sha256=digest,
        sha1="0" * 40, uploaded_by="admin", uploaded_at=time.time(), path=f"{artifact}/{name}",
    )  # fmt: skip
    session.add(package)
    session.flush()
    return package


def cluster_file(name: str = "dptst", addresses: Sequence[str] = ADDRESSES) -> str:
    """Text of a ZooKeeper cluster file."""
    hosts = "\n".join(f"  host.{number}={address}" for number, address in enumerate(addresses))
    return CLUSTER_FILE.format(name=name, hosts=hosts)


def add_default_files(session: Session, console: Console, now: float) -> None:
    """Those of the catalog's default files that are not there yet, at once: one by one takes longer than most tests."""
    known = set(session.scalars(select(ConfigFile.path)))
    texts = {path: text for path, text in console.catalog.default_files().items() if path not in known}
    if not texts:
        return
    session.execute(insert(ConfigFile), [{"path": path} for path in texts])
    ids = {path: number for path, number in session.execute(select(ConfigFile.path, ConfigFile.id))}
    session.execute(
        insert(ConfigRevision),
        [
            {"file_id": ids[path], "number": 1, "content": text.encode(), "author": "minos", "at": now, "note": ""}
            for path, text in texts.items()
        ],
    )


def add_cluster(session: Session, console: Console, name: str = "dptst", addresses: Sequence[str] = ADDRESSES) -> None:
    """The catalog's default files and one cluster file, saved; rows brought in line."""
    now = time.time()
    add_default_files(session, console, now)
    text = cluster_file(name, addresses)
    save(session, Edit(f"conf/zookeeper/zookeeper-{name}.cfg", "admin", now), text.encode())
    refresh_clusters(session, console, now)


def add_running(session: Session, console: Console) -> None:
    """Hosts, a package, and a cluster whose tasks run."""
    add_hosts(session)
    add_package(session)
    add_cluster(session, console)
    for task in session.scalars(select(Task)):
        task.bootstrapped, task.state = True, "RUNNING"
    session.commit()


def mark_prepared(session: Session, console: Console) -> None:
    """Every task was bootstrapped with what is described, and its worker tells so."""
    package = PackageName("zookeeper", "zookeeper-3.9.9.tar.gz", "r1", "20260101-000000", "ab" * 32)
    for task in session.scalars(select(Task)):
        made = rendered_task(session, console, task).task
        task.bootstrapped, task.config_revision = True, str(current_revision(session))
        task.package = msgspec.to_builtins(package)
        task.held = digests_of(texts_of(made.files, made.start, package))


def with_facts(catalog: Catalog, name: str, *sources: FactSource) -> Catalog:
    """The same catalog, where the status page of the first job of a service tells these facts."""
    service = catalog[name]
    first = service.jobs[0]
    assert first.status is not None
    status = msgspec.structs.replace(first.status, facts=sources)
    job = msgspec.structs.replace(first, status=status)
    service = msgspec.structs.replace(service, jobs=(job, *service.jobs[1:]))
    return Catalog({**catalog.services, name: service})
