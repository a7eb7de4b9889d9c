"""A host's page does for its tasks what a supervisor's own page would."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.hosts import Host
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts


@pytest.fixture
def described(session: Session, console: Console) -> None:
    add_hosts(session)
    add_cluster(session, console)
    add_cluster(session, console, "lake", ("127.0.0.31",))
    session.commit()


def links(browser: Browser) -> list[str]:
    return [link["href"] for link in browser.get("/hosts/host-31").html.select("main a[href*='/act/']")]


def test_one_task_or_all_of_a_cluster_here(testapp: Browser, described: None) -> None:
    found = links(testapp)
    for cluster in ("dptst", "lake"):
        for action in ("start", "restart", "stop"):
            at = f"/clusters/zookeeper/{cluster}/act/{action}"
            assert f"{at}?task=zookeeper%2F0" in found
            assert f"{at}?host=127.0.0.31" in found
    for address in found:
        assert testapp.get(address).status_int == 200


def test_a_viewer_is_offered_the_log_only(browser_as: Callable[[str], Browser], described: None) -> None:
    viewer = browser_as("viewer")
    assert links(viewer) == []
    assert viewer.get("/hosts/host-31").html.select("main a[href$='/log']")


def test_it_tells_as_whom_worker_and_tasks_run(testapp: Browser, session: Session, described: None) -> None:
    def said() -> dict[str, str]:
        page = testapp.get("/hosts/host-31").html
        return {key.text: key.find_next_sibling("dd").text.strip() for key in page.select(".mn-kv dt")}

    host = session.scalars(select(Host).where(Host.name == "host-31")).one()
    host.facts = {"user": "root", "task_user": "nobody"}
    session.commit()
    assert (said()["Runs as"], said()["Tasks run as"]) == ("root", "nobody")
    host.facts = {"user": "work"}  # of a worker that is older than the console
    session.commit()
    assert said()["Tasks run as"] == "work"
