"""Rows follow the saved files, and what is gone keeps its history."""

import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import OperationState, StepState, TaskState
from minos_common.words import TaskName, TaskStatus
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation
from minos_web.monitor.states import apply_statuses
from minos_web.operations.describe import check_saved, refresh_clusters
from minos_web.operations.settle import end_operation
from minos_web.operations.submit import submit
from minos_web.operations.wish import Wish
from minos_web.store.configdir import Edit, remove, save
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts, add_package, cluster_file

FILE = "conf/zookeeper/zookeeper-dptst.cfg"
PAGE = "/clusters/zookeeper/dptst"


@pytest.fixture
def cluster(session: Session, console: Console) -> Cluster:
    """Described, on three hosts, with a failed bootstrap behind it."""
    add_hosts(session)
    add_package(session)
    add_cluster(session, console)
    wish = Wish("zookeeper", "dptst", "bootstrap", "olga", time.time(), options={"confirm": "dptst"})
    operation = submit(session, console, wish).operation
    end_operation(session, operation, OperationState.FAILED, "a port is taken", time.time())
    return operation.cluster


def delete_file(session: Session, console: Console) -> None:
    remove(session, Edit(FILE, "olga", time.time()))
    refresh_clusters(session, console, time.time())


def test_history_outlives_the_file(testapp: Browser, session: Session, console: Console, cluster: Cluster) -> None:
    operation = session.scalars(select(Operation)).one()
    delete_file(session, console)
    assert cluster.retired
    assert cluster.tasks == []
    assert len(operation.steps) == 12
    session.commit()
    overview = testapp.get("/").html
    assert not overview.select(".mn-card") and "zookeeper-dptst.cfg deleted" in overview.text
    page = testapp.get(f"/operations/{operation.id}")
    assert "zookeeper/2" in page.text
    assert "removed" in testapp.get(PAGE).html.select_one("h1").text
    assert not testapp.get(PAGE).html.select("button[formaction]")
    testapp.get("/api/v1/clusters/zookeeper/dptst", status=404)


def test_a_file_that_comes_back_brings_the_same_rows_back(session: Session, console: Console, cluster: Cluster) -> None:
    before = [task.id for task in cluster.tasks]
    delete_file(session, console)
    save(session, Edit(FILE, "olga", time.time()), cluster_file().encode())
    refresh_clusters(session, console, time.time())
    session.refresh(cluster)
    assert (cluster.retired, [task.id for task in cluster.tasks]) == (False, before)
    assert all(task.described for task in cluster.tasks)


def test_a_cleaned_up_cluster_without_a_file_leaves_no_ghost(
    session: Session, console: Console, cluster: Cluster
) -> None:
    for task in cluster.tasks:
        task.bootstrapped = True
    delete_file(session, console)
    assert "is gone" in cluster.problem
    wish = Wish("zookeeper", "dptst", "cleanup", "olga", time.time(), options={"confirm": "dptst"})
    cluster.cleanup_hash = ""
    operation = submit(session, console, wish).operation
    for step in operation.steps:
        step.state = StepState.DONE.value
    end_operation(session, operation, OperationState.DONE, "", time.time())
    assert (cluster.retired, cluster.problem, cluster.tasks) == (True, "", [])


def test_a_worker_that_has_it_after_all_brings_it_back_in_sight(
    session: Session, console: Console, cluster: Cluster
) -> None:
    delete_file(session, console)
    host = session.scalars(select(Host)).first()
    assert host is not None
    status = TaskStatus(TaskName("zookeeper", "dptst", "zookeeper"), TaskState.STOPPED, 1.0, bootstrapped=True)
    apply_statuses(session, host, [status], time.time())
    session.flush()
    session.refresh(cluster)
    assert [(task.address, task.described) for task in cluster.tasks] == [(host.address, False)]
    assert not cluster.retired and host.name in cluster.problem
    apply_statuses(session, host, [], time.time())
    session.flush()
    assert cluster.retired


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("127.0.0.33", "127.0.0.99", "no approved host has the address 127.0.0.99"),
        ("base_port=12000", "base_port=13000", ""),
        ("", "", "ports 12000, 12001, 12002, 12003 of 127.0.0.31 belong to zookeeper/0 of lake, and 2 more"),
    ],
)
def test_the_editor_warns_of_what_stands_in_the_way(
    session: Session, console: Console, cluster: Cluster, old: str, new: str, words: str
) -> None:
    add_cluster(session, console, "lake")
    for task in session.scalars(select(Task).join(Cluster).where(Cluster.name == "lake")):
        task.bootstrapped = True
    session.flush()
    found = check_saved(session, console, FILE, cluster_file().replace(old, new))
    warned = [problem for problem in found if problem.level == "warning" and problem.section == "zookeeper"]
    assert [problem.line is not None for problem in warned] == [True] * len(warned)
    assert words in " ".join(problem.message for problem in warned)
    assert bool(warned) is bool(words)
