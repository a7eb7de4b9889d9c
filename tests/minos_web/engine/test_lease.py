"""One engine at a time: on one directory, on one database, on one endpoint."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
import zmq
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.engine.dispatcher import CannotListen, Dispatcher
from minos_web.engine.lease import EngineElsewhere, EngineLease, LeaseLost
from minos_web.engine.standby import Standby
from minos_web.models.lease import Lease

FRESH_SECONDS = 20.0


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def elsewhere(console: Console, folder: Path) -> Console:
    """The same database, seen from another directory."""
    folder.mkdir()
    return replace(console, settings=msgspec.structs.replace(console.settings, var=str(folder)))


def age(session: Session, seconds: float) -> None:
    session.expire_all()
    session.get_one(Lease, "engine").seen_at = time.time() - seconds
    session.commit()


def test_a_second_one_on_the_same_directory_is_refused(console: Console) -> None:
    first = EngineLease(console)
    first.take()
    with pytest.raises(EngineElsewhere, match=r"works on this console \(it holds .*engine\.lock\); stop it first"):
        EngineLease(console).take()
    first.give_back()
    EngineLease(console).take()


def test_a_second_one_on_the_same_database_is_refused(console: Console, tmp_path: Path) -> None:
    first, second = EngineLease(console), EngineLease(elsewhere(console, tmp_path / "other"))
    first.take()
    with pytest.raises(EngineElsewhere, match=f"works on this database: {first.holder}"):
        second.take()
    first.give_back()
    second.take()
    assert second.epoch > first.epoch and not first.renew()
    second.give_back()


def test_a_dead_one_elsewhere_is_waited_for_and_no_longer(console: Console, session: Session, tmp_path: Path) -> None:
    first, second = EngineLease(console), EngineLease(elsewhere(console, tmp_path / "other"))
    first.take()
    age(session, FRESH_SECONDS - 5)
    with pytest.raises(EngineElsewhere, match="wait 20 s if it has died"):
        second.take()
    age(session, FRESH_SECONDS + 5)
    second.take()
    assert second.renew() and not first.renew()


def test_one_that_was_killed_here_is_followed_at_once(console: Console, session: Session) -> None:
    first = EngineLease(console)
    first.take()
    first._lock.release()  # as the kernel does with the lock of a dead process
    second = EngineLease(console)
    second.take()
    assert second.epoch > first.epoch and second.renew()


def test_one_that_stands_by_goes_by_its_own_clock(console: Console, session: Session, tmp_path: Path) -> None:
    first, clock = EngineLease(console), Clock()
    first.take()
    age(session, -3600)  # the clock of that machine is an hour ahead
    second = EngineLease(elsewhere(console, tmp_path / "other"))
    standby = Standby(second, clock)
    assert not standby.take()
    clock.now += FRESH_SECONDS - 1
    first.renew()
    assert not standby.take()
    clock.now += FRESH_SECONDS - 1
    assert not standby.take(), "it gave a sign of life in between"
    clock.now += 2
    assert standby.take() and second.epoch > first.epoch
    assert not Standby(EngineLease(elsewhere(console, tmp_path / "third")), clock).take()


def test_one_that_gave_the_lease_back_is_followed_at_once(console: Console, tmp_path: Path) -> None:
    first, second = EngineLease(console), EngineLease(elsewhere(console, tmp_path / "other"))
    first.take()
    standby = Standby(second)
    assert not standby.take()
    first.give_back()
    assert standby.take()


def test_one_that_was_followed_writes_nothing_any_more(console: Console, session: Session, tmp_path: Path) -> None:
    lost: list[str] = []
    first, second = (
        EngineLease(console, lambda: lost.append("first")),
        EngineLease(elsewhere(console, tmp_path / "other")),
    )
    first.take()
    fenced = first.fenced()
    with fenced.begin() as ours:
        ours.add(Lease(name="before", holder="", epoch=1, seen_at=0.0))
    age(session, FRESH_SECONDS + 5)
    second.take()
    for name in ("after", "later"):
        with pytest.raises(LeaseLost, match="another engine has taken over"), fenced.begin() as ours:
            ours.add(Lease(name=name, holder="", epoch=1, seen_at=0.0))
    session.expire_all()
    assert session.get(Lease, "before") and not session.get(Lease, "after") and not session.get(Lease, "later")
    assert lost == ["first"] and first.lost and not first.holds() and second.holds()


def test_outside_of_the_console_a_lease_that_was_not_renewed_in_time_is_not_trusted(console: Console) -> None:
    inside = EngineLease(console)
    inside.take()
    inside._valid_until = 0.0
    assert inside.holds(), "nobody stands by: workers need not be sent away while the database is"
    inside.give_back()
    outside = EngineLease(replace(console, settings=msgspec.structs.replace(console.settings, engine="outside")))
    outside.take()
    assert outside.holds()
    outside._valid_until = 0.0
    assert not outside.holds() and outside.renew() and outside.holds()


HOLD = """
import sys, time
from filelock import FileLock
lock = FileLock(sys.argv[1])
lock.acquire()
print("held", flush=True)
time.sleep(600)
"""


def test_one_that_hangs_here_is_ended(console: Console, session: Session) -> None:
    lock = console.var / "engine.lock"
    hanging = subprocess.Popen([sys.executable, "-c", HOLD, str(lock)], stdout=subprocess.PIPE)
    try:
        assert hanging.stdout and hanging.stdout.readline()
        lease, clock = EngineLease(console), Clock()
        place = lease.holder.rpartition(":")[0]
        session.add(Lease(name="engine", holder=f"{place}:{hanging.pid}", epoch=7, seen_at=time.time()))
        session.commit()
        standby = Standby(lease, clock)
        assert not standby.take() and hanging.poll() is None
        clock.now += FRESH_SECONDS + 1
        assert standby.take() and hanging.wait(10) == -9
    finally:
        hanging.kill()
        hanging.wait()


def test_a_process_without_the_lock_is_not_ended_whatever_its_number(console: Console, session: Session) -> None:
    holding, other = EngineLease(console), EngineLease(console)
    holding.take()
    place = holding.holder.rpartition(":")[0]
    age(session, 0)
    session.get_one(Lease, "engine").holder = f"{place}:{os.getppid()}"
    session.commit()
    clock = Clock()
    standby = Standby(other, clock)
    assert not standby.take()
    clock.now += FRESH_SECONDS + 1
    assert not standby.take()  # and whoever runs these tests is still here


def test_an_endpoint_that_is_taken_is_named(console: Console) -> None:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    taken = context.socket(zmq.ROUTER)
    port = taken.bind_to_random_port("tcp://127.0.0.1")
    endpoint = f"tcp://127.0.0.1:{port}"
    other = replace(console, settings=msgspec.structs.replace(console.settings, wire=endpoint))
    with pytest.raises(CannotListen, match=rf"cannot listen on {endpoint} \(minos\.wire\): Address already in use"):
        Dispatcher(other).start()
    context.destroy(linger=0)
