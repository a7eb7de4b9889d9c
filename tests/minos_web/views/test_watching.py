"""The page and the API of what is watched: policies kept and refused, what is wrong shown, what ended and why it was not told."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.models.crashes import Crash
from minos_web.models.people import AuditEntry
from minos_web.models.watching import Watched, WatchPolicy
from minos_web.operations.refusal import Refused
from minos_web.views.watch_words import parse_size, size_text
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts

PAGE = "/clusters/zookeeper/dptst/watching"
API = f"/api/v1{PAGE}"
FORM = {"job": "zookeeper", "page_checks": "3", "page_seconds": "2.5", "page_grace": "60", "page_action": "restart",
        "page_figure": "role", "page_values": "leader follower", "memory_bytes": "1.5 GiB", "memory_checks": "5",
        "memory_action": "tell", "most_per_hour": "2"}  # fmt: skip
TOLD = {
    "job": "zookeeper",
    "page": {
        "checks": 3, "seconds": 2.5, "grace": 60.0, "figure": "zookeeper.role", "values": ["leader", "follower"],
        "action": "restart",
    },
    "memory": {"bytes": 1.5 * 1024**3, "checks": 5, "action": "tell"},
    "most_per_hour": 2,
}  # fmt: skip


@pytest.fixture(autouse=True)
def scene(session: Session, console: Console) -> Session:
    add_hosts(session)
    add_cluster(session, console)
    session.commit()
    return session


def crash(session: Session, **said: Any) -> None:
    task = session.scalars(select(Task)).first()
    assert task is not None
    kept = {
        "kind": "crash",
        "at": time.time(),
        "noted_at": time.time(),
        "host": "host-31",
        "reason": "signal 9",
        **said,
    }
    session.add(Crash(cluster_id=task.cluster_id, task_id=task.id, **kept))


def test_an_empty_page_says_what_it_is_for(testapp: Browser) -> None:
    page = testapp.get(PAGE)
    assert "Nothing is watched here beside processes" in page.text
    assert "No process ended unexpectedly" in page.text
    assert page.html.select_one('nav.mn-tabs a[aria-current="page"]').text == "Watching"


def test_a_policy_goes_in_by_the_form_and_comes_out(
    testapp: Browser, api_as: Callable[[str], TestApp], session: Session
) -> None:
    page = testapp.post(PAGE, FORM, headers=testapp.csrf, status=303).follow()
    assert "The policy of zookeeper is kept." in page.text
    assert (
        "answers within 2.5 s, and zookeeper.role is leader or follower; after 3 bad checks the task is restarted"
        in page.text
    )
    assert "at most 1.5 GiB; after 5 bad checks you are told" in page.text
    assert api_as("viewer").get(API).json == {"policies": [TOLD], "wrong": []}
    form = testapp.get(f"{PAGE}?edit=zookeeper").html.select_one("form#policy")
    shown = {name: form.select_one(f"#{name}").get("value") for name in FORM if name.startswith(("page_c", "memory_b"))}
    assert shown == {"page_checks": "3", "memory_bytes": "1.5 GiB"}
    assert form.select_one("#page_action option[selected]")["value"] == "restart"
    testapp.post(PAGE, {"delete": "zookeeper"}, headers=testapp.csrf, status=303)
    assert session.scalars(select(WatchPolicy)).all() == []
    actions = [row for row in session.scalars(select(AuditEntry)) if row.action == "watching.change"]
    assert [row.target for row in actions] == ["zookeeper/dptst"] * 2
    assert actions[0].details == {"policies": [TOLD]} and actions[1].details == {"policies": []}


def test_the_api_replaces_all_and_says_nothing_of_what_stays(
    api_as: Callable[[str], TestApp], session: Session
) -> None:
    operator = api_as("operator")
    body = {"policies": [{"page": {}}, {"job": "zookeeper", "memory": {"bytes": 2**30}}]}
    first = operator.put_json(API, body).json["policies"]
    assert [one["job"] for one in first] == ["", "zookeeper"]
    assert first[0]["page"] == {
        "checks": 3,
        "seconds": 5.0,
        "grace": 60.0,
        "figure": "",
        "values": [],
        "action": "tell",
    }
    assert operator.put_json(API, body).json["policies"] == first
    assert [row.action for row in session.scalars(select(AuditEntry))].count("watching.change") == 1
    session.rollback()  # a session that reads holds the lock of one that writes
    assert operator.put_json(API, {"policies": []}).json == {"policies": [], "wrong": []}


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        ({}, "policies[0]"),
        ({"job": "datanode", "page": {}}, "policies[0].job"),
        ({"page": {"checks": 0}}, "policies[0].page.checks"),
        ({"page": {"seconds": 0}}, "policies[0].page.seconds"),
        ({"page": {"seconds": 601}}, "policies[0].page.seconds"),
        ({"page": {"grace": -1}}, "policies[0].page.grace"),
        ({"page": {"action": "reboot"}}, "policies[0].page.action"),
        ({"page": {"values": ["x"]}}, "policies[0].page.figure"),
        ({"page": {"figure": "a b", "values": ["x"]}}, "policies[0].page.figure"),
        ({"page": {"figure": "role"}}, "policies[0].page.values"),
        ({"page": {"figure": "role", "values": ["x" * 101]}}, "policies[0].page.values"),
        ({"memory": {"bytes": 1000}}, "policies[0].memory.bytes"),
        ({"memory": {"bytes": 2**30, "checks": 1001}}, "policies[0].memory.checks"),
        ({"memory": {"bytes": 2**30, "action": ""}}, "policies[0].memory.action"),
        ({"page": {}, "most_per_hour": 0}, "policies[0].most_per_hour"),
    ],
)
def test_what_makes_no_sense_is_refused(api_as: Callable[[str], TestApp], policy: dict[str, Any], field: str) -> None:
    operator = api_as("operator")
    refused = operator.put_json(API, {"policies": [policy]}, status=422).json["error"]
    assert refused["field"] == field and refused["message"]
    assert operator.get(API).json["policies"] == []


def test_two_for_one_job_are_refused(api_as: Callable[[str], TestApp]) -> None:
    refused = api_as("operator").put_json(API, {"policies": [{"page": {}}, {"page": {}}]}, status=422).json["error"]
    assert refused["field"] == "policies[1].job" and "two policies for every job" in refused["message"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"page_checks": "many"}, "whole number"),
        ({"page_seconds": "nan"}, "no number that makes sense"),
        ({"memory_bytes": "much"}, "such as 4 GiB"),
        ({"memory_bytes": "1 KiB"}, "Bytes are"),
        ({"page_values": ""}, "Say which values"),
        ({"page_checks": "", "memory_bytes": ""}, "Say what is watched"),
    ],
)
def test_the_form_comes_back_with_what_is_wrong(testapp: Browser, wrong: dict[str, str], words: str) -> None:
    page = testapp.post(PAGE, {**FORM, **wrong}, headers=testapp.csrf, status=422)
    error = page.html.select_one(".mn-field__error")
    assert error is not None and words in error.text
    assert page.html.select_one("#page_seconds")["value"] == {**FORM, **wrong}["page_seconds"]


def test_viewers_see_and_change_nothing(browser_as: Callable[[str], Browser], api_as: Callable[[str], TestApp]) -> None:
    viewer = browser_as("viewer")
    assert not viewer.get(PAGE).html.select_one("form#policy")
    viewer.post(PAGE, FORM, headers=viewer.csrf, status=403)
    api_as("viewer").put_json(API, {"policies": []}, status=403)


def test_what_is_wrong_now_is_shown(testapp: Browser, session: Session, api_as: Callable[[str], TestApp]) -> None:
    task = session.scalars(select(Task)).first()
    assert task is not None
    row = Watched(task_id=task.id, kind="page", reason="HTTP 500", bad=3, checked_at=1.0, fired_at=time.time() - 90)
    row.held = "operation 7 is open on its cluster"
    session.add(row)
    session.commit()
    panel = testapp.get(PAGE).html.select_one("#wrong").text
    assert "zookeeper/0" in panel and "HTTP 500." in panel and "Not restarted: operation 7 is open" in panel
    (told,) = api_as("viewer").get(API).json["wrong"]
    assert (told["job"], told["number"], told["kind"], told["held"]) == ("zookeeper", 0, "page", row.held)


def test_ends_are_listed_with_why_they_were_not_told(testapp: Browser, session: Session) -> None:
    crash(session, lines=["<b>out of luck</b>"], pid=4711)
    crash(session, at=time.time() - 50, quiet="maintenance by ann")
    crash(session, at=time.time() - 99, kind="fatal", told_at=time.time())
    for number in range(60):
        crash(session, at=1000.0 + number)
    session.commit()
    page = testapp.get(PAGE)
    rows = page.html.select("section[aria-labelledby=ended-title] tbody tr")
    assert len(rows) == 50
    assert "<b>out of luck</b>" in rows[0].text and "pid 4711" in rows[0].text and "not yet" in rows[0].text
    assert "no: maintenance by ann" in rows[1].text and "Given up: signal 9" in rows[2].text
    assert len(testapp.get(f"{PAGE}?page=2").html.select("section[aria-labelledby=ended-title] tbody tr")) == 13


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("4 GiB", 4 * 1024.0**3),
        ("4g", 4 * 1024.0**3),
        ("1,5 GB", 1.5 * 1024**3),
        ("512m", 512 * 1024.0**2),
        ("100000000", 1e8),
    ],
)
def test_sizes(text: str, count: float) -> None:
    assert parse_size(text, "f") == count == parse_size(size_text(count), "f")


@pytest.mark.parametrize("text", ["", "GiB", "-1 GiB", "1 PiB", "1e9", "0x10"])
def test_no_sizes(text: str) -> None:
    with pytest.raises(Refused):
        parse_size(text, "f")
