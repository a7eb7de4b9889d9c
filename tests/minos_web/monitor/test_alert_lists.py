"""Lists of alerts: symptoms under what they come from, the worst first, and only what is asked for."""

import time
from typing import Any

import pytest
from sqlalchemy.orm import Session

from minos_web.models.alerts import Alert, AlertEvent
from minos_web.monitor.alert_lists import (
    Wanted,
    events_of_alert,
    firing_by_cluster,
    firing_errors,
    grouped,
    incidents,
    open_alerts,
    open_by_rule,
    open_count,
    over_page,
    states_of,
    symptoms_of,
)
from tests.minos_web.alert_scene import NOW, add_alert, add_incident, alert_row


def rows(*said: dict[str, Any]) -> list[Alert]:
    """Alerts with ids from 1."""
    made = []
    for number, one in enumerate(said, 1):
        row = alert_row(**{"number": number, **one})
        row.id = number
        row.muted = one.get("muted", "")
        made.append(row)
    return made


def shape(found: Any) -> list[tuple[int, list[int]]]:
    return [(one.head.id, [symptom.id for symptom in one.symptoms]) for one in found]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ([{}, {"parent_id": 1}, {"parent_id": 2}], [(1, [2, 3])]),
        ([{"parent_id": 9}], [(1, [])]),
        ([{"level": "warning"}, {"level": "error"}], [(2, []), (1, [])]),
        ([{"level": "warning"}, {"level": "warning"}, {"level": "error", "parent_id": 1}], [(1, [3]), (2, [])]),
        (
            [{"state": "pending"}, {"muted": "silence"}, {"acknowledged_at": 1.0}, {}],
            [(4, []), (3, []), (2, []), (1, [])],
        ),
        ([{"fired_at": NOW - 900}, {"fired_at": NOW - 10}], [(2, []), (1, [])]),
    ],
    ids=["chain", "parent over", "worst first", "worst symptom counts", "calm last", "newest first"],
)
def test_grouping(said: list[dict[str, Any]], wanted: list[tuple[int, list[int]]]) -> None:
    assert shape(grouped(rows(*said), Wanted())) == wanted


def test_a_circle_of_parents_loses_no_alert() -> None:
    found = grouped(rows({"parent_id": 2}, {"parent_id": 1}), Wanted())
    assert sorted(number for head, symptoms in shape(found) for number in (head, *symptoms)) == [1, 2]


def test_a_filter_shows_an_incident_for_its_symptoms_alone() -> None:
    found = grouped(rows({"host": "a"}, {"host": "b", "parent_id": 1}, {"host": "c", "parent_id": 1}), Wanted(host="b"))
    assert shape(found) == [(1, [2])] and not found[0].fits
    assert grouped(rows({"host": "a"}), Wanted(host="b")) == []


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Wanted(), True),
        (Wanted(service="zookeeper", cluster="dptst", job="zookeeper", number=1, host="host-32"), True),
        (Wanted(number=0), False),
        (Wanted(level="warning"), False),
        (Wanted(state="firing"), True),
        (Wanted(state="acknowledged"), True),
        (Wanted(state="muted"), False),
        (Wanted(state="pending"), False),
        (Wanted(rule="task-down"), True),
    ],
)
def test_what_is_asked_for(wanted: Wanted, fits: bool) -> None:
    row = alert_row(acknowledged_at=NOW, muted="")
    assert wanted.fits(row) is fits
    assert Wanted().narrows is False and Wanted(number=0).narrows


@pytest.mark.parametrize(
    ("said", "states"),
    [
        ({}, {"firing"}),
        ({"state": "pending"}, {"pending"}),
        ({"unknown_since": NOW, "muted": "x", "acknowledged_at": NOW}, {"firing", "unknown", "muted", "acknowledged"}),
        ({"resolved_at": NOW}, {"resolved"}),
    ],
)
def test_states(said: dict[str, Any], states: set[str]) -> None:
    assert states_of(alert_row(**{"muted": "", **said})) == states


def test_counts(session: Session) -> None:
    lost = add_incident(session, 3)
    add_alert(session)
    add_alert(session, "disk-full", level="warning", cluster="other")
    add_alert(session, "flapping", muted="maintenance by olga")
    add_alert(session, "slow", state="pending", fired_at=None)
    add_alert(session, "old", resolved_at=NOW)
    assert firing_errors(session) == 2, "neither muted ones nor pending ones"
    assert firing_by_cluster(session) == {
        ("", ""): {"error": 1},
        ("zookeeper", "dptst"): {"error": 1},
        ("zookeeper", "other"): {"warning": 1},
    }
    assert open_count(session, Wanted()) == 8 and open_count(session, Wanted(host="host-31")) == 4
    assert open_by_rule(session)["task-unknown"] == 3 and "old" not in open_by_rule(session)
    assert [one.rule for one in open_alerts(session, Wanted(cluster="other"))] == ["disk-full"]
    shown, total = symptoms_of(session, lost, 2)
    assert len(shown) == 2 and total == 3


def test_of_many_events_the_newest_are_told_in_their_order(session: Session) -> None:
    alert = add_alert(session)
    session.add_all([AlertEvent(alert_id=alert.id, at=NOW + at, kind="note", text=str(at)) for at in range(5)])
    session.flush()
    found, total = events_of_alert(session, alert, 3)
    assert [one.text for one in found] == ["2", "3", "4"] and total == 6


def test_history_comes_page_by_page(session: Session) -> None:
    for at in range(25):
        add_alert(session, number=at, resolved_at=NOW - at)
    add_alert(session, number=99)
    found, number, total = over_page(session, Wanted(), 2, 10)
    assert [row.number for row in found] == list(range(10, 20)) and (number, total) == (2, 25)
    assert over_page(session, Wanted(), 9, 10)[1] == 3, "the last one, if there are not so many"
    assert over_page(session, Wanted(number=7), 1, 10)[2] == 1


def test_thousands_are_grouped_quickly(session: Session) -> None:
    add_incident(session, 2000)
    session.add_all([alert_row("task-down", number=at, host=f"h{at}") for at in range(2000)])
    session.flush()
    session.expire_all()
    began = time.process_time()
    found = incidents(session, Wanted())
    assert len(found) == 2001 and sum(len(one.symptoms) for one in found) == 2000
    assert time.process_time() - began < 5
