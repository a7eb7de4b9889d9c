"""The launcher: a small single-threaded process that forks a shim for each request of the worker.

Run as a script, isolated and without site packages (``python -I -S launcher.py <descriptor>``): a shim shares its
memory, and neither a thread nor a ZeroMQ context may be in a process that forks. It ends when the worker's end of
the socket closes; the shims stay.
"""

import gc
import json
import os
import signal
import socket
import sys
from typing import Any

MAX_REQUEST = 160 * 1024
"""Bytes of one request; it must fit into one packet of a Unix socket."""


def serve(channel: socket.socket) -> None:
    """Answer requests until the worker is gone. Shims answer for themselves, on the same socket."""
    from minos_worker.process import shim

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here waits for shims
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()  # keeps the pages of the modules shared with every shim
    while True:
        packet = channel.recv(MAX_REQUEST)
        if not packet:
            return
        if os.fork() == 0:
            _serve_one(channel, packet, shim)


def _serve_one(channel: socket.socket, packet: bytes, shim: Any) -> None:
    """In the shim: never returns."""
    request: dict[str, Any] = {}

    def reply(answer: dict[str, Any]) -> None:
        if channel.fileno() >= 0:
            channel.send(json.dumps({"generation": request.get("generation", ""), **answer}).encode())
            channel.close()

    try:
        shim.detach_output()
        request = json.loads(packet)
        shim.run(request, reply)
    except BaseException as problem:
        try:
            reply({"error": f"{type(problem).__name__}: {problem}"})
        finally:
            os._exit(1)
    finally:
        os._exit(0)


if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))  # noqa: PTH100,PTH120
    with socket.socket(fileno=int(sys.argv[1])) as worker:
        serve(worker)
