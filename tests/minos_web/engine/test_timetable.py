"""The timetable runs, notes, and rises again: the real APScheduler, killed as it dies by itself, and a real database."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from apscheduler.jobstores.memory import MemoryJobStore
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.engine import timetable as module
from minos_web.engine.notes import Note
from minos_web.engine.timetable import Timetable
from minos_web.models.news import News
from minos_web.models.schedules import Round
from minos_web.monitor.timetable import LATE_SECONDS, TIMETABLE

PATIENCE = 20.0


def wait_for(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


class Counted:
    """A round that counts, and does what it is told."""

    __name__ = "_counted"

    def __init__(self) -> None:
        self.times = 0
        self.fails = ""
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self) -> None:
        self.times += 1
        self.gate.wait(PATIENCE)
        if self.fails:
            raise RuntimeError(self.fails)


@pytest.fixture
def session(console: Console) -> Iterator[Session]:
    """Reads only: one that writes would keep the engine from it."""
    with console.readers() as opened:
        yield opened


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
def table(console: Console, counted: Counted, monkeypatch: pytest.MonkeyPatch) -> Iterator[Timetable]:
    """At work; its watchdog looks when it is told to."""
    monkeypatch.setattr(module, "LOOK_SECONDS", 3600.0)
    monkeypatch.setattr(module, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(module, "KEEP_SECONDS", 0.0)
    made = Timetable(console)
    made.add_job(counted, "interval", seconds=0.05)
    made.start()
    yield made
    counted.gate.set()
    made.stop()


def row(session: Session, name: str = "counted") -> Round:
    found = session.get_one(Round, name)
    session.refresh(found)
    session.expunge(found)
    session.rollback()
    return found


def news(session: Session) -> list[tuple[str, str]]:
    found = [(one.kind, one.title) for one in session.scalars(select(News).order_by(News.id))]
    session.rollback()
    return found


def kill_clock(table: Timetable, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a database that is locked does with a job store in it: one exception where APScheduler expects none."""

    def locked(_store: MemoryJobStore, _job: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    clock = table.clock
    assert clock is not None
    with monkeypatch.context() as broken:
        broken.setattr(MemoryJobStore, "update_job", locked)
        broken.setattr(threading, "excepthook", lambda _args: None)
        wait_for(lambda: not clock._thread.is_alive())


def test_rounds_are_noted(table: Timetable, counted: Counted, session: Session) -> None:
    wait_for(lambda: counted.times >= 3)
    table.look(time.monotonic())
    found = row(session)
    assert found.runs >= 2 and found.failures == 0 and found.began_at is not None and found.took is not None
    assert row(session, TIMETABLE).runs >= 1


def test_a_clock_that_died_is_started_again_and_told_once(
    table: Timetable, counted: Counted, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.look(time.monotonic())
    for _ in range(2):
        kill_clock(table, monkeypatch)
        assert table.clock and table.clock.running, "APScheduler itself does not know: that is why somebody has to look"
        before = counted.times
        time.sleep(0.2)
        assert counted.times <= before + 1, "nothing runs: it is dead"
        table.look(time.monotonic())
        wait_for(lambda many=before: counted.times >= many + 3)
    table.look(time.monotonic())
    found = row(session, TIMETABLE)
    assert found.failures == 2 and found.error == "its thread had ended" and found.failing_since is None
    assert news(session) == [("note", "The console's timetable had died and was started again")]


def test_the_watchdog_looks_by_itself(
    console: Console, counted: Counted, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.05)
    table = Timetable(console)
    table.add_job(counted, "interval", seconds=0.05)
    table.start()
    try:
        wait_for(lambda: counted.times)
        kill_clock(table, monkeypatch)
        before = counted.times
        wait_for(lambda: counted.times >= before + 3)
    finally:
        table.stop()
    assert row(session, TIMETABLE).failures == 1


def test_a_clock_that_starts_nothing_any_more_is_replaced(table: Timetable, counted: Counted, session: Session) -> None:
    """As when the time of day was set back by an hour: its thread is there, and waits."""
    clock = table.clock
    assert clock is not None
    clock.pause()
    wait_for(lambda: table._ticked_at)
    ticked = table._ticked_at
    table.look(ticked + LATE_SECONDS - 20)
    table.look(ticked + LATE_SECONDS - 5)
    assert table.clock is clock
    before = counted.times
    table.look(ticked + LATE_SECONDS + 10)
    assert table.clock is not clock
    wait_for(lambda: counted.times >= before + 3)
    assert "it had started nothing for" in row(session, TIMETABLE).error


def test_a_process_that_was_stopped_for_a_while_is_not_a_dead_clock(table: Timetable) -> None:
    clock, now = table.clock, time.monotonic()
    table.look(now)
    table.look(now + 3600)
    assert table.clock is clock


def test_a_round_that_hangs_is_not_begun_twice_even_by_a_new_clock(
    table: Timetable, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted.gate.clear()
    begun = counted.times
    wait_for(lambda: counted.times > begun)
    hanging = counted.times
    kill_clock(table, monkeypatch)
    table.look(time.monotonic())
    ticked = table._ticked_at
    wait_for(lambda: table._ticked_at > ticked)
    assert counted.times == hanging
    counted.gate.set()
    wait_for(lambda: counted.times > hanging)


def test_a_failure_is_counted_and_the_round_comes_again(table: Timetable, counted: Counted, session: Session) -> None:
    counted.fails = "no <disk>"
    wait_for(lambda: counted.times >= 3)
    table.look(time.monotonic())
    found = row(session)
    assert found.failures >= 1 and found.error == "RuntimeError: no <disk>" and found.failing_since is not None
    counted.fails = ""
    table.look(time.monotonic())

    def well() -> bool:
        table.look(time.monotonic())
        return row(session).failing_since is None

    wait_for(well)
    assert news(session) == [], "a single failure wakes nobody"


def test_a_round_that_does_not_run_is_told_once_and_its_return_too(
    table: Timetable, counted: Counted, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"why": "should have begun 99 s ago"}

    def trouble(note: Note, _now: float) -> str:
        return said["why"] if note.name == "counted" else ""

    monkeypatch.setattr(module, "trouble", trouble)
    wait_for(lambda: counted.times)
    for number in range(6):
        table.look(time.monotonic())
        assert len(news(session)) == (0 if number < 2 else 1), number
    assert news(session) == [("problem", "The console's round counted should have begun 99 s ago")]
    assert row(session).told
    said["why"] = ""
    for _ in range(3):
        table.look(time.monotonic())
    assert [kind for kind, _ in news(session)] == ["problem", "recovery"]
    assert not row(session).told


def test_one_that_fails_still_does_not_run_again(table: Timetable, counted: Counted, session: Session) -> None:
    wait_for(lambda: counted.times)
    note = next(one for one in table._notes if one.name == "counted")
    note.told = True
    counted.fails = "broken"
    wait_for(lambda: note.failing_since is not None)
    for _ in range(3):
        table.look(time.monotonic())
    assert news(session) == [] and note.told


def test_what_could_not_be_written_is_told_later(
    table: Timetable, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.look(time.monotonic())

    def away(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    kill_clock(table, monkeypatch)
    with monkeypatch.context() as broken:
        broken.setattr(module, "keep", away)
        with pytest.raises(OperationalError):
            table.look(time.monotonic())
    assert news(session) == []
    table.look(time.monotonic())
    assert len(news(session)) == 1


def test_what_an_earlier_engine_noted_goes_on_and_old_rounds_go(console: Console, session: Session) -> None:
    old = {"seconds": 1.0, "runs": 7, "failures": 2, "error": "x", "told": True, "began_at": 1.0}
    with console.writers.begin() as writing:
        writing.add_all([Round(name="counted", **old), Round(name="gone", **old)])
    counted = Counted()
    table = Timetable(console)
    table.add_job(counted, "interval", seconds=3600)
    table.start()
    table.stop()
    found = row(session)
    assert (found.runs, found.failures, found.told, found.began_at) == (7, 2, True, None)
    assert session.get(Round, "gone") is None
