"""How pages put things: what part of a cluster, how far a wave is, what clients lose."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import TaskState
from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.views.operation_waves import tally
from minos_web.views.presenting import scope
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts

ACT = "/clusters/zookeeper/dptst/act"


@pytest.mark.parametrize(
    ("jobs", "tasks", "hosts", "words"),
    [
        ([], [], [], ""),
        (["zookeeper"], [1], [], "zookeeper/1 of "),
        (["zookeeper"], [1, 2], [], "2 zookeeper tasks of "),
        (["datanode", "namenode"], [0], [], "2 tasks of "),
        (["datanode"], [], [], "job datanode of "),
        (["datanode", "namenode"], [], [], "jobs datanode, namenode of "),
        ([], [], ["h1"], "all on h1 of "),
        (["datanode"], [], ["h1", "h2"], "job datanode on 2 hosts of "),
    ],
)
def test_scope(jobs: list[str], tasks: list[int], hosts: list[str], words: str) -> None:
    selection: dict[str, list[Any]] = {"jobs": jobs, "tasks": tasks, "hosts": hosts}
    assert scope(selection) == words
    assert scope(selection, of="") == words.removesuffix("of ")


def test_no_scope_is_all_of_it() -> None:
    assert scope(None) == ""


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ("done done waiting", "2 of 3"),
        ("waiting running sent", "0 of 3"),
        ("failed failed failed", "3 failed"),
        ("done failed skipped", "1 of 3, 1 failed, 1 skipped"),
        ("cancelled skipped", "1 skipped, 1 cancelled"),
    ],
)
def test_tally(states: str, words: str) -> None:
    assert tally(Counter(states.split())) == words


@pytest.mark.parametrize(
    ("address", "warned"),
    [
        (f"{ACT}/stop", True),
        (f"{ACT}/restart", True),
        (f"{ACT}/restart?task=zookeeper/1", False),
        (f"{ACT}/restart?task=zookeeper/0&task=zookeeper/1", True),
        (f"{ACT}/start", False),
    ],
)
def test_losing_the_majority_is_told_before(
    testapp: Browser, session: Session, console: Console, address: str, warned: bool
) -> None:
    add_hosts(session)
    add_cluster(session, console)
    for task in session.scalars(select(Task)):
        task.state, task.wanted, task.bootstrapped, task.pid = TaskState.RUNNING, "running", True, 1
    session.commit()
    assert ("dptst does not serve" in testapp.get(address).text) is warned
