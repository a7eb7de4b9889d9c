"""What is done when the last task of a job was cleaned up, and jobs of which nothing ever runs."""

import time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.operations.describe import refresh_clusters
from minos_web.operations.drafting import draft
from minos_web.operations.refusal import Refused
from minos_web.operations.wish import Wish
from minos_web.store.configdir import Edit, save
from tests.minos_web.operations.test_leaving import FILE, TEXT
from tests.minos_web.scene import ADDRESSES, add_cluster, add_hosts, add_package

LIBRARIES = """\
[cluster]
  name=libs
  version=3.4.2
  jobs=mapreduce
[mapreduce]
  base_port=13000
  host.0=127.0.0.31
  host.1=127.0.0.32
  [[arguments]]
[configuration]
[arguments]
  [[service_common]]
    jvm_args=""
    system_properties=""
    main_entry=""
    extra_args=""
  [[mapreduce]]
    jvm_args=""
    system_properties=""
    main_entry=""
    extra_args=""
"""


@pytest.fixture
def scene(session: Session, console: Console) -> Session:
    """A stopped HDFS, and the libraries of MapReduce on two hosts."""
    add_hosts(session, (*ADDRESSES, "127.0.0.34", "127.0.0.35"))
    add_package(session, "3.4.2", "hadoop")
    add_cluster(session, console)
    save(session, Edit(FILE, "olga", time.time()), TEXT.encode())
    save(session, Edit("conf/mapreduce/mapreduce-libs.cfg", "olga", time.time()), LIBRARIES.encode())
    refresh_clusters(session, console, time.time())
    for task in session.scalars(select(Task).join(Cluster).where(Cluster.service == "hdfs")):
        task.bootstrapped = True
    session.flush()
    session.expire_all()
    return session


def waves(session: Session, console: Console, service: str, cluster: str, action: str, **more: Any) -> list[str]:
    wish = Wish(service, cluster, action, "olga", time.time(), options={"confirm": cluster}, **more)
    return [wave.name for wave in draft(session, console, wish).waves]


def test_with_the_last_of_a_job_goes_what_it_kept_elsewhere(scene: Session, console: Console) -> None:
    whole = waves(scene, console, "hdfs", "dptst-files", "cleanup")
    assert whole == [
        "Delete log and data",
        "reach ZooKeeper",
        "delete the failover's node in ZooKeeper",
        "see that it is gone",
    ]
    part = waves(scene, console, "hdfs", "dptst-files", "cleanup", jobs=["zkfc"], tasks=[0])
    assert part == ["Delete log and data"], "the other one is still there"
    assert waves(scene, console, "hdfs", "dptst-files", "cleanup", jobs=["zkfc"]) == whole
    assert waves(scene, console, "hdfs", "dptst-files", "cleanup", jobs=["datanode"]) == part


def test_libraries_are_brought_and_never_started(scene: Session, console: Console) -> None:
    brought = waves(scene, console, "mapreduce", "libs", "bootstrap")
    assert brought == ["Check hosts", "Make directories, package, files"]
    assert waves(scene, console, "mapreduce", "libs", "install") == ["Unpack the package on every host"]
    for task in scene.scalars(select(Task).join(Cluster).where(Cluster.service == "mapreduce")):
        task.bootstrapped = True
    for action in ("start", "stop", "restart", "rolling_update"):
        with pytest.raises(Refused, match="MapReduce has nothing that runs: install or bootstrap bring its package"):
            waves(scene, console, "mapreduce", "libs", action)
    assert waves(scene, console, "mapreduce", "libs", "cleanup") == ["Delete log and data"]
