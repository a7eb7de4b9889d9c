"""Turns: how many threads may do something slow at a time, and how long others wait for theirs."""

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue


class NoTurn(Exception):
    """Nobody gave a turn back in time."""


class Turns:
    """``count`` turns. Pages have few threads: what waits for another machine must not take them all."""

    def __init__(self, count: int) -> None:
        self._free: SimpleQueue[None] = SimpleQueue()
        for _ in range(count):
            self._free.put(None)

    @contextmanager
    def one(self, wait: float) -> Iterator[None]:
        """Hold a turn; waits for it so many seconds. Raises NoTurn."""
        try:
            self._free.get(block=wait > 0, timeout=wait)
        except Empty:
            raise NoTurn from None
        try:
            yield
        finally:
            self._free.put(None)
