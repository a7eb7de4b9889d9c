"""One engine at a time: on one directory, on one database, on one endpoint."""

import time
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
import zmq
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.engine.dispatcher import CannotListen, Dispatcher
from minos_web.engine.lease import FRESH_SECONDS, EngineElsewhere, EngineLease
from minos_web.models.lease import Lease


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
    assert second.epoch == first.epoch + 1 and not first.renew()
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
    assert second.epoch == first.epoch + 1 and second.renew()


def test_an_endpoint_that_is_taken_is_named(console: Console) -> None:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    taken = context.socket(zmq.ROUTER)
    port = taken.bind_to_random_port("tcp://127.0.0.1")
    endpoint = f"tcp://127.0.0.1:{port}"
    other = replace(console, settings=msgspec.structs.replace(console.settings, wire=endpoint))
    with pytest.raises(CannotListen, match=rf"cannot listen on {endpoint} \(minos\.wire\): Address already in use"):
        Dispatcher(other).start()
    context.destroy(linger=0)
