"""The tick of schedules: taken up, begun, waited for, followed to the end, told once."""

import time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import OperationState
from minos_web.console import Console
from minos_web.engine import scheduling
from minos_web.engine.scheduling import tick
from minos_web.models.brakes import Brake
from minos_web.models.clusters import Cluster, Task
from minos_web.models.news import News
from minos_web.models.operations import Operation
from minos_web.models.people import AuditEntry, User
from minos_web.models.schedules import Occurrence, Schedule
from minos_web.operations.braking import pull, release
from minos_web.operations.control import control
from minos_web.operations.refusal import Refused
from minos_web.operations.schedules import keeping
from tests.minos_web.engine.scheduling.scheduled import (
    DAY,
    HOUR,
    NOW,
    busy,
    end,
    made,
    newest,
    news,
    operations,
    times,
)


def test_it_begins_at_its_time_as_an_operation_of_its_owner(ready: Console, read: Session) -> None:
    number = made(ready)
    tick(ready, NOW - 1)
    assert times(read) == [] and operations(read) == []
    tick(ready, NOW + 2)
    (operation,) = operations(read)
    assert (operation.action, operation.created_by, operation.state) == ("restart", "operator", "waiting")
    assert operation.options["update_config"] is False and "confirm" not in operation.options
    found = newest(read)
    assert (found.nominal_at, found.state, found.operation_id) == (NOW, "running", operation.id)
    entry = read.scalars(select(AuditEntry).where(AuditEntry.action == "schedule.begin")).one()
    assert (entry.user, entry.target, entry.details["schedule"]) == ("operator", "zookeeper/dptst", number)
    for later in (7, 12):
        tick(ready, NOW + later)
    assert len(operations(read)) == 1
    end(ready, OperationState.DONE, now=NOW + 30)
    tick(ready, NOW + 32)
    assert (newest(read).state, newest(read).ended_at, news(read)) == ("done", NOW + 32, [])
    assert read.get_one(Schedule, number).next_at == NOW + HOUR


def test_a_tick_with_nothing_to_do_takes_no_lock(ready: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    made(ready)
    with ready.writers.begin():  # somebody else writes; the tick would wait for 5 s and fail
        begun = time.monotonic()
        tick(ready, NOW - 1)
        assert time.monotonic() - begun < 2


def test_failure_is_told_once_and_recovery_too(ready: Console, read: Session) -> None:
    number = made(ready)
    for hour, state, message in (
        (0, "failed", "a host died"),
        (1, "failed", "again"),
        (2, "done", ""),
        (3, "done", ""),
    ):
        at = NOW + hour * HOUR
        tick(ready, at)
        end(ready, OperationState(state), message, at + 60)
        tick(ready, at + 65)
        read.rollback()
        assert read.get_one(Schedule, number, populate_existing=True).failing == (state == "failed")
    assert news(read) == [("problem", "error", "nightly failed"), ("recovery", "info", "nightly works again")]
    (first, second) = read.scalars(select(News).order_by(News.id)).all()
    assert first.key == second.key == f"schedule:{number}" and first.path == f"/schedules/{number}"
    assert (first.service, first.cluster) == ("zookeeper", "dptst") and "failed: a host died" in first.text


def test_one_that_stands_still_is_told_because_nobody_looks_at_night(ready: Console, read: Session) -> None:
    made(ready)
    tick(ready, NOW)
    with ready.writers.begin() as session:
        operation = session.scalars(select(Operation)).one()
        operation.state, operation.message = "paused", "no leader within 600 s"
    for later in (5, 10, 15):
        tick(ready, NOW + later)
    assert news(read) == [("problem", "error", "nightly stands still")]
    assert (newest(read).state, "no leader" in newest(read).message) == ("running", True)
    end(ready, OperationState.DONE)
    tick(ready, NOW + 20)
    assert [kind for kind, _, _ in news(read)] == ["problem", "recovery"]


def test_who_cancels_it_knows(ready: Console, read: Session) -> None:
    made(ready)
    tick(ready, NOW)
    end(ready, OperationState.CANCELLED, "cancelled by olga")
    tick(ready, NOW + 5)
    assert newest(read).state == "failed" and "cancelled by olga" in newest(read).message and news(read) == []


def test_another_open_operation_is_waited_for(ready: Console, read: Session) -> None:
    made(ready)
    busy(ready, NOW - 5)
    tick(ready, NOW)
    assert (newest(read).state, len(operations(read))) == ("waiting", 1)
    assert newest(read).message.startswith("operation 1 is still open on this cluster")
    end(ready, OperationState.DONE)
    tick(ready, NOW + 600)
    assert [one.action for one in operations(read)] == ["show", "restart"]
    assert (newest(read).state, newest(read).message) == ("running", "")


def test_a_time_that_comes_while_the_brake_is_pulled_is_left_out(ready: Console, read: Session) -> None:
    made(ready)
    with ready.writers.begin() as session:
        pull(session, session.scalars(select(Cluster)).one(), "fire", "bob", NOW - 5)
    tick(ready, NOW)
    assert newest(read).state == "skipped" and operations(read) == []
    assert "was pulled by bob" in newest(read).message and ": fire" in newest(read).message
    assert news(read) == [("note", "warning", "nightly did not begin")]
    with ready.writers.begin() as session:
        release(session, session.scalars(select(Brake)).one(), "dptst", "bob", NOW + 5)
    tick(ready, NOW + HOUR)
    assert [one.action for one in operations(read)] == ["restart"]


def test_what_cannot_begin_within_an_hour_is_left_out_and_told(ready: Console, read: Session) -> None:
    made(ready, every=86400)
    busy(ready, NOW - 5)
    for minute in range(0, 62, 4):
        tick(ready, NOW + minute * 60)
    assert newest(read).state == "waiting"
    tick(ready, NOW + HOUR + 5)
    assert newest(read).state == "skipped" and "operation 1 is still open" in newest(read).message
    end(ready, OperationState.DONE)
    tick(ready, NOW + HOUR + 10)
    assert len(operations(read)) == 1
    assert news(read) == [("note", "warning", "nightly did not begin")]


def test_with_hours_it_waits_until_they_end(ready: Console, read: Session) -> None:
    made(ready, timing="cron", cron="0 8 * * *", hours="07:00-12:00")
    busy(ready, NOW - 5)
    tick(ready, NOW)
    for minute in range(0, 240, 4):
        tick(ready, NOW + minute * 60)
    assert newest(read).state == "waiting"
    tick(ready, NOW + 4 * HOUR + 1)
    assert newest(read).state == "skipped"


@pytest.mark.parametrize("policy", ["skip", "once"])
def test_one_at_a_time_of_a_schedule(ready: Console, read: Session, policy: str) -> None:
    made(ready, missed=policy)
    for hour in (0, 1):
        tick(ready, NOW + hour * HOUR)
    assert times(read) == [(0, "running"), (HOUR, "skipped")]
    assert (newest(read).message, len(operations(read))) == ("the one before it had not ended", 1)


def test_with_all_made_up_for_the_next_waits_for_its_turn(ready: Console, read: Session) -> None:
    made(ready, missed="all")
    tick(ready, NOW)
    tick(ready, NOW + HOUR)
    assert times(read) == [(0, "running"), (HOUR, "waiting")]
    end(ready, OperationState.DONE)
    tick(ready, NOW + HOUR + 5)
    tick(ready, NOW + HOUR + 10)
    assert times(read) == [(0, "done"), (HOUR, "running")] and len(operations(read)) == 2


@pytest.mark.parametrize(
    ("policy", "states"),
    [
        ("skip", ["missed", "missed", "missed"]),
        ("once", ["missed", "missed", "running"]),
        ("all", ["running", "waiting", "waiting"]),
    ],
)
def test_after_three_days_away(ready: Console, read: Session, policy: str, states: list[str]) -> None:
    made(ready, every=86400, missed=policy)
    tick(ready, NOW + 2 * DAY + HOUR)
    assert times(read) == [(number * DAY, state) for number, state in enumerate(states)]
    missed = states.count("missed")
    assert len(news(read)) == bool(missed) and (not missed or f"missed {missed} times" in news(read)[0][2])
    tick(ready, NOW + 2 * DAY + HOUR + 5)
    assert len(times(read)) == 3


def test_after_two_days_away_of_every_minute_ten_are_made_up_for_and_few_rows_are_kept(
    ready: Console, read: Session
) -> None:
    for name, policy in (("a", "skip"), ("b", "all")):
        made(ready, name=name, kind="check", arguments={}, every=60, missed=policy)
    begun = time.monotonic()
    tick(ready, NOW + 2 * DAY + 30)
    assert time.monotonic() - begun < 10
    read.rollback()
    for name, states in (("a", ["missed"] * 10 + ["waiting"]), ("b", ["missed"] + ["waiting"] * 10)):
        rows = read.scalars(
            select(Occurrence).join(Schedule).where(Schedule.name == name).order_by(Occurrence.nominal_at)
        ).all()
        got = ["waiting" if one.state == "running" else one.state for one in rows]
        assert got == states and "others before it as well" in rows[0].message


def test_made_up_for_within_its_hours_only(ready: Console, read: Session) -> None:
    made(ready, timing="cron", cron="0 2 * * *", hours="01:00-06:00", missed="once")
    tick(ready, NOW + DAY)  # it is 08:00: the console was down at 02:00
    assert times(read)[-1][1] == "waiting" and newest(read).message == "it begins when its hours come"
    tick(ready, NOW + DAY + 17 * HOUR + 5)
    assert newest(read).state == "running" and len(operations(read)) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"role": "viewer"}, "is viewer now: somebody who may has to save it again"),
        ({"disabled": True}, "is no user any more"),
        ({"name": "gone"}, "is no user any more"),
    ],
)
def test_who_lost_the_role_does_nothing_any_more(
    ready: Console, read: Session, change: dict[str, Any], words: str
) -> None:
    made(ready)
    with ready.writers.begin() as session:
        user = session.scalars(select(User).where(User.name == "operator")).one()
        for name, value in change.items():
            setattr(user, name, value)
    tick(ready, NOW)
    assert newest(read).state == "failed" and words in newest(read).message
    assert operations(read) == [] and news(read)[0][:2] == ("problem", "error")


def test_an_override_needs_an_administrator_at_that_time(ready: Console, read: Session) -> None:
    overriding = {"action": "restart", "options": {"update_config": False, "override": True}}
    with pytest.raises(Refused) as refused:
        made(ready, arguments=overriding)
    assert refused.value.field == "override"
    made(ready, "admin", arguments=overriding)
    with ready.writers.begin() as session:
        session.scalars(select(User).where(User.name == "admin")).one().role = "operator"
    tick(ready, NOW)
    assert newest(read).state == "failed" and "only an administrator" in newest(read).message


def test_what_is_refused_fails_with_why(ready: Console, read: Session) -> None:
    made(ready)
    with ready.writers.begin() as session:
        for task in session.scalars(select(Task)):
            task.bootstrapped = False
    tick(ready, NOW)
    assert newest(read).state == "failed" and "not bootstrapped yet" in newest(read).message


def test_a_cluster_that_is_gone_fails_it(ready: Console, read: Session) -> None:
    made(ready)
    with ready.writers.begin() as session:
        session.scalars(select(Cluster)).one().retired = True
    tick(ready, NOW)
    assert newest(read).state == "failed" and "there is no cluster" in newest(read).message


def test_a_mistake_of_the_consoles_own_fails_it_once(
    ready: Console, read: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(ready)

    def broken(*_: Any) -> None:
        raise KeyError("x")

    monkeypatch.setattr("minos_web.operations.schedules.performing.submit", broken)
    for later in (0, 5, 10):
        tick(ready, NOW + later)
    assert (newest(read).state, len(times(read))) == ("failed", 1) and "KeyError" in newest(read).message


def test_one_that_cannot_be_looked_at_does_not_hide_others(
    ready: Console, read: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made(ready, name="broken")
    made(ready, name="well", kind="report", cluster="", arguments={})
    whole = scheduling.take_up

    def some(console: Console, number: int, now: float) -> None:
        if number == first:
            raise RuntimeError("no")
        whole(console, number, now)

    monkeypatch.setattr(scheduling, "take_up", some)
    tick(ready, NOW)
    assert times(read) == [(0, "done")]


def test_run_now_gives_nobody_the_rights_of_its_owner(ready: Console, read: Session) -> None:
    overriding = {"action": "restart", "options": {"update_config": False, "override": True}}
    number = made(ready, "admin", timing="cron", cron="0 2 * * *", arguments=overriding)
    with ready.writers.begin() as session:
        keeping.run_now(session, session.get_one(Schedule, number), "operator", NOW + 1)
    tick(ready, NOW + 5)
    assert newest(read).state == "failed" and "only an administrator" in newest(read).message
    assert operations(read) == []


def test_run_now_is_begun_even_while_it_is_paused_and_outside_of_its_hours(ready: Console, read: Session) -> None:
    number = made(ready, timing="cron", cron="0 2 * * *", hours="01:00-06:00")
    with ready.writers.begin() as session:
        row = session.get_one(Schedule, number)
        keeping.pause(session, row, "olga", NOW)
        keeping.run_now(session, row, "olga", NOW + 1)
        with pytest.raises(Refused, match="waits or runs already"):
            keeping.run_now(session, row, "olga", NOW + 2)
    tick(ready, NOW + 5)
    assert (newest(read).state, newest(read).asked_by) == ("running", "olga")
    assert operations(read)[0].created_by == "operator"


def test_a_paused_one_does_not_begin_and_what_waited_is_left_out(ready: Console, read: Session) -> None:
    number = made(ready)
    busy(ready, NOW - 5)
    tick(ready, NOW)
    with ready.writers.begin() as session:
        keeping.pause(session, session.get_one(Schedule, number), "olga", NOW + 1)
    end(ready, OperationState.DONE)
    tick(ready, NOW + 5 * HOUR)
    assert times(read) == [(0, "skipped")] and newest(read).message == "paused by olga"
    with ready.writers.begin() as session:
        keeping.resume(session.get_one(Schedule, number), NOW + 5 * HOUR + 60)
    tick(ready, NOW + 6 * HOUR)
    assert times(read)[1:] == [(6 * HOUR, "running")], "what was due while it was paused was not missed"


def test_an_operation_that_is_tried_again_by_hand_is_a_recovery(ready: Console, read: Session) -> None:
    made(ready, every=86400)
    tick(ready, NOW)
    end(ready, OperationState.FAILED, "a host died", NOW + 60)
    tick(ready, NOW + 65)
    with ready.writers.begin() as session:
        control(session, 1, "retry", "olga", NOW + 600)
    tick(ready, NOW + 605)
    assert newest(read).state == "failed"
    end(ready, OperationState.DONE, now=NOW + 660)
    for later in (665, 670):
        tick(ready, NOW + later)
    assert (newest(read).state, newest(read).message) == ("done", "its operation was tried again by hand")
    assert [kind for kind, _, _ in news(read)] == ["problem", "recovery"]
