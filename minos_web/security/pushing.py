"""How much a token may push. Counted over all web processes, before anything is looked at."""

import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage, Storage
from limits.strategies import FixedWindowRateLimiter
from pyramid.config import Configurator

from minos_web.security.counting import counts_of

PUSHES = RateLimitItemPerMinute(600, namespace="pushes")
VALUES = RateLimitItemPerMinute(120_000, namespace="values")


class PushThrottle:
    """In a minute: 600 pushes with one token, and 120,000 values in them."""

    def __init__(self, counts: Storage | None = None) -> None:
        self._limiter = FixedWindowRateLimiter(counts or MemoryStorage())

    def push(self, who: str) -> float:
        """Count one push; 0 when it may go on, else the seconds to wait."""
        return self._hit(PUSHES, who, 1)

    def values(self, who: str, number: int) -> float:
        """Count the values of a push; 0 when it may go on, else the seconds to wait."""
        return self._hit(VALUES, who, number)

    def _hit(self, limit: RateLimitItem, who: str, cost: int) -> float:
        if self._limiter.hit(limit, who, cost=cost):
            return 0.0
        return max(1.0, self._limiter.get_window_stats(limit, who).reset_time - time.time())


def includeme(config: Configurator) -> None:
    """One throttle per application."""
    config.registry.push_throttle = PushThrottle(counts_of(config.registry.console))
