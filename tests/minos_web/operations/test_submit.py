"""The one door: what is let in, what is refused, and what stands on the table afterwards."""

import time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import OperationState
from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation, Step
from minos_web.operations.control import control
from minos_web.operations.refusal import Busy, Refused
from minos_web.operations.settle import end_operation
from minos_web.operations.submit import submit
from minos_web.operations.wish import Wish
from minos_web.security.passwords import matches
from minos_web.store.configdir import Edit, remove, save
from tests.minos_web.scene import ADDRESSES, add_cluster, add_hosts, add_package, cluster_file


@pytest.fixture
def ready(console: Console, session: Session) -> Session:
    """Three hosts, a package and a described cluster."""
    add_hosts(session)
    add_package(session)
    add_cluster(session, console)
    session.flush()
    return session


def wish(action: str, **more: Any) -> Wish:
    options = {"confirm": "dptst"} | more.pop("options", {})
    return Wish("zookeeper", "dptst", action, "olga", time.time(), options=options, **more)


def mark_bootstrapped(session: Session, state: str = "STOPPED") -> None:
    for task in session.scalars(select(Task)):
        task.bootstrapped, task.state = True, state


def test_bootstrap_lays_all_steps_on_the_table(ready: Session, console: Console) -> None:
    submitted = submit(ready, console, wish("bootstrap"))
    operation = submitted.operation
    assert operation.wave_names[0] == "Check hosts"
    steps = ready.scalars(select(Step)).all()
    assert len(steps) == 12
    assert len({step.command_id for step in steps}) == 12
    assert operation.package_id is not None
    assert operation.config_revision > 0
    assert operation.open_cluster_id == operation.cluster_id


def test_a_made_cleanup_password_is_told_once_and_kept_as_hash_only(ready: Session, console: Console) -> None:
    submitted = submit(ready, console, wish("bootstrap"))
    assert len(submitted.made_password) >= 12
    cluster = ready.scalar(select(Cluster))
    assert cluster is not None
    assert submitted.made_password not in cluster.cleanup_hash
    assert submitted.made_password not in str(submitted.operation.options)


def test_two_made_passwords_differ(ready: Session, console: Console) -> None:
    first = submit(ready, console, wish("bootstrap")).made_password
    operation = ready.scalar(select(Operation))
    assert operation is not None
    operation.open_cluster_id = None
    cluster = ready.scalar(select(Cluster))
    assert cluster is not None
    cluster.cleanup_hash = ""
    assert submit(ready, console, wish("bootstrap")).made_password != first


def test_a_bootstrap_that_touched_nothing_binds_nobody_to_its_password(ready: Session, console: Console) -> None:
    operation = submit(ready, console, wish("bootstrap")).operation
    end_operation(ready, operation, OperationState.FAILED, "a port is taken", 0.0)
    assert submit(ready, console, wish("bootstrap", options={"cleanup_password": "sesame-8"})).made_password == ""
    assert matches(operation.cluster.cleanup_hash, "sesame-8")


def test_one_that_touched_something_does(ready: Session, console: Console) -> None:
    operation = submit(ready, console, wish("bootstrap", options={"cleanup_password": "sesame-7"})).operation
    end_operation(ready, operation, OperationState.FAILED, "a host died", 0.0)
    operation.cluster.tasks[0].bootstrapped = True
    wanted = wish("bootstrap", tasks=[1, 2], options={"cleanup_password": "sesame-8"})
    submit(ready, console, wanted)
    assert matches(operation.cluster.cleanup_hash, "sesame-7")


def test_a_given_cleanup_password_is_not_told_back_nor_kept(ready: Session, console: Console) -> None:
    submitted = submit(ready, console, wish("bootstrap", options={"cleanup_password": "sesame-7"}))
    assert submitted.made_password == ""
    assert "sesame" not in str(submitted.operation.options)


def test_a_second_operation_is_refused_with_the_first_ones_id(ready: Session, console: Console) -> None:
    first = submit(ready, console, wish("bootstrap")).operation
    with pytest.raises(Busy) as busy:
        submit(ready, console, wish("show"))
    assert busy.value.operation_id == first.id


def neighbour(session: Session, console: Console, **changes: Any) -> None:
    """Another cluster on the same ports of the same hosts, whose tasks are on the hosts."""
    add_cluster(session, console, "lake")
    for task in session.scalars(select(Task).join(Cluster).where(Cluster.name == "lake", Task.number == 1)):
        for name, value in ({"bootstrapped": True} | changes).items():
            setattr(task, name, value)
    session.flush()


@pytest.mark.parametrize("action", ["bootstrap", "start"])
def test_a_port_of_another_clusters_task_is_named(ready: Session, console: Console, action: str) -> None:
    if action == "start":
        mark_bootstrapped(ready)
    neighbour(ready, console)
    with pytest.raises(Refused, match=r"ports 12000, 12001, 12002, 12003 of 127.0.0.32 belong to zookeeper/1 of lake"):
        submit(ready, console, wish(action))


def test_what_is_only_described_holds_no_port(ready: Session, console: Console) -> None:
    neighbour(ready, console, bootstrapped=False)
    submit(ready, console, wish("bootstrap"))


@pytest.mark.parametrize(
    ("asked", "code", "says"),
    [
        (wish("explode"), "bad-action", "there is no action 'explode'"),
        (Wish("zookeeper", "nosuch", "show", "olga", 0.0), "unknown-cluster", "zookeeper/nosuch"),
        (wish("show", jobs=["nimbus"]), "bad-selection", "no job 'nimbus'; it has zookeeper"),
        (wish("show", tasks=[7]), "bad-selection", "no task 7; it has 0, 1, 2"),
        (wish("show", tasks=["x"]), "bad-selection", "named by its number"),
        (wish("show", hosts=["10.0.0.1"]), "bad-selection", "no host '10.0.0.1'"),
        (wish("bootstrap", options={"confirm": "dp"}), "confirm", "type the cluster's name, dptst"),
        (wish("bootstrap", options={"cleanup_password": "12345"}), "password", "at least 6"),
        (wish("start"), "not-bootstrapped", "bootstrap them first"),
        (wish("bootstrap", options={"package_id": 99}), "no-package", "no package 99"),
    ],
)
def test_refused(ready: Session, console: Console, asked: Wish, code: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        submit(ready, console, asked)
    assert refused.value.code == code
    assert says in refused.value.message
    assert ready.scalar(select(Operation.id)) is None


def test_bootstrap_of_bootstrapped_tasks_is_refused(ready: Session, console: Console) -> None:
    mark_bootstrapped(ready)
    with pytest.raises(Refused, match="bootstrapped already"):
        submit(ready, console, wish("bootstrap"))


def test_no_package_of_the_version_names_what_there_is(ready: Session, console: Console) -> None:
    text = cluster_file().replace("3.9.9", "3.8.0")
    save(ready, Edit("conf/zookeeper/zookeeper-dptst.cfg", "olga", 0.0), text.encode())
    with pytest.raises(Refused, match=r"version 3\.8\.0 in its name; the store has zookeeper-3\.9\.9"):
        submit(ready, console, wish("bootstrap"))


def test_a_broken_description_stops_a_start_but_not_a_stop(ready: Session, console: Console) -> None:
    mark_bootstrapped(ready, "RUNNING")
    save(ready, Edit("conf/zookeeper/zookeeper-dptst.cfg", "olga", 0.0), b"[cluster\n")
    with pytest.raises(Refused) as refused:
        submit(ready, console, wish("restart"))
    assert refused.value.code == "bad-config"
    assert submit(ready, console, wish("stop")).operation.action == "stop"


def test_a_silent_host_is_named(ready: Session, console: Console) -> None:
    host = ready.scalar(select(Host).where(Host.address == ADDRESSES[1]))
    assert host is not None
    host.beat_at = time.time() - 60
    with pytest.raises(Refused, match="host-32 was last heard 60 s ago"):
        submit(ready, console, wish("bootstrap"))
    assert submit(ready, console, wish("bootstrap", tasks=[0])).operation.id


def test_cleanup_wants_the_password_of_the_bootstrap(ready: Session, console: Console) -> None:
    submitted = submit(ready, console, wish("bootstrap", options={"cleanup_password": "sesame-7"}))
    submitted.operation.open_cluster_id = None
    mark_bootstrapped(ready)
    with pytest.raises(Refused, match="not the cleanup password"):
        submit(ready, console, wish("cleanup", options={"cleanup_password": "wrong!"}))
    assert submit(ready, console, wish("cleanup", options={"cleanup_password": "sesame-7"})).operation.id


def test_cleanup_of_what_runs_is_refused(ready: Session, console: Console) -> None:
    mark_bootstrapped(ready, "RUNNING")
    with pytest.raises(Refused, match="stop them first"):
        submit(ready, console, wish("cleanup"))


def test_retry_gives_new_commands_to_what_failed_only(ready: Session, console: Console) -> None:
    operation = submit(ready, console, wish("bootstrap")).operation
    steps = list(operation.steps)
    for step in steps:
        step.state = "skipped"
    steps[0].state, steps[1].state = "done", "failed"
    before = [step.command_id for step in steps]
    operation.state, operation.open_cluster_id = "failed", None
    control(ready, operation.id, "retry", "olga", time.time())
    after = [step.command_id for step in operation.steps]
    assert after[0] == before[0]
    assert all(a != b for a, b in zip(after[1:], before[1:], strict=True))
    assert operation.open_cluster_id == operation.cluster_id


@pytest.mark.parametrize(
    ("verb", "state"), [("resume", "running"), ("retry", "running"), ("pause", "done"), ("cancel", "done")]
)
def test_control_refuses_what_makes_no_sense(ready: Session, console: Console, verb: str, state: str) -> None:
    operation = submit(ready, console, wish("bootstrap")).operation
    operation.state = state
    with pytest.raises(Refused, match="cannot be"):
        control(ready, operation.id, verb, "olga", 0.0)


def test_a_file_that_is_removed_takes_its_tasks_along_unless_they_are_on_hosts(
    ready: Session, console: Console
) -> None:
    from minos_web.operations.describe import refresh_clusters

    task = ready.scalar(select(Task).where(Task.number == 1))
    assert task is not None
    task.bootstrapped = True
    remove(ready, Edit("conf/zookeeper/zookeeper-dptst.cfg", "olga", 0.0))
    refresh_clusters(ready, console, time.time())
    ready.flush()
    rows = ready.scalars(select(Task).order_by(Task.number)).all()
    assert [(t.number, t.described, t.retired) for t in rows] == [(0, False, True), (1, False, False), (2, False, True)]
    assert "is gone" in rows[0].cluster.problem
    assert [t.number for t in rows[0].cluster.tasks] == [1]
