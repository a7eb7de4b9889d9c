"""The dispatcher among strangers: garbage, unapproved and revoked keys. Real ROUTER with CURVE."""

import random
import socket
import time
from typing import Any

import msgspec
import psutil
import pytest
import zmq
from sqlalchemy import event, select

from demo.api import wait_for
from minos_common import wire
from minos_common.states import HostState, StepState
from minos_common.words import Beat, Report, TaskStates, Welcome
from minos_web.console import Console
from minos_web.engine import hearing
from minos_web.engine.dispatcher import Dispatcher
from minos_web.engine.drops import Drops
from minos_web.models.engine_counts import REASONS, EngineCount
from minos_web.models.hosts import Host
from minos_web.models.operations import Step
from tests.minos_web.engine.talker import KEYS, Talker, approved, decide, hello, serves

FRAMES, IMPOSTORS, RAW = 100_000, 1000, 1000
MOST_GROWTH = 32 * 1024 * 1024


def garbage(dice: random.Random) -> list[bytes]:
    """Frames that are no message: mutilated ones, random ones, too many, none."""
    good = wire.pack(hello())
    match dice.randrange(5):
        case 0:
            return [dice.randbytes(dice.randrange(200)) for _ in range(dice.randrange(1, 5))]
        case 1:
            return [good[0], good[1][: dice.randrange(len(good[1]))]]
        case 2:
            return [good[0], b"\x91" * dice.randrange(1, 3000)]
        case 3:
            return [b"minos/9", good[1]]
        case _:
            return [good[0], msgspec.msgpack.encode({"type": "hello", "name": dice.randrange(9), "tasks": {}})]


def on_table(console: Console) -> dict[str, EngineCount]:
    with console.readers() as session:
        return {row.reason: row for row in session.scalars(select(EngineCount))}


def number_on_table(dispatcher: Dispatcher, reason: str) -> int:
    row = on_table(dispatcher._console).get(reason)
    return row.number if row else -1


def test_garbage_of_an_approved_worker_is_counted_and_harms_nothing(
    context: zmq.Context[Any], dispatcher: Dispatcher
) -> None:
    talker, dice = approved(context, dispatcher), random.Random(1)
    before = psutil.Process().memory_info().rss
    for _ in range(FRAMES):
        talker.socket.send_multipart(garbage(dice))
    wait_for("all to be counted", lambda: dispatcher.drops.counts["malformed"] >= FRAMES * 0.99, 120)
    assert serves(talker) and dispatcher.alive()
    assert dispatcher.drops.counts["broken"] == 0
    told = dispatcher.drops.counts["malformed"]
    wait_for("the table to know", lambda: number_on_table(dispatcher, "malformed") >= told, 20)
    row = on_table(dispatcher._console)["malformed"]
    assert row.last_key == KEYS.public.decode() and row.last_at and time.time() - row.last_at < 150
    assert psutil.Process().memory_info().rss - before < MOST_GROWTH


def test_an_unapproved_or_revoked_key_can_do_nothing_but_hello(
    context: zmq.Context[Any], dispatcher: Dispatcher
) -> None:
    talker = approved(context, dispatcher)
    assert serves(talker)
    for state in (HostState.REVOKED, HostState.REJECTED, HostState.PENDING):
        decide(dispatcher._console, state)
        talker.say(hello())
        assert talker.answer().state == state
        for message in (Beat("s1", 1, 1.0), TaskStates("s1", []), Report("c", "done", "")):  # type: ignore[arg-type]
            talker.say(message)
            answer = talker.answer()
            assert isinstance(answer, Welcome) and answer.state == HostState.PENDING and "hello" in answer.message
    assert dispatcher.drops.counts == {"unapproved": 9}
    wait_for("the table to know", lambda: number_on_table(dispatcher, "unapproved") == 9, 20)


def test_impostors_and_raw_connections_shut_nobody_out(context: zmq.Context[Any], dispatcher: Dispatcher) -> None:
    talker, dice = approved(context, dispatcher), random.Random(2)
    port = int(dispatcher._console.settings.wire.rpartition(":")[2])
    for number in range(max(IMPOSTORS, RAW)):
        if number < IMPOSTORS:
            stranger = Talker(context, dispatcher, wire.KeyPair(*zmq.curve_keypair()))
            stranger.say(hello("h1"))  # somebody else's name
            assert stranger.answer().state == HostState.PENDING
            stranger.socket.close(0)
        if number < RAW:
            with socket.create_connection(("127.0.0.1", port)) as raw:
                raw.sendall(dice.randbytes(100))
    assert serves(talker) and dispatcher.alive()
    assert dispatcher.drops.counts["broken"] == 0


def test_a_thousand_keys_at_the_door_take_no_memory(
    context: zmq.Context[Any], dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "MOST_PENDING", 10)
    before = psutil.Process().memory_info().rss
    for number in range(1, IMPOSTORS + 1):
        keys = wire.KeyPair(*zmq.curve_keypair())
        stranger = Talker(context, dispatcher, keys)
        stranger.say(Beat("s1", number, 1.0))  # one answer for what is no hello ...
        stranger.say(hello())  # ... and one for a hello that finds ten others waiting
        assert stranger.answer().state == stranger.answer().state == HostState.PENDING
        stranger.socket.close(0)
    wanted = 2 * IMPOSTORS - 10
    wait_for("the table to know", lambda: number_on_table(dispatcher, "unapproved") == wanted, 20)
    assert on_table(dispatcher._console)["unapproved"].last_key == keys.public.decode()
    assert len(on_table(dispatcher._console)) == len(dispatcher.drops._last) + 3 == len(REASONS)
    assert psutil.Process().memory_info().rss - before < MOST_GROWTH


def writes(console: Console) -> list[str]:
    """Statements that change the counts, from now on."""
    seen: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(("INSERT INTO engine_counts", "UPDATE engine_counts")):
            seen.append(statement)

    event.listen(console.engine, "before_cursor_execute", hear)
    return seen


def test_counts_are_written_only_when_changed_and_not_all_the_time(console: Console) -> None:
    drops = Drops(console)
    drops.flush()
    assert {reason: row.number for reason, row in on_table(console).items()} == dict.fromkeys(REASONS, 0)
    seen = writes(console)
    drops.flush(at_once=True)
    assert seen == []
    for _ in range(1000):
        drops.note("malformed", "key")
        drops.flush()
    assert seen == [] and on_table(console)["malformed"].number == 0
    drops.flush(at_once=True)
    assert len(seen) == 1 and on_table(console)["malformed"].number == 1000


def test_counts_begin_anew_with_the_engine_and_its_last_ones_are_kept(console: Console) -> None:
    first = Drops(console)
    first.note("broken")
    first.flush()
    assert on_table(console)["broken"].number == 1
    Drops(console).flush()
    row = on_table(console)["broken"]
    assert (row.number, row.last_at, row.last_key) == (0, None, "") and row.since >= first._since


def test_what_was_counted_last_is_on_the_table_when_the_engine_ends(
    context: zmq.Context[Any], dispatcher: Dispatcher
) -> None:
    talker = approved(context, dispatcher)
    talker.socket.send_multipart([b"nonsense"])
    wait_for("it to be counted", lambda: dispatcher.drops.counts["malformed"] == 1, 20)
    dispatcher.stop()
    assert number_on_table(dispatcher, "malformed") == 1


def test_what_cannot_be_sent_is_counted_with_the_key_it_was_for(
    context: zmq.Context[Any], dispatcher: Dispatcher
) -> None:
    approved(context, dispatcher).socket.close(0)
    now = time.time()
    with dispatcher._console.writers.begin() as session:
        host = session.scalars(select(Host)).one()
        step = Step(host_id=host.id, verb="show", state=StepState.SENT, command_id="c", created_at=now, sent_at=now)
        step.resent_at = step.cancel_asked_at = now
        session.add(step)
    wait_for("it to be told to stop, in vain", lambda: number_on_table(dispatcher, "undeliverable") > 0, 40)
    assert on_table(dispatcher._console)["undeliverable"].last_key == KEYS.public.decode()


def test_what_breaks_in_the_engine_is_counted_with_the_key_it_came_from(
    context: zmq.Context[Any], dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    talker = approved(context, dispatcher)

    def fail(*_: Any) -> Any:
        raise RuntimeError("an error of the engine's own")

    monkeypatch.setattr(dispatcher._hearing, "hear", fail)
    talker.say(Beat("s1", 1, 1.0))
    wait_for("it to be counted", lambda: dispatcher.drops.counts["broken"] == 1, 20)
    dispatcher.stop()
    assert on_table(dispatcher._console)["broken"].last_key == KEYS.public.decode()
