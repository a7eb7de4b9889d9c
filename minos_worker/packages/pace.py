"""Keeps bytes per second below a limit, over everything that shares it."""

import threading
import time


class Pace:
    """Safe from any thread. ``most`` bytes a second; 0 is no limit."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._free_at = time.monotonic()

    def take(self, count: int) -> None:
        """Return when ``count`` more bytes may have passed."""
        if not self._most:
            return
        with self._lock:
            now = time.monotonic()
            begin = max(now, self._free_at)
            self._free_at = begin + count / self._most
            pause = self._free_at - now
        time.sleep(pause)
