"""A line between one worker and its console that loses, doubles, delays and reorders messages, with a seed."""

import heapq
import itertools
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import zmq
from zmq.auth.thread import ThreadAuthenticator

from minos_common import wire


@dataclass(frozen=True)
class Faults:
    """Shares of messages that are lost or doubled, and the longest delay in seconds; two delays put two out of order."""

    lost: float = 0.2
    doubled: float = 0.2
    delay: float = 0.5


@dataclass
class Tally:
    """What was done to the messages of one line."""

    passed: int = 0
    lost: int = 0
    doubled: int = 0


class FaultyWire:
    """Speaks CURVE on both ends: to the worker as a console with keys of its own, to the console with the worker's key."""

    def __init__(self, console: str, console_key: bytes, worker_keys: wire.KeyPair, faults: Faults, seed: int) -> None:
        public, secret = zmq.curve_keypair()
        self.keys = wire.KeyPair(public, secret)
        self.tally = Tally()
        self.faults = faults
        self._random = random.Random(seed)
        self._numbers = itertools.count()
        self._late: list[tuple[float, int, bool, list[bytes]]] = []
        self._route: bytes | None = None
        self._ending = threading.Event()
        self._context: zmq.Context[Any] = zmq.Context()
        self._authenticator = ThreadAuthenticator(self._context)
        self._authenticator.start()
        self._authenticator.configure_curve(domain="*", location=zmq.auth.CURVE_ALLOW_ANY)
        self._front = wire.open_router(self._context, "tcp://127.0.0.1:*", self.keys)
        self.endpoint = self._front.getsockopt_string(zmq.LAST_ENDPOINT)
        self._back = wire.open_dealer(self._context, console, worker_keys, console_key)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Cut the line for good."""
        self._ending.set()
        self._thread.join(10)
        self._authenticator.stop()
        self._context.destroy(linger=0)

    def _run(self) -> None:
        poller = zmq.Poller()
        poller.register(self._front, zmq.POLLIN)
        poller.register(self._back, zmq.POLLIN)
        while not self._ending.is_set():
            ready = dict(poller.poll(5))
            if self._front in ready:
                self._route, *frames = self._front.recv_multipart()
                self._mistreat(True, frames)
            if self._back in ready:
                self._mistreat(False, self._back.recv_multipart())
            while self._late and self._late[0][0] <= time.monotonic():
                self._deliver(*heapq.heappop(self._late)[2:])
        self._front.close(linger=0)
        self._back.close(linger=0)

    def _mistreat(self, up: bool, frames: list[bytes]) -> None:
        chance = self._random.random()
        copies = 0 if chance < self.faults.lost else 2 if chance < self.faults.lost + self.faults.doubled else 1
        self.tally.lost += copies == 0
        self.tally.doubled += copies == 2
        self.tally.passed += copies == 1
        for _ in range(copies):
            due = time.monotonic() + self._random.uniform(0, self.faults.delay)
            heapq.heappush(self._late, (due, next(self._numbers), up, frames))

    def _deliver(self, up: bool, frames: list[bytes]) -> None:
        try:
            if up:
                self._back.send_multipart(frames, zmq.NOBLOCK)
            elif self._route is not None:
                self._front.send_multipart([self._route, *frames], zmq.NOBLOCK)
        except zmq.ZMQError:
            self.tally.lost += 1


@dataclass
class FaultySite:
    """The lines of a site, one for each worker."""

    lines: list[FaultyWire] = field(default_factory=list)

    @property
    def tally(self) -> Tally:
        """All lines together."""
        found = Tally()
        for line in self.lines:
            found.passed += line.tally.passed
            found.lost += line.tally.lost
            found.doubled += line.tally.doubled
        return found

    def set(self, faults: Faults) -> None:
        """From now on the lines are like this."""
        for line in self.lines:
            line.faults = faults

    def close(self) -> None:
        """Cut all."""
        for line in self.lines:
            line.close()
