"""Status pages are asked side by side; those that keep people waiting have threads of their own, and hold up no other."""

import time
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")

QUICK_THREADS = 16
SLOW_THREADS = 8
SLOW_SECONDS = 1.0
"""A page that took longer the last time is asked in the slow lane the next time."""


class Polling(Generic[Key, Found]):
    """Belongs to one thread; what it asks runs in others."""

    def __init__(self) -> None:
        self._quick = ThreadPoolExecutor(QUICK_THREADS, "page")
        self._slow = ThreadPoolExecutor(SLOW_THREADS, "slow-page")
        self._asked: dict[Key, Future[Found]] = {}
        self._seconds: dict[Key, float] = {}

    def ask(self, key: Key, work: Callable[[], Found]) -> Future[Found]:
        """Have this done. What is still under way since the last time is not begun again."""
        asked = self._asked.get(key)
        if asked is None or asked.done():
            lane = self._slow if self._seconds.get(key, 0.0) > SLOW_SECONDS else self._quick
            asked = self._asked[key] = lane.submit(self._timed, key, work)
        return asked

    def _timed(self, key: Key, work: Callable[[], Found]) -> Found:
        begin = time.monotonic()
        try:
            return work()
        finally:
            self._seconds[key] = time.monotonic() - begin

    def done(self, waiting: Mapping[Key, Future[Found]], seconds: float) -> list[Key]:
        """Those that are ready, when all are or ``seconds`` have passed."""
        wait(waiting.values(), max(seconds, 0.0))
        return [key for key, asked in waiting.items() if asked.done()]

    def forget(self, keep: set[Key]) -> None:
        """Drop what is known of others."""
        self._asked = {key: asked for key, asked in self._asked.items() if key in keep}
        self._seconds = {key: seconds for key, seconds in self._seconds.items() if key in keep}
