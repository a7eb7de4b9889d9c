"""How often programs may ask: so many reads and writes a minute with one token, and from one address. Counted before a
request is looked at any further, over all web processes.
"""

import time
from collections.abc import Callable
from typing import Any

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage, Storage
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.tweens import EXCVIEW

from minos_common.settings import ConsoleSettings
from minos_web.security.counting import SharedCounts, counts_of
from minos_web.security.policy import API, bearer_of
from minos_web.security.signins import digest
from minos_web.security.tickets import PREFIX as TICKET

SAFE = ("GET", "HEAD", "OPTIONS")
Handler = Callable[[Request], Response]


class Rates:
    """A minute's requests of each token and each address; reads and writes apart. 0 in the settings: no limit."""

    def __init__(self, counts: Storage | None = None) -> None:
        counts = counts or MemoryStorage()
        # Thousands of times are no row of a database: counts that are shared begin anew each minute.
        strategy = FixedWindowRateLimiter if isinstance(counts, SharedCounts) else MovingWindowRateLimiter
        self._limiter = strategy(counts)

    def ask_once(self, who: tuple[str, str], writes: bool, settings: ConsoleSettings) -> float:
        """Count one request of ``who`` (token, address); 0 when it may go on, else the seconds to wait."""
        token, address = who
        most = (
            (settings.api_writes, settings.api_address_writes)
            if writes
            else (settings.api_reads, settings.api_address_reads)
        )
        kind = "writes" if writes else "reads"
        for name, key, number in (("address", address, most[1]), ("token", token, most[0])):
            if key and number and not self._limiter.hit(limit := _limit(f"{name}-{kind}", number), key):
                return max(1.0, self._limiter.get_window_stats(limit, key).reset_time - time.time())
        return 0.0


def _limit(namespace: str, number: int) -> RateLimitItem:
    return RateLimitItemPerMinute(number, namespace=namespace)


def tween_factory(handler: Handler, registry: Any) -> Handler:
    """Refuses what comes too often. Pages are no programs; a worker with a ticket fetches as fast as it can."""

    def limited(request: Request) -> Response:
        if not request.environ.get("PATH_INFO", "").startswith(API):
            return handler(request)
        bearer = bearer_of(request) or ""
        if bearer.startswith(TICKET):
            return handler(request)
        who = (digest(bearer) if bearer else "", request.client_addr or "")
        seconds = registry.rates.ask_once(who, request.method not in SAFE, request.console.settings)
        return _too_often(seconds) if seconds else handler(request)

    return limited


def _too_often(seconds: float) -> Response:
    whole = int(seconds) + 1
    message = f"too many requests with this token or from this address within a minute; go on in {whole} s"
    answer = Response(json_body={"error": {"code": "too-often", "message": message}}, status=429)
    answer.headers["Retry-After"] = str(whole)
    return answer


def includeme(config: Configurator) -> None:
    """One count per application, just outside of where errors are told."""
    config.registry.rates = Rates(counts_of(config.registry.console))
    config.add_tween(
        "minos_web.security.rates.tween_factory", under="minos_web.security.headers.tween_factory", over=EXCVIEW
    )
