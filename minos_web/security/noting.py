"""What may happen very often, noted seldom: the first time at once, what follows counted and noted in one. Each web process
notes for itself: with several of them a thing is noted once more at most for each.
"""

WINDOW_SECONDS = 600.0
MOST_KEYS = 1000
MOST_A_DAY = 5000
DAY_SECONDS = 86400.0

Key = tuple[str, ...]


class Noting:
    """Of one key, one entry in ten minutes, with how often it was since the one before; of all, 5,000 in a day."""

    def __init__(self) -> None:
        self._seen: dict[Key, tuple[float, int]] = {}
        self._day, self._noted = 0.0, 0

    def times(self, key: Key, now: float) -> int:
        """How often it was since it was last noted, if it is to be noted now; else 0: it is counted only."""
        noted_at, more = self._seen.get(key, (0.0, 0))
        if now - noted_at < WINDOW_SECONDS or not self._has_room(now):
            self._keep(key, (noted_at, more + 1))
            return 0
        self._keep(key, (now, 0))
        return more + 1

    def _has_room(self, now: float) -> bool:
        if now - self._day >= DAY_SECONDS:
            self._day, self._noted = now, 0
        self._noted += 1
        return self._noted <= MOST_A_DAY

    def _keep(self, key: Key, value: tuple[float, int]) -> None:
        self._seen.pop(key, None)
        self._seen[key] = value
        if len(self._seen) > MOST_KEYS:
            self._seen.pop(next(iter(self._seen)), None)
