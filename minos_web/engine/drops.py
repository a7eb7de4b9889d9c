"""Counts what the dispatcher drops and lays the counts on the table, where pages see them."""

import time
from collections import Counter

from minos_web.console import Console
from minos_web.models.engine_counts import REASONS, EngineCount

FLUSH_SECONDS = 3.0
"""At least so long between two writes: a flood of strangers must not become a flood of transactions."""


class Drops:
    """Counts since the engine's start. Of each reason only the last key is kept, so that no number of strangers takes
    memory. Belongs to the dispatcher's thread; others may read ``counts`` (reason -> number).
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._since = time.time()
        self._last: dict[str, tuple[float, str]] = {}
        self._unsaved = True  # zeros too: what an engine before this one counted is over
        self._next_flush = 0.0
        self.counts: Counter[str] = Counter()

    def note(self, reason: str, key: str = "") -> None:
        """One more for a reason of ``REASONS``; ``key`` is the CURVE key it came from or was meant for."""
        self.counts[reason] += 1
        self._last[reason] = (time.time(), key)
        self._unsaved = True

    def flush(self, at_once: bool = False) -> None:
        """Write the counts when they changed and the last write was long enough ago. Raises what the database raises."""
        now = time.monotonic()
        if not self._unsaved or (now < self._next_flush and not at_once):
            return
        self._next_flush = now + FLUSH_SECONDS  # before writing: a locked database is left alone for as long
        with self._console.writers.begin() as session:
            for reason in REASONS:
                last_at, key = self._last.get(reason, (None, ""))
                row = EngineCount(reason=reason, number=self.counts[reason], since=self._since)
                row.last_at, row.last_key = last_at, key
                session.merge(row)
        self._unsaved = False
