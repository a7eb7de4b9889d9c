"""The search page and its API: what leads where, for whom."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_web.console import Console
from minos_web.operations.submit import submit
from minos_web.operations.wish import Wish
from minos_web.security.people import add_grant, find_user
from minos_web.security.permissions import Grant, Role
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_running

ACT = "/clusters/zookeeper/dptst/act"


@pytest.fixture
def running(session: Session, console: Console) -> Session:
    add_running(session, console)
    return session


def hits(program: TestApp, text: str) -> list[Any]:
    found: list[Any] = program.get("/api/v1/search", {"q": text}).json["hits"]
    return found


def test_an_action_leads_to_its_plan_and_is_shown_to_who_may(
    running: Session, api_as: Callable[[str], TestApp]
) -> None:
    olga, vera = api_as("operator"), api_as("viewer")
    first = hits(olga, "restart zookeeper/dptst")[0]
    assert (first["kind"], first["title"], first["url"]) == ("action", "Restart zookeeper/dptst", f"{ACT}/restart")
    urls = [hit["url"] for hit in hits(olga, "stop dptst zookeeper 1")]
    assert f"{ACT}/stop?task=zookeeper%2F1" in urls
    assert hits(olga, "clean up dptst")[0]["url"] == f"{ACT}/cleanup"
    assert hits(olga, "freeze dptst")[0]["url"] == "/brake?cluster=zookeeper%2Fdptst"
    assert hits(olga, "shell dptst")[0]["url"] == "/clusters/zookeeper/dptst/shell"
    assert hits(vera, "charts dptst")[0]["url"] == "/clusters/zookeeper/dptst/charts"
    for text in ("restart dptst", "shell dptst", "freeze dptst"):
        assert not [hit for hit in hits(vera, text) if hit["kind"] == "action"]


def test_what_is_for_administrators_is_found_by_them(running: Session, api_as: Callable[[str], TestApp]) -> None:
    for role, found in (("viewer", False), ("operator", False), ("admin", True)):
        urls = [hit["url"] for word in ("users", "audit") for hit in hits(api_as(role), word)]
        assert ({"/admin/users", "/admin/audit"} <= set(urls)) is found
    assert all(hit["kind"] == "page" for hit in hits(api_as("viewer"), ""))


def test_an_operation_by_its_number(running: Session, console: Console, testapp: Browser) -> None:
    options = {"confirm": "dptst", "update_config": False}
    number = submit(
        running, console, Wish("zookeeper", "dptst", "stop", "ann", time.time(), options=options)
    ).operation.id
    running.commit()
    for text in (f"#{number}", str(number), f"operation {number}"):
        page = testapp.get("/search", {"q": text})
        link = page.html.select_one(f'main a[href="/operations/{number}"]')
        assert link is not None and "Stop" in link.text
    assert "Nothing fits" in testapp.get("/search", {"q": "#99999999999999999999"}).text


def test_what_is_typed_is_only_text(running: Session, testapp: Browser) -> None:
    hostile = '"><script>alert(1)</script>'
    page = testapp.get("/search", {"q": hostile})
    assert "<script>alert" not in page.text and page.html.select_one("#q")["value"] == hostile
    assert "at most 100" in testapp.get("/search", {"q": "x" * 101}, status=422).text
    assert testapp.get("/api/v1/search", {"q": "x" * 101}, status=422).json["error"]["field"] == "q"


def test_every_page_that_is_offered_is_there(running: Session, testapp: Browser) -> None:
    for url in {link["href"] for link in testapp.get("/search").html.select(".mn-hits a")}:
        assert testapp.get(url).status_int in (200, 303), url


def test_who_is_granted_one_cluster_finds_it_and_nothing_else(
    running: Session, console: Console, browser_as: Callable[[str], Browser]
) -> None:
    add_cluster(running, console, "other", ("127.0.0.31",))
    user = find_user(running, "viewer")
    assert user is not None
    user.role = Role.NONE
    add_grant(running, user, Grant(Role.OPERATOR, "zookeeper/dptst"), "admin", time.time())
    running.commit()
    browser = browser_as("viewer")
    assert {hit["kind"] for hit in hits(browser, "zookeeper")} == {"cluster", "task"}
    found = [
        hit["title"]
        for text in ("zookeeper", "host-31", "3.9.9", "cfg", "restart other")
        for hit in hits(browser, text)
    ]
    assert found and not [title for title in found if "other" in title or title.startswith(("host", "conf"))]
    assert hits(browser, "restart dptst")[0]["url"] == f"{ACT}/restart"
    assert [hit["url"] for hit in hits(browser, "")] == ["/account"]
    offered = browser.get("/brake").html.select("#cluster option")
    assert [one["value"] for one in offered] == ["", "zookeeper/dptst"]
