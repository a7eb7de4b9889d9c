"""Servers asked whether they serve, over real sockets."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from minos_web.boards.zookeeper.reading import why_nobody
from minos_web.boards.zookeeper.servers import Server, Told, ask_all, understood

SERVES = b"Zookeeper version: 3.9.3\nLatency min/avg/max: 0/0.5/9\nMode: leader\nNode count: 5\n"
LOST = b"This ZooKeeper instance is not currently serving requests\n"
AT = ("h", 1)


@contextmanager
def speaking(answer: bytes | None) -> Iterator[Server]:
    """A server that gives this answer to one connection; None: it says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server, ExitStack() as stack:
        if answer is not None:

            def speak(text: bytes) -> None:
                connection, _ = server.accept()
                with connection:
                    assert connection.recv(4) == b"srvr"
                    connection.sendall(text)

            thread = threading.Thread(target=speak, args=(answer,))
            thread.start()
            stack.callback(thread.join, 10)
        yield server.getsockname()


def refusing() -> Server:
    with socket.create_server(("127.0.0.1", 0)) as server:
        found: Server = server.getsockname()
    return found


@pytest.mark.parametrize(
    ("answer", "serves", "says"),
    [
        (SERVES, True, "serves as leader"),
        (LOST, False, "runs, but belongs to no quorum"),
        (b"srvr is not executed because it is not in the whitelist.\n", None, "does not say whether it serves"),
        (b"", None, "closes the connection at once: too many connections, or it expects TLS"),
        (b"HTTP/1.1 400 Bad\xff", None, "says 'HTTP/1.1 400 Bad\ufffd'"),
    ],
)
def test_answers_are_understood(answer: bytes, serves: bool | None, says: str) -> None:
    told = understood(AT, answer)
    assert (told.serves, told.says, told.name) == (serves, says, "h:1")


def test_all_are_asked_at_once() -> None:
    with speaking(SERVES) as one, speaking(LOST) as other, speaking(None) as silent:
        gone = refusing()
        told = {one.server: one for one in ask_all([one, other, silent, gone, one], 1.5)}
    assert {server: answer.serves for server, answer in told.items()} == {
        one: True,
        other: False,
        silent: False,
        gone: False,
    }
    assert told[silent].says == "takes connections but says nothing"
    assert told[gone].says == "refuses connections: nothing listens there"


def test_a_name_that_leads_nowhere_is_told() -> None:
    [told] = ask_all([("no-such-host.invalid", 2181)], 1)
    assert told.serves is False and "cannot be reached" in told.says


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ([LOST, LOST], "no quorum: 2 of 2 servers run"),
        ([LOST, None], "no quorum: 1 of 2 servers run"),
        ([None, None], "no server runs: all refuse connections"),
    ],
)
def test_it_is_said_why_nobody_serves(answers: list[bytes | None], why: str) -> None:
    gone = Told(AT, False, "refuses connections: nothing listens there")
    assert why in why_nobody([gone if answer is None else understood(AT, answer) for answer in answers])
