"""The page of an ensemble, out of rows as workers fill them."""

import time

import pytest
from sqlalchemy import select
from webtest import TestApp

from minos_web.boards.zookeeper import ensemble
from minos_web.boards.zookeeper.reading import TooManyReaders
from minos_web.boards.zookeeper.servers import Server, Told
from minos_web.console import Console
from minos_web.models.clusters import Task
from tests.minos_web.scene import ADDRESSES, add_cluster, add_hosts

PAGE = "/clusters/zookeeper/dptst/ensemble"


@pytest.fixture
def described(console: Console) -> Console:
    """Three servers; two have told figures, of which one's are old."""
    now = time.time()
    with console.writers.begin() as session:
        add_hosts(session)
        add_cluster(session, console)
        for task in session.scalars(select(Task)):
            if task.number < 2:
                task.pid, task.state, task.heard_at, task.started_at = 5, "RUNNING", now, now - 60
                task.figures = {"zookeeper.znodes": 7.0 + task.number, "task.cpu_percent": 3.0}
                task.texts, task.figures_at = {"zookeeper.version": "3.9.5-abc"}, now - 7200 * task.number
    return console


def test_members_stand_beside_each_other(testapp: TestApp, described: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(servers: list[Server]) -> list[Told]:
        assert servers == [(address, 12000) for address in ADDRESSES]
        return [Told(one, True, "serves as leader", mode="leader", zxid=0x500000001) for one in servers[:1]]

    monkeypatch.setattr(ensemble, "ask_in_turn", told)
    page = testapp.get(PAGE)
    for text in (
        "serves as leader",
        "0x500000001",
        "one leads",
        "3.9.5",
        'title="Old: its worker told nothing newer">8<',
    ):
        assert text in page, text


def test_it_is_shown_while_too_many_ask(testapp: TestApp, described: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_servers: list[Server]) -> list[Told]:
        raise TooManyReaders

    monkeypatch.setattr(ensemble, "ask_in_turn", busy)
    assert "not asked: others are asking" in testapp.get(PAGE)


def test_a_cluster_of_something_else_has_none(testapp: TestApp) -> None:
    testapp.get("/clusters/hdfs/none/ensemble", status=404)
