"""Nothing is done twice nor lost: consoles that are killed, two engines on one database."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console, open_console
from minos_web.engine.scheduling import begin, take_up, tick
from minos_web.models.people import AuditEntry
from minos_web.models.schedules import Occurrence
from tests.minos_web.conftest import settings_at
from tests.minos_web.engine.scheduling.scheduled import (
    DAY,
    HOUR,
    NOW,
    made,
    newest,
    news,
    operations,
    times,
)


class Killed(BaseException):
    """The process ends here: nothing of it catches this."""


def killed_at(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    def end_here(*_: Any, **__: Any) -> None:
        raise Killed

    monkeypatch.setattr(place, end_here)


@pytest.mark.parametrize(
    ("place", "before", "late"),
    [
        # Between taking up and beginning, a moment or two days before the next engine.
        ("minos_web.engine.scheduling.begin", 0, 5.0),
        ("minos_web.engine.scheduling.begin", 0, 2 * DAY),
        # In the middle of taking up; in the middle of beginning, after the operation was laid on the table.
        ("minos_web.engine.scheduling._note_times", 0, 5.0),
        ("minos_web.engine.scheduling._note_begun", 0, 5.0),
        # After it began, before anybody looked.
        ("minos_web.engine.scheduling.follow", 1, 5.0),
    ],
)
def test_a_console_that_is_killed_loses_nothing_and_does_nothing_twice(
    ready: Console, read: Session, monkeypatch: pytest.MonkeyPatch, place: str, before: int, late: float
) -> None:
    made(ready, timing="once", at=NOW, missed="once" if late > HOUR else "skip")
    with monkeypatch.context() as context:
        killed_at(context, place)
        for moment in range(before + 1):
            try:
                tick(ready, NOW + moment)
            except Killed:
                break
        else:
            pytest.fail("it was not killed")
    assert len(operations(read)) == before
    for later in (0.0, 5.0, 10.0):
        tick(ready, NOW + late + later)
    assert len(operations(read)) == 1, "once: neither lost nor done twice"
    assert times(read) == [(0, "running")]


def test_killed_between_and_away_for_days_it_is_left_out_where_the_schedule_says_so(
    ready: Console, read: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(ready, timing="once", at=NOW, missed="skip")
    with monkeypatch.context() as context, pytest.raises(Killed):
        killed_at(context, "minos_web.engine.scheduling.begin")
        tick(ready, NOW)
    tick(ready, NOW + 2 * DAY)
    assert times(read) == [(0, "skipped")] and operations(read) == []


def together(*work: Callable[[], None]) -> None:
    """All at the same moment, each in a thread of its own."""
    barrier, failed = threading.Barrier(len(work)), []

    def one(do: Callable[[], None]) -> None:
        barrier.wait()
        try:
            do()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=one, args=(do,)) for do in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []


def test_two_engines_on_one_database_do_it_once(ready: Console, read: Session) -> None:
    """A console that was thought dead ticks beside the one that took over."""
    other = open_console(settings_at(ready.var))
    try:
        for number in range(4):
            made(ready, name=f"s{number}", kind="report", cluster="", arguments={}, missed="all")
        for hour in range(5):
            at = NOW + hour * HOUR
            together(*(lambda c=console, t=at: tick(c, t) for console in (ready, other, ready, other)))  # type: ignore[misc]
        read.rollback()
        rows = read.scalars(select(Occurrence)).all()
        assert sorted((one.schedule_id, one.nominal_at) for one in rows) == [
            (number, NOW + hour * HOUR) for number in range(1, 5) for hour in range(5)
        ]
        assert {one.state for one in rows} == {"done"}
        assert [kind for kind, _, _ in news(read)] == ["report"] * 20
    finally:
        other.engine.dispose()


def test_two_engines_that_begin_the_same_lay_one_operation_on_the_table(ready: Console, read: Session) -> None:
    other = open_console(settings_at(ready.var))
    try:
        number = made(ready)
        together(lambda: take_up(ready, number, NOW), lambda: take_up(other, number, NOW))
        assert times(read) == [(0, "waiting")]
        waiting = newest(read).id
        together(*(lambda c=console: begin(c, waiting, NOW) for console in (ready, other, ready)))  # type: ignore[misc]
        assert len(operations(read)) == 1 and times(read) == [(0, "running")]
        entries = read.scalars(select(AuditEntry).where(AuditEntry.action == "schedule.begin")).all()
        assert len(entries) == 1
    finally:
        other.engine.dispose()
