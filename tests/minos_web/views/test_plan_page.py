"""The page before an operation: what would change on the hosts, and nothing else than what was shown is done."""

import time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.models.operations import Operation
from minos_web.operations.describe import refresh_clusters
from minos_web.store.configdir import Edit, save
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts, cluster_file, mark_prepared

PAGE = "/clusters/zookeeper/dptst/act/restart"


@pytest.fixture
def scene(session: Session, console: Console) -> Session:
    """A cluster that is on its hosts as described, and then described otherwise."""
    add_hosts(session)
    add_cluster(session, console)
    session.flush()
    mark_prepared(session, console)
    text = f"{cluster_file()}  [[zookeeper.cfg]]\n    tick_time=3000\n"
    save(session, Edit("conf/zookeeper/zookeeper-dptst.cfg", "admin", time.time()), text.encode())
    refresh_clusters(session, console, time.time())
    session.commit()
    return session


def plan_of(page: Any) -> str:
    return str(page.html.select_one("input[name=plan]")["value"])


def restart(browser: Browser, plan: str, status: int, **fields: str) -> Any:
    sent = {"confirm": "dptst", "update_config": "1", "plan": plan, **fields}
    return browser.post(PAGE, sent, headers=browser.csrf, status=status)


def test_changes_are_told_once_with_their_lines(testapp: Browser, scene: Session) -> None:
    page = testapp.get(PAGE)
    summary = " ".join(page.html.select_one(".mn-change summary").text.split())
    assert summary == "zookeeper.cfg 1 line changed, 3 tasks"
    assert [line.text for line in page.html.select(".mn-diff__add, .mn-diff__del")] == [
        "- tickTime=2000",
        "+ tickTime=3000",
    ]


def test_the_plan_follows_what_is_chosen(testapp: Browser, scene: Session) -> None:
    whole, nothing = testapp.get(PAGE), testapp.get(f"{PAGE}?look=1")
    assert plan_of(whole) != plan_of(nothing)
    assert "Configuration is not sent" in nothing.text and not nothing.html.select(".mn-change")
    assert plan_of(testapp.get(f"{PAGE}?look=1&update_config=1")) == plan_of(whole)


def test_what_was_seen_is_done(testapp: Browser, scene: Session) -> None:
    restart(testapp, plan_of(testapp.get(PAGE)), status=303)


def test_what_changed_meanwhile_is_told_and_nothing_is_done(testapp: Browser, scene: Session) -> None:
    seen = plan_of(testapp.get(PAGE))
    scene.scalars(select(Task)).first().held = {"command": "edited"}  # type: ignore[union-attr]
    scene.commit()
    refused = restart(testapp, seen, status=422)
    assert "What is on the hosts changed since you looked" in refused.html.select_one(".mn-flash--danger").text
    with testapp.console.readers() as session:
        assert session.scalars(select(Operation)).all() == []
    assert plan_of(refused) != seen
    restart(testapp, plan_of(refused), status=303)


def test_a_start_from_elsewhere_needs_no_plan(testapp: Browser, scene: Session) -> None:
    restart(testapp, "", status=303)
