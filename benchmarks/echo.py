"""What the wire alone costs: a bare ROUTER and many DEALERs with CURVE that send back what they get. ``python -m benchmarks.echo``
is one process of those DEALERs."""

import subprocess
import sys
import time
from collections.abc import Sequence
from statistics import median
from typing import Any

import zmq
from zmq.auth import CURVE_ALLOW_ANY
from zmq.auth.thread import ThreadAuthenticator

from minos_common.wire import KeyPair, new_keys, open_dealer, open_router
from tests.whole.site import TOP, free_port

PER_PROCESS = 500
PATIENCE = 120.0


class Echo:
    """``count`` DEALERs in processes of their own, all connected; left when they are gone."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._context: zmq.Context[Any] = zmq.Context()
        self._authenticator = ThreadAuthenticator(self._context)
        self._authenticator.start()
        self._authenticator.configure_curve(domain="*", location=CURVE_ALLOW_ANY)
        keys, endpoint = new_keys(), f"tcp://127.0.0.1:{free_port()}"
        self._router = open_router(self._context, endpoint, keys)
        self._router.set_hwm(0)
        command = [sys.executable, "-m", "benchmarks.echo", endpoint, keys.public.decode()]
        sizes = [min(PER_PROCESS, count - begin) for begin in range(0, count, PER_PROCESS)]
        self._processes = [subprocess.Popen([*command, str(size)], cwd=TOP, stdin=subprocess.PIPE) for size in sizes]
        self._routes: list[bytes] = []

    def __enter__(self) -> "Echo":
        self._routes = [frames[0] for frames in self._answers()]
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.kill()
            process.wait()
        self._authenticator.stop()
        self._context.destroy(linger=0)

    def seconds(self, size: int, times: int = 5) -> float:
        """From the first send of so many bytes to the last answer, the median."""
        return median(self._once(b"x" * size) for _ in range(times))

    def _once(self, data: bytes) -> float:
        begin = time.perf_counter()
        for route in self._routes:
            self._router.send_multipart([route, b"minos/1", data])
        self._answers()
        return time.perf_counter() - begin

    def _answers(self) -> list[list[bytes]]:
        """One of each DEALER."""
        found: list[list[bytes]] = []
        while len(found) < self._count:
            assert self._router.poll(int(PATIENCE * 1000)), f"{len(found)} of {self._count} answered"
            found.append(self._router.recv_multipart())
        return found


def main(argv: Sequence[str]) -> None:
    """Be so many DEALERs until killed."""
    endpoint, console_key, count = argv[0], argv[1].encode(), int(argv[2])
    context: zmq.Context[Any] = zmq.Context()
    context.set(zmq.MAX_SOCKETS, 60_000)
    poller = zmq.Poller()
    for _ in range(count):
        dealer = open_dealer(context, endpoint, KeyPair(*zmq.curve_keypair()), console_key)
        dealer.immediate = False
        dealer.send_multipart([b"minos/1", b"hello"])
        poller.register(dealer, zmq.POLLIN)
    while True:
        for dealer, _ in poller.poll():
            dealer.send_multipart(dealer.recv_multipart())


if __name__ == "__main__":
    main(sys.argv[1:])
