"""Dangerous operations that wait for a second person: who may say yes, once, and what is checked again then."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_common.settings import ConsoleSettings
from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.operations import Operation
from minos_web.models.people import Approval, AuditEntry, User
from minos_web.operations.approving import NeedsApproval, needs_second
from minos_web.operations.submit import submit
from minos_web.operations.wish import Wish
from minos_web.security.passwords import hash_password
from tests.minos_web.scene import add_running

STOP = "/clusters/zookeeper/dptst/act/stop"
API = "/api/v1/clusters/zookeeper/dptst/operations"


@pytest.fixture
def guarded(console: Console, session: Session, app: Any) -> Console:
    """A running cluster whose dangerous operations need a second person."""
    add_running(session, console)
    settings = msgspec.structs.replace(console.settings, second_approver="zookeeper/*")
    found = replace(console, settings=settings)
    app.registry.console = found
    return found


def post(browser: Any, url: str, status: int | None = None, **fields: str) -> Any:
    return browser.post(url, {**fields, "csrf_token": browser.csrf_token}, status=status)


def operations(console: Console) -> list[tuple[str, str]]:
    with console.readers() as session:
        return [(row.action, row.created_by) for row in session.scalars(select(Operation))]


def asked(browser: Any) -> str:
    """The path of a request to stop the cluster."""
    answer = post(browser, STOP, 303, confirm="dptst")
    return str(answer.location).removeprefix("http://localhost")


def test_another_person_approves_and_it_begins_in_the_name_of_who_asked(
    guarded: Console, browser_as: Callable[[str], Any]
) -> None:
    operator, admin = browser_as("operator"), browser_as("admin")
    url = asked(operator)
    assert operations(guarded) == []
    assert "Withdraw it" in operator.get(url).text and "Approve and begin" not in operator.get(url).text
    assert "asked for it yourself" in post(operator, url, 409, do="approve").text
    assert url in admin.get("/approvals").text
    begun = post(admin, url, 303, do="approve", message="go on <b>")
    assert "/operations/" in begun.location
    assert operations(guarded) == [("stop", "operator")]
    assert "approved by admin" in admin.get(url).text and "go on &lt;b&gt;" in admin.get(url).text
    assert "approved already by admin" in post(admin, url, 409, do="approve").text
    with guarded.readers() as session:
        entries = session.execute(select(AuditEntry.user, AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [tuple(entry) for entry in entries] == [
        ("operator", "approval.ask"), ("admin", "operation.stop"), ("admin", "approval.approve"),
    ]  # fmt: skip


def test_what_would_be_refused_does_not_wait(guarded: Console, browser_as: Callable[[str], Any]) -> None:
    page = post(browser_as("operator"), STOP, 422, confirm="other")
    assert "type the cluster&#39;s name" in page.text.lower()
    with guarded.readers() as session:
        assert session.scalars(select(Approval)).all() == []


def test_the_rights_of_who_asked_count_when_it_is_approved(guarded: Console, browser_as: Callable[[str], Any]) -> None:
    url = asked(browser_as("operator"))
    with guarded.writers.begin() as session:
        session.execute(update(User).where(User.name == "operator").values(role="viewer"))
    assert "may not do it any more" in post(browser_as("admin"), url, 409, do="approve").text
    with guarded.readers() as session:
        assert session.scalars(select(Approval.state)).one() == "waiting"
    assert operations(guarded) == []


def test_programs_ask_and_decide(guarded: Console, api_as: Callable[[str], TestApp]) -> None:
    operator, deployer = api_as("operator"), api_as("deployer")
    body = {"action": "stop", "options": {"confirm": "dptst"}}
    first = operator.post_json(API, body, status=202).json
    assert (first["state"], first["asked_by"], first["operation"]) == ("waiting", "operator", None)
    url = f"/api/v1/approvals/{first['id']}"
    assert deployer.post(f"{url}/withdraw", status=403).json["error"]["code"] == "not-yours"
    assert operator.post(f"{url}/approve", status=403).json["error"]["code"] == "not-allowed"
    assert operator.post(f"{url}/withdraw").json["state"] == "withdrawn"
    assert deployer.post(f"{url}/approve", status=409).json["error"]["code"] == "over"
    second = operator.post_json(API, body, status=202).json
    assert deployer.post(f"/api/v1/approvals/{second['id']}/decline?message=no").json["message"] == "no"
    third = operator.post_json(API, body, status=202).json["id"]
    assert [row["id"] for row in deployer.get("/api/v1/approvals").json["approvals"]] == [third]
    assert len(deployer.get("/api/v1/approvals?over=1").json["approvals"]) == 2
    assert deployer.post(f"/api/v1/approvals/{third}/approve").json["operation"] is not None
    assert operator.post_json(API, {"action": "show"}, status=409).json["error"]["code"] == "busy"


def test_a_request_is_void_after_its_time(guarded: Console, browser_as: Callable[[str], Any]) -> None:
    url = asked(browser_as("operator"))
    with guarded.writers.begin() as session:
        session.execute(update(Approval).values(expires_at=time.time() - 1))
    admin = browser_as("admin")
    assert "expired" in admin.get(url).text
    assert "expired already" in post(admin, url, 409, do="approve").text
    assert operations(guarded) == []


def test_the_cleanup_password_is_sealed(guarded: Console, browser_as: Callable[[str], Any]) -> None:
    with guarded.writers.begin() as session:
        cluster = session.scalars(select(Cluster)).one()
        cluster.cleanup_hash = hash_password("sesame-canary")
        for task in cluster.tasks:
            task.state = "STOPPED"
    browser = browser_as("operator")
    post(browser, "/clusters/zookeeper/dptst/act/cleanup", 303, confirm="dptst", cleanup_password="sesame-canary")
    with guarded.readers() as session:
        row = session.scalars(select(Approval)).one()
        assert "sesame-canary" not in str(row.submission)
    assert "sesame-canary" not in browser.get(f"/approvals/{row.id}").text
    with guarded.writers.begin() as session:  # somebody else's request cannot be slipped in
        session.execute(update(Approval).values(asked_by="viewer"))
        session.execute(update(User).where(User.name == "viewer").values(role="operator"))
    assert "ask for it again" in post(browser_as("admin"), f"/approvals/{row.id}", 409, do="approve").text


def test_nothing_begins_past_the_second_person(guarded: Console) -> None:
    wish = Wish("zookeeper", "dptst", "stop", "operator", time.time(), options={"confirm": "dptst"})
    with guarded.writers() as session:
        for by in ("", "operator"):
            with pytest.raises(NeedsApproval):
                submit(session, guarded, replace(wish, approved_by=by))


@pytest.mark.parametrize(
    ("patterns", "action", "needed"),
    [("", "stop", False), ("hdfs/*", "stop", False), ("hdfs/* */dptst", "stop", True), ("*/*", "start", False)],
)
def test_for_what_a_second_person_is_asked(patterns: str, action: str, needed: bool) -> None:
    settings = ConsoleSettings(var="unused", second_approver=patterns)
    assert needs_second(settings, Wish("zookeeper", "dptst", action, "x", 0.0)) is needed
