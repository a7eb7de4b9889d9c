"""The engine's hand for notifications: a server that hangs holds up neither other channels nor the timetable nor the end."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from minos_web.console import Console
from minos_web.engine import notifying
from minos_web.engine.notifying import Notifier
from tests.minos_web.notify.desk import Desk
from tests.minos_web.notify.servers import MailServer, mail_server


@pytest.fixture
def servers() -> Iterator[tuple[MailServer, MailServer]]:
    with mail_server() as one, mail_server() as other:
        yield one, other


@pytest.fixture
def desk(console: Console, servers: tuple[MailServer, MailServer]) -> Desk:
    one, other = servers
    said = {"smtp_host": "127.0.0.1", "smtp_port": one.port, "alert_mail": "ops@example.org"}
    desk = Desk(replace(console, settings=msgspec.structs.replace(console.settings, **said)))
    row = desk.channel(name="other", host="127.0.0.1", port=other.port, security="none")
    desk.routed("both", stages=((0, 0), (row.id, 0)), recipients=["ops@example.org"])
    return desk


@pytest.fixture
def notifier(desk: Desk) -> Iterator[Notifier]:
    made = Notifier(desk.console)
    yield made
    made.stop()


def until(what: Callable[[], Any]) -> None:
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def test_one_that_hangs_holds_nobody_up(desk: Desk, notifier: Notifier, servers: tuple[MailServer, MailServer]) -> None:
    hanging, other = servers
    hanging.mails.hold = threading.Event()
    for number in range(3):
        desk.tell(f"n{number}")
        began = time.monotonic()
        notifier.tend(time.time())
        assert time.monotonic() - began < 5
        until(lambda wanted=number + 1: (notifier.tend(time.time()), len(other.mails.got) == wanted)[1])  # type: ignore[misc]
    assert hanging.mails.got == []
    hanging.mails.hold.set()
    until(lambda: (notifier.tend(time.time()), len(hanging.mails.got) == 3)[1])
    assert len(other.mails.got) == 3


def test_the_end_does_not_wait_for_one_that_hangs_and_it_goes_after_the_start(
    desk: Desk, servers: tuple[MailServer, MailServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging, other = servers
    monkeypatch.setattr(notifying, "STOP_SECONDS", 0.2)
    hanging.mails.hold = threading.Event()
    first = Notifier(desk.console)
    desk.tell()
    first.tend(time.time())
    until(lambda: len(other.mails.got) == 1 and "sending" in desk.states())
    began = time.monotonic()
    first.stop()
    assert time.monotonic() - began < 5
    desk.tell("told while it ends")
    first.tend(time.time())
    assert len(other.mails.got) == 1, "what ends begins nothing"
    hanging.mails.hold.set()


def test_with_nothing_to_do_no_lock_is_taken(desk: Desk, notifier: Notifier, monkeypatch: pytest.MonkeyPatch) -> None:
    class Locked:
        def begin(self) -> None:
            raise AssertionError("a write lock was taken")

    monkeypatch.setattr(notifier, "_console", replace(desk.console, writers=Locked()))  # type: ignore[arg-type]
    notifier.tend(time.time())
