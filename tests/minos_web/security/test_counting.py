"""Tries and requests are counted over all web processes: who is refused by one is refused by all."""

import time
from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest
import time_machine
from limits.storage import MemoryStorage
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_web.console import Console
from minos_web.models.rates import RateWindow
from minos_web.security import counting
from minos_web.security.counting import SharedCounts, counts_of, forget_counts
from minos_web.security.pushing import PushThrottle
from minos_web.security.rates import Rates
from minos_web.security.throttle import Throttle


@pytest.fixture
def outside(console: Console) -> Console:
    return replace(console, settings=msgspec.structs.replace(console.settings, engine="outside"))


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(counting, "SHARE_SECONDS", 0.0)
    yield


def test_one_process_counts_in_memory_and_several_in_the_database(console: Console, outside: Console) -> None:
    assert isinstance(counts_of(console), MemoryStorage) and isinstance(counts_of(outside), SharedCounts)


def test_two_processes_give_no_more_tries_than_one(outside: Console) -> None:
    first, second = Throttle(SharedCounts(outside)), Throttle(SharedCounts(outside))
    tries = [one.try_once("admin", "198.51.100.7") == 0 for one in [first, second] * 6]
    assert sum(tries) == 5 and tries[:5] == [True] * 5
    assert second.try_once("admin", "203.0.113.9") == 0, "its owner elsewhere is not kept out"
    second.succeeded("admin", "198.51.100.7")
    assert first.try_once("admin", "198.51.100.7") == 0, "nor is whoever knew the password to another process"
    assert sum(one.try_code("admin", f"198.51.{n}.1") == 0 for n, one in enumerate([first, second] * 20)) == 30


def test_waiting_as_told_opens_again(outside: Console) -> None:
    with time_machine.travel(time.time(), tick=False) as clock:
        throttle = Throttle(SharedCounts(outside))
        for _ in range(6):
            wait = throttle.try_once("admin", "198.51.100.7")
        assert 0 < wait <= 300
        clock.shift(wait + 1)
        assert throttle.try_once("admin", "198.51.100.7") == 0


def test_a_network_that_is_known_to_one_is_known_to_all(outside: Console) -> None:
    first, second = Throttle(SharedCounts(outside)), Throttle(SharedCounts(outside))
    first.succeeded("olga", "192.0.2.1")
    for number in range(60):
        assert first.try_once(f"u{number}", f"10.0.{number}.1") == 0
    assert second.try_once("olga", "203.0.113.9") > 0 and second.try_once("olga", "192.0.2.77") == 0


@pytest.mark.usefixtures("at_once")
def test_requests_of_programs_are_counted_together(outside: Console) -> None:
    settings = ConsoleSettings(var="/", api_reads=10, api_address_reads=0)
    first, second = Rates(SharedCounts(outside)), Rates(SharedCounts(outside))
    waits = [one.ask_once(("token", "10.0.0.1"), False, settings) for one in [first, second] * 8]
    assert [wait == 0 for wait in waits] == [True] * 10 + [False] * 6 and 0 < waits[-1] <= 60
    assert first.ask_once(("other", "10.0.0.1"), False, settings) == 0
    pushes = PushThrottle(SharedCounts(outside)), PushThrottle(SharedCounts(outside))
    assert pushes[0].values("token", 100_000) == 0 and pushes[1].values("token", 100_000) > 0


def test_what_is_asked_often_is_written_seldom(outside: Console, session: Session) -> None:
    counts = SharedCounts(outside)
    assert [counts.incr("key", 60) for _ in range(50)] == list(range(1, 51))
    assert session.scalars(select(RateWindow.number)).one() == 1, "the rest is told with the next write"


@pytest.mark.usefixtures("at_once")
def test_without_the_database_a_process_counts_by_itself(outside: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = SharedCounts(outside)
    assert counts.incr("key", 60) == 1

    def away(*_about: object) -> None:
        raise OperationalError("SELECT", {}, Exception("the server is away"))

    with monkeypatch.context() as broken:
        broken.setattr(counts, "_add", away)
        assert [counts.incr("key", 60) for _ in range(3)] == [2, 3, 4]
    assert counts.get_expiry("key") > time.time()


def test_counts_that_are_over_are_forgotten(outside: Console, session: Session) -> None:
    counts, now = SharedCounts(outside), time.time()
    counts.acquire_entry("short", 5, 60)
    counts.acquire_entry("long", 5, 6000)
    forget_counts(session, now + 600)
    session.commit()
    assert counts.get_moving_window("short", 5, 60)[1] == 0 and counts.get_moving_window("long", 5, 6000)[1] == 1
    assert counts.reset() == 1 and counts.check()
