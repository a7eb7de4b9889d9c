"""A worker's end of the wire in the hands of a test, and what most tests say first."""

import time
from typing import Any

import zmq
from sqlalchemy import select

from minos_common import wire
from minos_common.states import HostState
from minos_common.words import Beat, BeatAnswer, Hello, HostFacts, Roots
from minos_web.console import Console
from minos_web.engine.dispatcher import Dispatcher
from minos_web.models.hosts import Host

KEYS = wire.new_keys()


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
