"""Alerts, silences and rules for programs: as described, with what the old list gave, refusals that name their field."""

import time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Cluster, Task
from minos_web.models.people import AuditEntry
from minos_web.monitor.alerts.rules import shipped_rules
from minos_web.monitor.checking import check_cluster
from tests.minos_web.alert_scene import add_alert, add_incident
from tests.minos_web.scene import add_cluster, add_hosts
from tests.minos_web.views.api.test_openapi import fits

API = "/api/v1"
OWN = {"title": "Load is high", "about": "host", "metric": "host.load1", "condition": "> 8", "for_seconds": 60}


@pytest.fixture
def numbers(session: Session) -> dict[str, int]:
    """A lost host with two symptoms, a warning that somebody looks after, one that is over."""
    now = time.time()
    lost = add_incident(session, 2, now)
    held = add_alert(session, "slow", now, level="warning", acknowledged_at=now - 5, acknowledged_by="olga", number=7)
    over = add_alert(session, "old", now, resolved_at=now - 60)
    found = {"lost": lost.id, "held": held.id, "over": over.id}
    session.commit()
    return found


def ids(program: Any, query: str = "") -> list[int]:
    return [one["id"] for one in program.get(f"{API}/alerts?{query}").json["alerts"]]


def test_open_alerts_come_worst_first(api_as: Any, numbers: dict[str, int]) -> None:
    program = api_as("viewer")
    answer = program.get(f"{API}/alerts").json
    assert fits(answer, "/alerts") == []
    assert answer["total"] == 4 and answer["alerts"][0]["id"] == numbers["lost"]
    assert {one["parent"] for one in answer["alerts"]} == {None, numbers["lost"]}
    first = answer["alerts"][0]
    assert first["status"]["kind"] == "down" and first["status"]["reason"] == "Host is lost: no beat for 5 min"
    assert first["host"] == "host-31" and first["task_id"] is None and first["url"] == f"/alerts/{numbers['lost']}"


def test_filters(api_as: Any, numbers: dict[str, int]) -> None:
    program = api_as("viewer")
    assert ids(program, "state=acknowledged") == [numbers["held"]]
    assert ids(program, "state=resolved") == [numbers["over"]]
    assert ids(program, "rule=host-lost&host=host-31&level=error") == [numbers["lost"]]
    assert ids(program, "service=zookeeper&cluster=dptst&job=zookeeper&task=7") == [numbers["held"]]
    assert len(ids(program, "state=muted")) == 2 and ids(program, "cluster=none") == []
    assert len(ids(program, "limit=1")) == 1 and ids(program, "state=resolved&page=9") == [numbers["over"]]
    for query, field in (("state=loud", "state"), ("level=fatal", "level"), ("task=x", "task"), ("limit=x", "limit")):
        refused = program.get(f"{API}/alerts?{query}", expect_errors=True)
        assert refused.status_int in (400, 422) and refused.json["error"]["field"] == field


def test_programs_of_old_find_what_they_look_for(api_as: Any, session: Session, console: Console) -> None:
    """Unwell clusters stand there at once, and every alert has the keys that an entry of old had."""
    add_hosts(session)
    add_cluster(session, console)
    for task in session.scalars(select(Task)):
        task.state, task.wanted, task.bootstrapped = "EXITED", "running", True
    cluster = session.scalars(select(Cluster)).one()
    check_cluster(session, console, cluster.id, time.time())
    add_alert(session, "own", time.time())
    session.commit()
    answer = api_as("viewer").get(f"{API}/alerts").json
    (unwell,) = answer["clusters"]
    assert (unwell["service"], unwell["cluster"], unwell["status"]["kind"]) == ("zookeeper", "dptst", "down")
    (alert,) = answer["alerts"]
    assert set(unwell) <= set(alert) and set(unwell["status"]) == set(alert["status"])


def test_one_with_its_events(api_as: Any, numbers: dict[str, int]) -> None:
    program = api_as("operator")
    answer = program.get(f"{API}/alerts/{numbers['lost']}").json
    assert fits(answer, "/alerts/{id}") == []
    assert [one["kind"] for one in answer["events"]] == ["firing"] and answer["symptoms_total"] == 2
    said = program.post_json(f"{API}/alerts/{numbers['lost']}/acknowledge", {"text": "mine"}).json
    assert fits(said, "/alerts/{id}/{verb}", "post") == []
    assert said["acknowledged_by"] == "operator" and said["events"][-1]["text"] == "mine"
    again = program.post(f"{API}/alerts/{numbers['lost']}/acknowledge").json
    assert again == {**said, "events": again["events"]} and len(again["events"]) == 2, "a repeat changes nothing"
    back = program.post(f"{API}/alerts/{numbers['lost']}/unacknowledge").json
    assert back["acknowledged_by"] is None
    noted = program.post_json(f"{API}/alerts/{numbers['over']}/note", {"text": "the switch"}).json
    assert noted["events"][-1] == {**noted["events"][-1], "kind": "note", "by": "operator", "text": "the switch"}


@pytest.mark.parametrize(
    ("deed", "body", "status", "field"),
    [
        ("over/acknowledge", {}, 409, None),
        ("lost/note", {}, 422, "text"),
        ("lost/note", {"text": 5}, 422, "text"),
        ("lost/note", {"words": "x"}, 422, None),
    ],
)
def test_refusals(api_as: Any, numbers: dict[str, int], deed: str, body: Any, status: int, field: str | None) -> None:
    which, _, verb = deed.partition("/")
    refused = api_as("operator").post_json(f"{API}/alerts/{numbers[which]}/{verb}", body, status=status)
    assert fits(refused.json, "/alerts/{id}/{verb}", "post", str(status)) == []
    assert refused.json["error"].get("field") == field


def test_viewers_and_strangers_change_nothing(api_as: Any, numbers: dict[str, int]) -> None:
    viewer = api_as("viewer")
    for verb in ("acknowledge", "unacknowledge", "note"):
        viewer.post_json(f"{API}/alerts/{numbers['lost']}/{verb}", {"text": "x"}, status=403)
    viewer.post_json(f"{API}/silences", {"reason": "x", "host": "h", "hours": 1}, status=403)
    viewer.post(f"{API}/silences/1/end", status=403)
    viewer.put_json(f"{API}/alert-rules/mine", OWN, status=403)
    viewer.delete(f"{API}/alert-rules/mine", status=403)
    viewer.post_json(f"{API}/alert-rules/back-test", {"rule": OWN}, status=403)
    viewer.get(f"{API}/alerts/999", status=404)


def test_silences(api_as: Any, session: Session) -> None:
    program = api_as("operator")
    new = program.post_json(f"{API}/silences", {"reason": "disks", "host": "h1", "hours": 2}, status=201).json
    assert fits(new, "/silences", "post", "201") == []
    assert new["state"] == "now" and new["by"] == "operator" and new["until"] - new["begins"] == 7200
    later = {"reason": "later", "cluster": "dptst", "begins": time.time() + 60, "until": time.time() + 120}
    program.post_json(f"{API}/silences", later, status=201)
    answer = program.get(f"{API}/silences").json
    assert fits(answer, "/silences") == [] and [one["state"] for one in answer["silences"]] == ["now", "coming"]
    ended = program.post(f"{API}/silences/{new['id']}/end").json
    assert fits(ended, "/silences/{id}/end", "post") == [] and ended["state"] == "over"
    assert program.post(f"{API}/silences/{new['id']}/end").json == ended, "a repeat changes nothing"
    assert [one["id"] for one in program.get(f"{API}/silences?state=over").json["silences"]] == [new["id"]]
    assert program.get(f"{API}/silences?state=x", status=400).json["error"]["field"] == "state"
    refused = program.post_json(f"{API}/silences", {"host": "h", "hours": 1}, status=422).json
    assert refused["error"]["field"] == "reason"
    program.post(f"{API}/silences/99/end", status=404)
    deeds = [one.action for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert deeds == ["silence.begin", "silence.begin", "silence.end"]


def test_rules(api_as: Any, console: Console, session: Session) -> None:
    program = api_as("operator")
    made = program.put_json(f"{API}/alert-rules/load-high", OWN).json
    assert fits(made, "/alert-rules/{name}", "put") == [] and not made["shipped"] and made["problem"] == ""
    changed = program.put_json(f"{API}/alert-rules/load-high", {"enabled": False}).json
    assert changed == {**made, "enabled": False}
    answer = program.get(f"{API}/alert-rules").json
    assert fits(answer, "/alert-rules") == []
    assert len(answer["rules"]) == len(list(shipped_rules(console.catalog))) + 1
    refused = program.put_json(f"{API}/alert-rules/load-high", {"condition": "> much"}, status=422).json
    assert refused["error"]["field"] == "condition"
    assert program.put_json(f"{API}/alert-rules/x", {**OWN, "about": "moon"}, status=422).json["error"]["field"]
    gone = program.delete(f"{API}/alert-rules/load-high").json
    assert fits(gone, "/alert-rules/{name}", "delete") == [] and gone == {"deleted": "load-high", "as_shipped": False}
    program.delete(f"{API}/alert-rules/load-high", status=404)
    shipped = next(shipped_rules(console.catalog))
    assert program.put_json(f"{API}/alert-rules/{shipped.name}", {"enabled": False}).json["changed"]
    assert program.delete(f"{API}/alert-rules/{shipped.name}").json["as_shipped"]
    deeds = [one.action for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert deeds == ["alert-rule.change"] * 2 + ["alert-rule.delete", "alert-rule.change", "alert-rule.as-shipped"]


def test_a_back_test(api_as: Any) -> None:
    program = api_as("operator")
    answer = program.post_json(f"{API}/alert-rules/back-test", {"span": "7d", "rule": OWN}).json
    assert fits(answer, "/alert-rules/back-test", "post") == []
    assert answer["fired"] == 0 and round(answer["end"] - answer["start"]) == 7 * 86400
    for body, field in (({"span": "9d", "rule": OWN}, "span"), ({"rule": {**OWN, "condition": "?"}}, "condition")):
        refused = program.post_json(f"{API}/alert-rules/back-test", body, status=422)
        assert refused.json["error"]["field"] == field
