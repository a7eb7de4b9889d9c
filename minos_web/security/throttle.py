"""How often somebody may try to sign in. Counted over all web processes, answered before any password is hashed."""

import time
from ipaddress import ip_address

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage, Storage
from limits.strategies import MovingWindowRateLimiter
from pyramid.config import Configurator

from minos_web.security.counting import counts_of
from minos_web.security.noting import Noting

PER_ACCOUNT_AND_NETWORK = RateLimitItemPerMinute(5, 5, namespace="account-network")
PER_NETWORK = RateLimitItemPerMinute(20, 4, namespace="network")
PER_ACCOUNT = RateLimitItemPerMinute(60, 5, namespace="account")
PER_CODE = RateLimitItemPerHour(30, namespace="code")
"""Codes of six digits are few: who knows the password still has no hope within years."""
FOR_ALL = RateLimitItemPerMinute(60, 1, namespace="all")
KNOWN = RateLimitItemPerHour(1, 12, namespace="known")
"""Not a limit: that somebody signed in from a network, remembered for so long."""


class Throttle:
    """5 tries for an account from one network (one more each minute), 20 from one network (5 more each minute), 60 for one
    account from anywhere in five minutes, and 60 a minute from all networks that nobody signed in from lately.

    An account is never locked as such: somebody who hammers on it from one network does not keep its owner out
    elsewhere, and every window empties by itself. Nor does hammering from everywhere keep those out whose networks are known.
    """

    def __init__(self, counts: Storage | None = None) -> None:
        self._limiter = MovingWindowRateLimiter(counts or MemoryStorage())
        self.noting = Noting()

    def try_once(self, user: str, address: str) -> float:
        """Count one try; returns 0 when it may go on, else the seconds to wait."""
        known = not self._limiter.test(KNOWN, network_of(address))
        for limit, keys in self._limits(user, address)[: -1 if known else None]:
            if not self._limiter.hit(limit, *keys):
                return max(1.0, self._limiter.get_window_stats(limit, *keys).reset_time - time.time())
        return 0.0

    def try_code(self, user: str, address: str) -> float:
        """The same for a code of the second step, counted apart: a right password gives no new tries at codes."""
        name = user.lower()[:64]
        if not self._limiter.hit(PER_CODE, name):
            return max(1.0, self._limiter.get_window_stats(PER_CODE, name).reset_time - time.time())
        return self.try_once(f"{name} code", address)

    def code_succeeded(self, user: str, address: str) -> None:
        """A code was right: only its user knows both."""
        self._limiter.clear(PER_CODE, user.lower()[:64])
        self.succeeded(f"{user.lower()[:64]} code", address)

    def try_network(self, address: str) -> float:
        """The same for a way of signing in that names its user later."""
        limit, keys = PER_NETWORK, (network_of(address),)
        if self._limiter.hit(limit, *keys):
            return 0.0
        return max(1.0, self._limiter.get_window_stats(limit, *keys).reset_time - time.time())

    def succeeded(self, user: str, address: str) -> None:
        """A password was right: its network starts afresh, so that many people may share one address."""
        for limit, keys in self._limits(user, address)[:2]:
            self._limiter.clear(limit, *keys)
        self._limiter.clear(KNOWN, network_of(address))
        self._limiter.hit(KNOWN, network_of(address))

    def _limits(self, user: str, address: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
        name, network = user.lower()[:69], network_of(address)
        return [
            (PER_NETWORK, (network,)),
            (PER_ACCOUNT_AND_NETWORK, (name, network)),
            (PER_ACCOUNT, (name,)),
            (FOR_ALL, ()),
        ]


def network_of(address: str) -> str:
    """The /24 (IPv4) or /64 (IPv6) of an address: what one guesser can easily use up; other text stays as it is."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:64]
    keep = 24 if found.version == 4 else 64
    bits = found.max_prefixlen - keep
    return f"{type(found)(int(found) >> bits << bits)}/{keep}"


def includeme(config: Configurator) -> None:
    """One throttle per application."""
    config.registry.throttle = Throttle(counts_of(config.registry.console))
