"""Schedules over the API: made, changed, paused, run, deleted, each as described, audited and only by who may."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_web.console import Console
from minos_web.engine.scheduling import tick
from minos_web.models.people import AuditEntry
from minos_web.models.schedules import Schedule
from tests.minos_web.scene import add_running
from tests.minos_web.views.api.test_openapi import fits

Api = Callable[[str], TestApp]
URL = "/api/v1/schedules"
REPORT = {"name": "morning", "kind": "report", "timing": "cron", "cron": "0 7 * * 1-5", "zone": "Europe/Berlin"}
RESTART = {
    "name": "nightly",
    "kind": "operation",
    "cluster": "zookeeper/dptst",
    "arguments": {"action": "rolling_update", "options": {"batch": "1", "update_package": True}},
    "timing": "cron",
    "cron": "30 2 * * *",
    "hours": "22:00-06:00",
    "missed": "once",
    "confirm": "dptst",
}


@pytest.fixture
def ready(console: Console, session: Session) -> Session:
    add_running(session, console)
    return session


def post(app: TestApp, status: int = 201, **said: Any) -> Any:
    return app.post_json(URL, said, status=status).json


def test_one_is_made_told_of_changed_and_deleted(ready: Session, api_as: Api) -> None:
    app = api_as("operator")
    row = post(app, **RESTART)
    assert fits(row, "/schedules", "post", "201") == []
    assert row["when"] == "every day at 02:30 UTC, between 22:00 and 06:00" and row["what"] == "Rolling update"
    assert (row["owner"], row["cluster"], row["missed"], len(row["next"])) == ("operator", "zookeeper/dptst", "once", 3)
    assert row["next"][0] > time.time() and row["arguments"]["options"] == {"batch": "1", "update_package": True}
    listed = app.get(URL).json
    assert fits(listed, "/schedules") == [] and listed["schedules"] == [row]
    one = f"{URL}/{row['id']}"
    assert fits(app.get(one).json, "/schedules/{id}") == []
    kept = {name: row[name] for name in ("name", "kind", "cluster", "arguments", "timing", "every", "cron", "zone")}
    saved = (
        api_as("admin").put_json(one, {**kept, "hours": row["hours"], "cron": "15 3 * * *", "confirm": "dptst"}).json
    )
    assert fits(saved, "/schedules/{id}", "put") == []
    assert (saved["cron"], saved["owner"], saved["missed"]) == ("15 3 * * *", "admin", "skip")
    assert app.delete(one).json == {"deleted": row["id"]}
    assert app.get(one, status=404).json["error"]["code"] == "not-found"
    ready.rollback()
    told = ready.execute(
        select(AuditEntry.action, AuditEntry.user).where(AuditEntry.action.startswith("schedule."))
    ).all()
    assert [tuple(one) for one in told] == [
        ("schedule.add", "operator"),
        ("schedule.change", "admin"),
        ("schedule.delete", "operator"),
    ]
    entry = ready.scalars(select(AuditEntry).where(AuditEntry.action == "schedule.change")).one()
    assert entry.details["owner_before"] == "operator" and entry.details["arguments"]["action"] == "rolling_update"


def test_paused_resumed_run_and_what_became_of_it(console: Console, api_as: Api) -> None:
    app = api_as("operator")
    row = post(app, **REPORT)
    one = f"{URL}/{row['id']}"
    assert app.get(f"{one}/occurrences").json == {"occurrences": [], "next": None}
    paused = app.post(f"{one}/pause").json
    assert fits(paused, "/schedules/{id}/{verb}", "post") == [] and paused["paused"] and paused["next"] == []
    assert app.post(f"{one}/pause", status=409).json["error"]["code"] == "wrong-state"
    assert not app.post(f"{one}/resume").json["paused"]
    assert app.post(f"{one}/resume", status=409).json["error"]["code"] == "wrong-state"
    app.post(f"{one}/run")
    assert app.post(f"{one}/run", status=409).json["error"]["code"] == "wrong-state"
    tick(console, time.time())
    found = app.get(f"{one}/occurrences").json
    assert fits(found, "/schedules/{id}/occurrences") == []
    (only,) = found["occurrences"]
    assert (only["state"], only["asked_by"], only["operation"]) == ("done", "operator", None)
    assert app.get(f"{one}/occurrences?before={only['id']}").json == {"occurrences": [], "next": None}
    assert app.get(f"{one}/occurrences?limit=0", status=422).json["error"]["field"] == "limit"


@pytest.mark.parametrize(
    ("said", "status", "field"),
    [
        ({"name": ""}, 422, "name"),
        ({"name": "x" * 121}, 422, "name"),
        ({"name": "a\nb"}, 422, "name"),
        ({"kind": "reboot"}, 422, "kind"),
        ({"timing": "weekly"}, 422, "timing"),
        ({"cron": "61 * * * *"}, 422, "cron"),
        ({"zone": "Mars/Olympus"}, 422, "zone"),
        ({"hours": "22-6"}, 422, "hours"),
        ({"hours": "01:00-02:00"}, 422, "hours"),
        ({"missed": "never"}, 422, "missed"),
        ({"timing": "once"}, 422, "at"),
        ({"timing": "once", "at": 5.0}, 422, "at"),
        ({"timing": "every", "every": 5}, 422, "every"),
        ({"timing": "every", "every": 60, "at": -1}, 422, "at"),
        ({"timing": "every", "every": 60, "at": 1e300}, 422, "at"),
        ({"timing": "every", "every": 60, "at": 3e11}, 422, "at"),
        ({"timing": "once", "at": 2.5e11}, 422, "at"),
        ({"arguments": {"to": []}}, 422, "arguments"),
        ({"arguments": {"recipients": ["nobody"]}}, 422, "recipients"),
        ({"cluster": "zookeeper/none"}, 422, "cluster"),
        ({"kind": "package-integrity", "cluster": "zookeeper/dptst"}, 422, "cluster"),
        ({"kind": "check"}, 422, "cluster"),
        ({"kind": "row-count", "cluster": "zookeeper/dptst", "arguments": {"table": "t"}}, 422, "cluster"),
        ({"kind": "quota-round", "cluster": "zookeeper/dptst"}, 422, "cluster"),
        ({"kind": "check", "cluster": "zookeeper/dptst", "arguments": {"jobs": ["datanode"]}}, 422, "jobs"),
        ({"kind": "command", "cluster": "zookeeper/dptst", "arguments": {"command": "rm"}}, 422, "command"),
        ({"more": 1}, 422, ""),
    ],
)
def test_what_is_refused_says_which_field(
    ready: Session, api_as: Api, said: dict[str, Any], status: int, field: str
) -> None:
    error = post(api_as("operator"), status, **{**REPORT, **said})["error"]
    assert error.get("field", "") == field and error["message"]
    assert ready.scalar(select(Schedule.id)) is None


@pytest.mark.parametrize(
    ("arguments", "confirm", "field", "words"),
    [
        ({"action": "cleanup"}, "dptst", "action", "a timetable does not do that"),
        ({"action": "bootstrap"}, "dptst", "action", "a timetable does not do that"),
        ({"action": "decommission"}, "dptst", "action", "not by a timetable"),
        ({"action": "recommission"}, "dptst", "action", "not by a timetable"),
        ({"action": "explode"}, "dptst", "action", "a timetable can"),
        ({"action": "stop"}, "", "confirm", "type the cluster's name"),
        ({"action": "restart"}, "dptst2", "confirm", "restarted"),
        ({"action": "restart", "tasks": [9]}, "dptst", "tasks", "no task 9"),
        ({"action": "restart", "options": {"parallel": "many"}}, "dptst", "parallel", "whole number"),
        ({"action": "restart", "options": {"plan": "x"}}, "dptst", "plan", "no option"),
        ({"action": "restart", "options": {"back_to": 3}}, "dptst", "back_to", "no option"),
        ({"action": "restart", "options": {"cleanup_password": "x"}}, "dptst", "cleanup_password", "no option"),
        ({"action": "restart", "options": {"package_id": 99}}, "dptst", "package_id", "no package"),
        ({"action": "restart", "options": {"override": True}}, "dptst", "override", "administrator"),
        ({"action": "procedure", "options": {"procedure": "x"}}, "", "procedure", "no procedure"),
        ({"action": "restart", "task": 1}, "dptst", "arguments", "task"),
    ],
)
def test_operations_that_a_timetable_does_not_do(
    ready: Session, api_as: Api, arguments: dict[str, Any], confirm: str, field: str, words: str
) -> None:
    error = post(api_as("operator"), 422, **{**RESTART, "arguments": arguments, "confirm": confirm})["error"]
    assert error["field"] == field and words in error["message"]


def test_two_of_one_name_are_refused(api_as: Api) -> None:
    app = api_as("operator")
    post(app, **REPORT)
    error = post(app, 409, **{**REPORT, "name": "Morning"})["error"]
    assert (error["code"], error["field"]) == ("in-use", "name")


def test_viewers_look(api_as: Api) -> None:
    row = post(api_as("operator"), **REPORT)
    viewer = api_as("viewer")
    assert viewer.get(URL).json["schedules"][0]["name"] == "morning"
    assert viewer.get(f"{URL}/{row['id']}/occurrences").json == {"occurrences": [], "next": None}
    viewer.post_json(URL, REPORT, status=403)
    viewer.delete(f"{URL}/{row['id']}", status=403)
    viewer.post(f"{URL}/{row['id']}/run", status=403)


def test_there_are_not_any_number_of_them(api_as: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("minos_web.operations.schedules.keeping.MOST", 1)
    post(api_as("operator"), **REPORT)
    assert post(api_as("operator"), 409, **{**REPORT, "name": "b"})["error"]["code"] == "too-many"
