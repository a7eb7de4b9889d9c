"""Messages that are heard together share a transaction, and one that goes wrong keeps no other from being heard."""

import time
import uuid
from typing import Any

import pytest
from sqlalchemy import event, select

from minos_common.states import HostState, TaskState
from minos_common.words import (
    Accepted,
    Beat,
    BeatAnswer,
    Hello,
    Holds,
    HostFacts,
    Noted,
    Roots,
    SampleGroup,
    Samples,
    TaskEvent,
    TaskName,
    TaskStatus,
    Welcome,
)
from minos_web.console import Console
from minos_web.engine.braking import Brakes
from minos_web.engine.dispatcher import Dispatcher
from minos_web.engine.drops import Drops
from minos_web.engine.hearing import Heard, Hearing
from minos_web.engine.presence import NOTHING, Presence
from minos_web.models.clusters import Task
from minos_web.models.hosts import Host
from minos_web.models.series import SampleBatch
from tests.minos_web.scene import add_hosts

STRAY = TaskName("zookeeper", "found", "zookeeper")


class Room:
    """Hearing over a console of three approved hosts."""

    def __init__(self, console: Console) -> None:
        self.console, self.presence = console, Presence()
        with console.writers.begin() as session:
            self.hosts = [(host.id, host.public_key, host.name) for host in add_hosts(session)]
        for number, key, name in self.hosts:
            self.presence.approve(key, number, name)
        self.hearing = Hearing(console, self.presence, Drops(console), Brakes())

    def heard(self, number: int) -> Heard:
        return Heard(self.hosts[number][1], b"route", time.monotonic(), time.time())


@pytest.fixture
def room(console: Console) -> Room:
    return Room(console)


def hello(name: str) -> Hello:
    return Hello(
        name, "127.0.0.31", "s", "0.1", "boot", 1.0, Roots("/a", "/l", ["/d"], "/p"), HostFacts(), [], time.time()
    )


def runs(revision: int = 5) -> TaskEvent:
    now = time.time()
    status = TaskStatus(STRAY, TaskState.RUNNING, now, "running", pid=7)
    return TaskEvent(uuid.uuid4().hex, now, TaskState.STARTING, status, revision)


def figures() -> Samples:
    return Samples(uuid.uuid4().hex, [SampleGroup(time.time(), {"host.load1": 1.0})])


def begun(console: Console) -> list[str]:
    """Transactions that write, from now on."""
    seen: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement == "BEGIN IMMEDIATE":
            seen.append(statement)

    event.listen(console.engine, "before_cursor_execute", hear)
    return seen


def test_what_comes_together_is_one_transaction_and_beats_alone_are_none(room: Room) -> None:
    seen = begun(room.console)
    beats = room.hearing.hear_together([(Beat("s", number, time.time()), room.heard(0)) for number in range(20)])
    assert [type(answer) for one in beats for answer in one] == [BeatAnswer] * 20 and not seen
    several = [(message, room.heard(n)) for n in range(3) for message in (figures(), runs(), Holds([]))]
    answers = room.hearing.hear_together(several)
    assert len(seen) == 1 and [type(answer) for one in answers for answer in one] == [Noted] * 6
    with room.console.readers() as session:
        assert len(session.scalars(select(SampleBatch)).all()) == 3
        assert {task.state for task in session.scalars(select(Task))} == {"RUNNING"}


def test_what_one_message_raises_undoes_all_and_counts_nothing_as_told(room: Room) -> None:
    peer = room.presence.peers[room.hosts[0][1]]
    samples = figures()
    room.hearing.hear(hello(room.hosts[0][2]), room.heard(0))
    bad = TaskStatus(STRAY, TaskState.RUNNING, time.time(), pid={})  # type: ignore[arg-type]
    with pytest.raises(Exception, match=r"pid|dict|bind"):
        room.hearing.hear_together(
            [
                (samples, room.heard(0)),
                (runs(), room.heard(0)),
                (TaskEvent("e", time.time(), TaskState.STARTING, bad, 6), room.heard(1)),
            ]
        )
    with room.console.readers() as session:
        assert not session.scalars(select(SampleBatch)).all() and not session.scalars(select(Task)).all()
    assert peer.told.whole == NOTHING and samples.batch_id not in peer.taken


def test_the_others_are_heard_one_by_one(room: Room, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, Any]] = []
    monkeypatch.setattr(dispatcher, "_hearing", room.hearing)
    monkeypatch.setattr(dispatcher, "_presence", room.presence)
    monkeypatch.setattr(dispatcher, "_send", lambda _route, key, answer: sent.append((key, answer)))

    def fail(*_: object) -> None:
        raise ValueError("this one cannot be taken")

    monkeypatch.setitem(room.hearing._handlers, Accepted, fail)
    first, last = figures(), figures()
    dispatcher._hear([(first, room.heard(0)), (Accepted("c"), room.heard(1)), (last, room.heard(2))])
    assert [(key, answer.batch_ids) for key, answer in sent] == [
        (room.hosts[0][1], [first.batch_id]),
        (room.hosts[2][1], [last.batch_id]),
    ]
    assert dispatcher.drops.counts["broken"] == 1


def test_a_hello_makes_only_its_own_key_known_and_a_host_is_found_by_its_number(room: Room) -> None:
    number, key, name = room.hosts[0]
    room.presence.forget(key)
    assert room.presence.by_host(number) is None
    [[welcome]] = room.hearing.hear_together([(hello(name), room.heard(0))])
    assert isinstance(welcome, Welcome) and welcome.state == HostState.APPROVED
    assert room.presence.by_host(number) is room.presence.peers[key]
    with room.console.readers() as session:
        assert session.get_one(Host, number).beat_at
    room.presence.approve_only({"other": (number, name)})
    assert list(room.presence.peers) == ["other"] and room.presence.by_host(number) is room.presence.peers["other"]
    room.presence.approve_only({})
    assert room.presence.by_host(number) is None
