"""API of hosts and of the console's own health."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from webtest import TestApp

from minos_common.states import HostState
from minos_common.wire import fingerprint
from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.models.hosts import Host
from minos_web.models.lease import Lease
from minos_web.models.people import AuditEntry
from tests.minos_web.scene import add_cluster, add_hosts
from tests.minos_web.views.api.test_openapi import fits

URL = "/api/v1/hosts"


@pytest.fixture
def program(api_as: Callable[[str], TestApp]) -> TestApp:
    return api_as("operator")


def add(console: Console, name: str, state: str, key: str = "") -> str:
    """A host; returns its fingerprint."""
    key = key or f"{name}-{state}".ljust(40, ".")
    with console.writers.begin() as session:
        session.add(Host(name=name, address=name, public_key=key, state=state, first_seen=time.time()))
    return fingerprint(key)


def test_hosts_are_told_as_described(program: TestApp, console: Console) -> None:
    with console.writers.begin() as session:
        add_hosts(session)
    add(console, "new", "pending")
    found = program.get(URL).json
    assert fits(found, "/hosts") == []
    assert [row["name"] for row in found["hosts"]] == ["host-31", "host-32", "host-33", "new"]
    assert [row["name"] for row in program.get(URL + "?state=pending").json["hosts"]] == ["new"]
    assert program.get(URL + "/host-31").json["status"]["word"] == "in touch"


def test_a_decision_is_kept_audited_and_repeatable(program: TestApp, console: Console) -> None:
    add(console, "h1", "pending")
    for _ in range(2):
        answer = program.post(f"{URL}/h1/approve").json
        assert (answer["state"], answer["decided_by"]) == ("approved", "operator")
    assert program.post(f"{URL}/h1/reject", expect_errors=True).status_int == 409
    assert program.post(f"{URL}/h1/revoke").json["state"] == "revoked"
    with console.readers() as session:
        assert list(session.scalars(select(AuditEntry.action))) == ["host.approve", "host.revoke"]


def test_an_approved_host_gets_the_tasks_that_name_its_address(program: TestApp, console: Console) -> None:
    with console.writers.begin() as session:
        add_cluster(session, console)
        add_hosts(session, state=HostState.PENDING)
    program.post(f"{URL}/host-31/approve")
    with console.readers() as session:
        task = session.scalars(select(Task).where(Task.address == "127.0.0.31")).one()
        assert task.host_id == session.scalars(select(Host.id).where(Host.name == "host-31")).one()


def test_several_workers_of_one_name_are_told_apart_by_fingerprint(program: TestApp, console: Console) -> None:
    first, second = add(console, "h1", "pending", "a" * 40), add(console, "h1", "pending", "b" * 40)
    refused = program.post(f"{URL}/h1/approve", expect_errors=True)
    assert (refused.status_int, refused.json["error"]["code"]) == (409, "ambiguous")
    assert first in refused.json["error"]["message"]
    answer = program.post(f"{URL}/h1/approve?fingerprint={second}").json
    assert answer["fingerprint"] == second
    assert program.get(f"{URL}/h1").json["fingerprint"] == second
    taken = program.post(f"{URL}/h1/approve?fingerprint={first}", expect_errors=True)
    assert taken.status_int == 409
    assert "revoke that one first" in taken.json["error"]["message"]
    assert program.post(f"{URL}/h1/approve?fingerprint=none", expect_errors=True).status_int == 404


@pytest.mark.parametrize("decision", ["delete", "APPROVE", ""])
def test_other_decisions_do_not_exist(program: TestApp, console: Console, decision: str) -> None:
    add(console, "h1", "pending")
    assert program.post(f"{URL}/h1/{decision}", expect_errors=True).status_int == 404


def health(app: Any) -> Any:
    return TestApp(app).get("/api/v1/healthz").json


def test_health_tells_of_the_engine(app: Any, console: Console) -> None:
    assert health(app) == {**health(app), "status": "degraded", "engine": {"state": "never started", "seen_at": None}}
    for age, state, status in ((0, "ok", "ok"), (60, "silent", "degraded")):
        with console.writers.begin() as session:
            session.merge(Lease(name="engine", holder="h:1", epoch=1, seen_at=time.time() - age))
        found = health(app)
        assert (found["status"], found["database"], found["engine"]["state"]) == (status, "ok", state)
        assert fits(found, "/healthz") == []
    assert TestApp(app).get("/healthz").json["database"] == "ok"
