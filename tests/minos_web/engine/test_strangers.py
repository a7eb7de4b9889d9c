"""The dispatcher among strangers: garbage, unapproved and revoked keys. Real ROUTER with CURVE."""

import random
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import psutil
import pytest
import zmq
from sqlalchemy import select

from demo.api import wait_for
from minos_common import wire
from minos_common.states import HostState
from minos_common.words import Beat, BeatAnswer, Hello, HostFacts, Report, Roots, TaskStates, Welcome
from minos_web.console import Console
from minos_web.engine.dispatcher import Dispatcher
from minos_web.models.hosts import Host

FRAMES, IMPOSTORS, RAW = 100_000, 1000, 1000
MOST_GROWTH = 32 * 1024 * 1024
KEYS = wire.KeyPair(*zmq.curve_keypair())


@pytest.fixture
def context() -> Iterator[zmq.Context[Any]]:
    made: zmq.Context[Any] = zmq.Context()
    made.set(zmq.MAX_SOCKETS, 4096)
    yield made
    made.destroy(linger=0)


@pytest.fixture
def dispatcher(console: Console) -> Iterator[Dispatcher]:
    """At work on the test's own console, on a port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        endpoint = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
    console = replace(console, settings=msgspec.structs.replace(console.settings, wire=endpoint))
    made = Dispatcher(console)
    made.start()
    yield made
    made.stop()


class Talker:
    """A worker's end of the wire that says whatever a test wants."""

    def __init__(self, context: zmq.Context[Any], dispatcher: Dispatcher, keys: wire.KeyPair) -> None:
        console = dispatcher._console
        public = (console.var / "console.pub").read_bytes().strip()
        self.socket = wire.open_dealer(context, console.settings.wire, keys, public)
        self.socket.immediate = False

    def say(self, message: Any) -> None:
        self.socket.send_multipart(wire.pack(message))

    def answer(self, seconds: float = 10.0) -> Any:
        """The next message of the console; None when nothing comes."""
        if not self.socket.poll(int(seconds * 1000)):
            return None
        return wire.unpack_from_console(self.socket.recv_multipart())


def hello(name: str = "h1") -> Hello:
    roots, facts = Roots("/a", "/l", ["/d"], "/p"), HostFacts()
    return Hello(name, "127.0.0.1", "s1", "0.1", "boot", 1.0, roots, facts, [], time.time())


def decide(console: Console, state: HostState) -> None:
    with console.writers.begin() as session:
        host = session.scalars(select(Host).where(Host.public_key == KEYS.public.decode())).one()
        host.state = state


def approved(context: zmq.Context[Any], dispatcher: Dispatcher) -> Talker:
    """A worker that said hello, was approved and said hello again."""
    talker = Talker(context, dispatcher, KEYS)
    talker.say(hello())
    assert talker.answer().state == HostState.PENDING
    decide(dispatcher._console, HostState.APPROVED)
    talker.say(hello())
    assert talker.answer().state == HostState.APPROVED
    return talker


def serves(talker: Talker) -> bool:
    """Whether a beat is answered, whatever else still comes."""
    talker.say(Beat("s1", 7, time.time()))
    while (answer := talker.answer()) is not None:
        if isinstance(answer, BeatAnswer) and answer.number == 7:
            return True
    return False


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


def test_garbage_of_an_approved_worker_is_counted_and_harms_nothing(
    context: zmq.Context[Any], dispatcher: Dispatcher
) -> None:
    talker, dice = approved(context, dispatcher), random.Random(1)
    before = psutil.Process().memory_info().rss
    for _ in range(FRAMES):
        talker.socket.send_multipart(garbage(dice))
    wait_for("all to be counted", lambda: dispatcher.counts["malformed"] >= FRAMES * 0.99, 120)
    assert serves(talker) and dispatcher.alive()
    assert dispatcher.counts["broken"] == 0
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
    assert dispatcher.counts["broken"] == 0


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
    assert dispatcher.counts["broken"] == 0
