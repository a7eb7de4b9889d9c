"""A dispatcher says by which epoch it speaks, and nothing at all without its lease."""

import socket
import time
from dataclasses import replace
from typing import Any

import msgspec
import zmq

from minos_common.states import HostState
from minos_common.words import Beat
from minos_web.console import Console
from minos_web.engine.dispatcher import Dispatcher
from minos_web.engine.lease import EngineLease
from tests.minos_web.engine.talker import approved, hello, serves


def test_without_its_lease_it_is_silent(console: Console, context: zmq.Context[Any]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        endpoint = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
    settings = msgspec.structs.replace(console.settings, wire=endpoint, engine="outside")
    console = replace(console, settings=settings)
    lease = EngineLease(console)
    lease.take()
    dispatcher = Dispatcher(replace(console, writers=lease.fenced()), lease)
    dispatcher.start()
    try:
        talker = approved(context, dispatcher)
        talker.say(hello())
        welcome = talker.answer()
        assert (welcome.state, welcome.epoch) == (HostState.APPROVED, lease.epoch) and lease.epoch > 0
        assert serves(talker)
        lease._valid_until = 0.0  # the database was away for longer than the lease
        talker.say(Beat("s1", 8, time.time()))
        assert talker.answer(1.0) is None and dispatcher.alive()
        assert lease.renew() and serves(talker)
    finally:
        dispatcher.stop()
