"""A real dispatcher on the test's own console, and a context for those who talk to it."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest
import zmq

from minos_web.console import Console
from minos_web.engine.dispatcher import Dispatcher


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
