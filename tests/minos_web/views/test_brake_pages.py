"""The emergency brake by page and over the API: pulled with a reason, told on every page, released by who types its name."""

import time
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.operations import Operation
from minos_web.models.people import AuditEntry
from minos_web.operations.submit import submit
from minos_web.operations.wish import Wish
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_running

HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.fixture
def running(session: Session, console: Console) -> None:
    add_running(session, console)


def test_pulled_by_an_operator_told_everywhere_and_released(
    running: None, session: Session, console: Console, browser_as: Callable[[str], Browser]
) -> None:
    olga, vera = browser_as("operator"), browser_as("viewer")
    wish = Wish(
        "zookeeper", "dptst", "restart", "ann", time.time(), options={"confirm": "dptst", "update_config": False}
    )
    operation = submit(session, console, wish).operation
    operation.held = "olga pulled it"  # as the engine notes it
    number = operation.id
    session.commit()
    page = olga.get(olga.get("/clusters/zookeeper/dptst").html.select_one('a[href^="/brake?"]')["href"])
    form = next(one for one in page.forms.values() if one.action.endswith("/brake"))
    assert form["cluster"].value == "zookeeper/dptst"
    refused = form.submit(status=422)
    assert "Say why" in refused.html.select_one("#reason-error").text
    form = next(one for one in refused.forms.values() if one.action.endswith("/brake"))
    form["reason"] = HOSTILE
    page = form.submit(status=303).follow()
    assert "zookeeper/dptst is frozen" in page.text and HOSTILE not in page.text
    assert page.html.select_one(f'section a[href="/operations/{number}"]') is not None
    for path in ("/", "/hosts", f"/operations/{number}", "/pulse"):
        banner = vera.get(path).html.select_one("#brake-banner")
        assert (
            "The emergency brake of zookeeper/dptst was pulled by operator" in banner.text and HOSTILE in banner.text
        ), path
    assert "held by the brake" in vera.get(f"/operations/{number}").text
    plan = olga.get("/clusters/zookeeper/dptst/act/stop")
    assert "was pulled by operator" in plan.html.select_one("main").text
    assert vera.get("/brake").html.select_one("main form") is None
    release = next(one for one in olga.get("/brake").forms.values() if one.action.endswith("/release"))
    release["confirm"] = "other"
    assert "type dptst to release it" in release.submit(status=422).text.lower()
    release["confirm"] = "dptst"
    assert "is released" in release.submit(status=303).follow().text
    assert "already" in release.submit(status=303).follow().text  # a second click
    assert vera.get("/").html.select_one("#brake-banner .mn-banner") is None
    with console.readers() as reading:
        deeds = [(one.action, one.target) for one in reading.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert deeds == [("brake.pull", "zookeeper/dptst"), ("brake.release", "zookeeper/dptst")]


def test_the_api(running: None, api_as: Callable[[str], TestApp], session: Session) -> None:
    olga, vera = api_as("operator"), api_as("viewer")
    vera.post_json("/api/v1/brake", {"reason": "x"}, status=403)
    assert olga.post_json("/api/v1/brake", {}, status=422).json["error"]["field"] == "reason"
    nowhere = {"reason": "x", "service": "zookeeper", "cluster": "nowhere"}
    assert olga.post_json("/api/v1/brake", nowhere, status=404).json["error"]["field"] == "cluster"
    made = olga.post_json("/api/v1/brake", {"reason": "flood"}, status=201).json
    assert (made["about"], made["pulled"], made["cluster"]) == ("all", True, "")
    assert olga.post_json("/api/v1/brake", {"reason": "again"}, status=200).json == made
    body = {"action": "restart", "options": {"confirm": "dptst"}}
    refused = olga.post_json("/api/v1/clusters/zookeeper/dptst/operations", body, status=409).json["error"]
    assert (
        refused["code"] == "brake"
        and "the emergency brake of all clusters was pulled by operator" in refused["message"]
    )
    told = vera.get("/api/v1/brake").json
    assert [one["id"] for one in told["pulled"]] == [made["id"]] and told["revision"] == 1
    assert told["workers"]["approved"] == 3 and told["workers"]["obey"] == 0 and len(told["workers"]["missing"]) == 3
    path = f"/api/v1/brake/{made['id']}/release"
    vera.post_json(path, {"confirm": "all"}, status=403)
    assert olga.post_json(path, {}, status=422).json["error"]["field"] == "confirm"
    assert olga.post_json(path, {"confirm": "all"}).json["released_by"] == "operator"
    assert olga.post_json(path, {"confirm": "all"}, status=409).json["error"]["code"] == "over"
    olga.post_json("/api/v1/brake/99/release", {"confirm": "all"}, status=404)
    olga.post_json("/api/v1/clusters/zookeeper/dptst/operations", body, status=201)


def test_what_failed_lately_is_in_sight(running: None, session: Session, testapp: Browser) -> None:
    cluster = session.scalars(select(Cluster)).one()
    for ended in (time.time() - 60, time.time() - 7200):
        session.add(
            Operation(
                cluster_id=cluster.id, action="stop", state="failed", created_by="ann", created_at=ended, ended_at=ended
            )
        )
    session.commit()
    (chip,) = testapp.get("/pulse").html.select('a[href^="/operations/"]')
    assert " ".join(chip.text.split()) == "1 failed lately" and chip["href"] == "/operations/1"
