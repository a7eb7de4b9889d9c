"""The API's plan: which tasks are told, and a selection that names what is nowhere."""

import time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.operations.describe import refresh_clusters
from minos_web.operations.preview import plan_json
from minos_web.operations.refusal import Refused
from minos_web.operations.wish import Wish
from minos_web.store.configdir import Edit, save
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import ADDRESSES, add_cluster, add_hosts, add_package, cluster_file


@pytest.fixture
def site(session: Session, console: Console) -> None:
    """Three hosts and a cluster on them."""
    add_hosts(session)
    add_package(session)
    add_cluster(session, console)


def wish(action: str = "bootstrap", **selection: Any) -> Wish:
    return Wish("zookeeper", "dptst", action, "olga", time.time(), **selection)


CHOSEN = {
    "everything": ({}, [0, 1, 2]),
    "a job": ({"jobs": ["zookeeper"]}, [0, 1, 2]),
    "numbers, in the order of hosts": ({"tasks": ["2", "0"]}, [0, 2]),
    "a host": ({"hosts": [ADDRESSES[1]]}, [1]),
}


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(("selection", "numbers"), CHOSEN.values(), ids=CHOSEN)
def test_the_chosen_tasks_are_told(
    session: Session, console: Console, selection: dict[str, Any], numbers: list[int]
) -> None:
    assert [task["task_id"] for task in plan_json(session, console, wish(**selection))["tasks"]] == numbers


NOWHERE = {
    "a number past the last": ({"tasks": ["3"]}, "no task 3; it has 0, 1, 2"),
    "a number past the last beside one that is there": ({"tasks": ["0", "3"]}, "no task 3"),
    "a number that is none": ({"tasks": ["x"]}, "named by its number"),
    "a job": ({"jobs": ["nimbus"]}, "no job 'nimbus'"),
    "a host": ({"hosts": ["10.0.0.1"]}, "no host '10.0.0.1'"),
}


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(("selection", "words"), NOWHERE.values(), ids=NOWHERE)
def test_what_is_nowhere_is_refused(session: Session, console: Console, selection: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused) as refused:
        plan_json(session, console, wish(**selection))

    assert refused.value.code == "bad-selection"
    assert words in refused.value.message


@pytest.mark.usefixtures("testapp", "site")  # in this order: signing in writes
def test_the_api_answers_with_what_is_wrong(session: Session, testapp: Browser) -> None:
    session.commit()

    answer = testapp.get("/api/v1/clusters/zookeeper/dptst/plan?task=x", status=422)

    assert "named by its number" in answer.text


@pytest.mark.usefixtures("site")
def test_a_task_whose_line_is_gone_from_the_file_can_still_be_stopped(session: Session, console: Console) -> None:
    for task in session.scalars(select(Task)):
        task.bootstrapped = True
    now = time.time()
    save(
        session, Edit("conf/zookeeper/zookeeper-dptst.cfg", "admin", now), cluster_file("dptst", ADDRESSES[:2]).encode()
    )
    refresh_clusters(session, console, now)

    plan = plan_json(session, console, wish("stop", tasks=["2"]))

    assert plan["tasks"] == []
    assert [step["task_id"] for wave in plan["waves"] for step in wave["steps"]] == [2]
