"""What is wanted stands on the rows, and is made anew when something that matters changed."""

import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.monitor.drift import Drift, drift_of
from minos_web.operations.describe import refresh_clusters
from minos_web.operations.wanting import forget_wanted, refresh_wanted
from minos_web.store.configdir import Edit, save
from tests.minos_web.scene import add_cluster, add_hosts, cluster_file, mark_prepared

FILE = "conf/zookeeper/zookeeper-dptst.cfg"


def drifts(session: Session) -> list[Drift]:
    session.expire_all()
    found = [drift_of(task) for task in session.scalars(select(Task).order_by(Task.number))]
    session.commit()
    return found


def describe(session: Session, console: Console, text: str) -> None:
    save(session, Edit(FILE, "admin", time.time()), text.encode())
    refresh_clusters(session, console, time.time())
    session.commit()


def test_wanted_parts_follow_the_configuration(session: Session, console: Console) -> None:
    add_hosts(session)
    add_cluster(session, console)
    session.flush()
    mark_prepared(session, console)
    session.commit()
    assert refresh_wanted(console) == 3 and drifts(session) == [Drift()] * 3
    assert refresh_wanted(console) == 0
    describe(session, console, f"{cluster_file()}  [[zookeeper.cfg]]\n    tick_time=3000\n")
    assert refresh_wanted(console) == 3
    assert drifts(session) == [Drift(unsent=("file:zookeeper.cfg",))] * 3
    describe(session, console, cluster_file())
    assert refresh_wanted(console) == 3 and drifts(session) == [Drift()] * 3
    forget_wanted(console)
    assert refresh_wanted(console) == 3


def test_a_file_with_errors_wants_nothing(session: Session, console: Console) -> None:
    add_hosts(session)
    add_cluster(session, console)
    session.flush()
    mark_prepared(session, console)
    session.commit()
    describe(session, console, cluster_file().replace("12000", "12001"))
    assert refresh_wanted(console) == 3 and drifts(session) == [Drift()] * 3
    assert refresh_wanted(console) == 0
