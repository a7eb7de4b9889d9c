"""The launcher: a small single-threaded process that forks a shim for each request of the worker.

Run as a script, isolated and without site packages (``python -I -S launcher.py <descriptor>``): shims share its
memory, and neither a thread nor a ZeroMQ context may be in a process that forks. It ends when the worker's end of
the socket closes; the shims stay. As for the shim, only small modules are used.
"""

import _signal  # type: ignore[import-not-found]
import _socket
import gc
import os
import sys

MYPY = False
if MYPY:
    from typing import Any, NoReturn

MAX_REQUEST = 160 * 1024
"""Bytes of one request; it must fit into one packet of a Unix socket."""


def serve(channel: "Any") -> None:
    """Answer requests until the worker is gone. Shims answer for themselves, on the same socket."""
    from minos_worker.process import shim

    _signal.signal(_signal.SIGCHLD, _signal.SIG_IGN)  # nobody here waits for shims
    # Pages that nobody writes stay shared by all shims: the collector would write to every object.
    gc.disable()
    gc.freeze()
    while True:
        packet = channel.recv(MAX_REQUEST)
        if not packet:
            return
        if os.fork() == 0:
            _serve_one(channel, packet, shim)


def _serve_one(channel: "Any", packet: bytes, shim: "Any") -> "NoReturn":
    """In the shim: never returns."""
    generation = packet[: packet.find(b"\0")]

    def reply(answer: bytes) -> None:
        if channel.fileno() >= 0:
            channel.send(generation + b" " + answer)
            channel.close()

    try:
        shim.detach_output()
        shim.run(shim.Request(packet), reply)
    except BaseException as problem:
        reply(f"!{type(problem).__name__}: {problem}".encode())
    finally:
        os._exit(0)


if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))  # noqa: PTH100,PTH120
    serve(_socket.socket(fileno=int(sys.argv[1])))
