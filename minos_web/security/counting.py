"""Where it is counted how often somebody tries or asks: in memory while there is one web process, else in the database, so that
nobody gets as many tries as there are processes.
"""

import hashlib
import logging
import time
from dataclasses import dataclass
from typing import Any

from limits.storage import MemoryStorage, MovingWindowSupport, Storage
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.rates import RateWindow
from minos_web.security.turns import Turns

log = logging.getLogger(__name__)

SHARE_SECONDS = 1.0
"""So long a process may count what is asked often by itself, before it tells the others: a write for each request costs more
than many requests do."""
MOST_TALLIES = 10_000
WAIT_SECONDS = 10.0


def counts_of(console: Console) -> Storage:
    """Where this console counts: an engine inside of the process means that there is no other one."""
    return MemoryStorage() if console.settings.engine == "inside" else SharedCounts(console)


def forget_counts(session: Session, now: float) -> None:
    """Delete counts that are over."""
    session.execute(delete(RateWindow).where(RateWindow.expires_at < now))


@dataclass
class _Tally:
    """What this process knows of a count: ``told`` by all at ``told_at`` (monotonic), ``own`` since then."""

    told: int = 0
    own: int = 0
    told_at: float = float("-inf")
    ends: float = 0.0


class SharedCounts(Storage, MovingWindowSupport):
    """Counts of all processes. Windows that move (few tries) are exact; numbers (many requests) lag behind by what other
    processes counted within a second.
    """

    STORAGE_SCHEME = ["minos"]

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self._tallies: dict[str, _Tally] = {}
        self._turns = Turns(1)

    @property
    def base_exceptions(self) -> type[Exception]:
        """What it raises."""
        return SQLAlchemyError

    # ---- windows that move ------------------------------------------------------------------------------------

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count ``amount`` more in the window of ``expiry`` seconds, unless that makes more than ``limit``."""
        if self.get_moving_window(key, limit, expiry)[1] + amount > limit:
            return False  # looked up first: who hammers on it makes no transactions that write
        try:
            return self._acquire(key, limit, expiry, amount)
        except IntegrityError:  # the first of this key, in two processes at once
            return self._acquire(key, limit, expiry, amount)

    def _acquire(self, key: str, limit: int, expiry: int, amount: int) -> bool:
        with self._console.writers.begin() as session:
            row, now = _locked(session, key), time.time()
            entries = [at for at in row.entries if at > now - expiry]
            if len(entries) + amount > limit:
                return False
            row.entries, row.expires_at = [now] * amount + entries, now + expiry
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the window begins, and how many are in it."""
        now = time.time()
        with self._console.readers() as session:
            row = session.get(RateWindow, _digest(key))
            entries = [at for at in row.entries if at > now - expiry] if row is not None else []
        return (entries[-1] if entries else now), len(entries)

    # ---- numbers ----------------------------------------------------------------------------------------------

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count ``amount`` more; how many there are until ``get_expiry``."""
        moment = time.monotonic()
        with self._turns.one(WAIT_SECONDS):
            tally = self._tally(key)
            tally.own += amount
            if moment - tally.told_at < SHARE_SECONDS:
                return tally.told + tally.own
            tally.told_at, more = moment, tally.own
            tally.own, before = 0, tally.told
        try:
            number, ends = self._share(key, expiry, more)
        except SQLAlchemyError as error:
            log.warning("requests are counted by this process alone for now: %s", type(error).__name__)
            number, ends = before + more, tally.ends or time.time() + expiry
        with self._turns.one(WAIT_SECONDS):
            tally.told, tally.ends = number, ends
            return tally.told + tally.own

    def _tally(self, key: str) -> _Tally:
        now = time.time()
        found = self._tallies.get(key)
        if found is None or 0 < found.ends <= now:
            if len(self._tallies) >= MOST_TALLIES:
                self._tallies = {name: one for name, one in self._tallies.items() if one.ends > now}
            found = self._tallies[key] = _Tally()
        return found

    def _share(self, key: str, expiry: int, more: int) -> tuple[int, float]:
        try:
            return self._add(key, expiry, more)
        except IntegrityError:
            return self._add(key, expiry, more)

    def _add(self, key: str, expiry: int, more: int) -> tuple[int, float]:
        with self._console.writers.begin() as session:
            row, now = _locked(session, key), time.time()
            if row.expires_at <= now:
                row.number, row.expires_at = 0, now + expiry
            row.number += more
            return row.number, row.expires_at

    def get(self, key: str) -> int:
        """How many there are, as far as this process knows."""
        with self._turns.one(WAIT_SECONDS):
            tally = self._tallies.get(key)
            return tally.told + tally.own if tally is not None and tally.ends > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """When counting begins anew."""
        with self._turns.one(WAIT_SECONDS):
            tally = self._tallies.get(key)
            return tally.ends if tally is not None and tally.ends else time.time()

    # ---- both -------------------------------------------------------------------------------------------------

    def clear(self, key: str) -> None:
        """Forget a count."""
        with self._turns.one(WAIT_SECONDS):
            self._tallies.pop(key, None)
        with self._console.writers.begin() as session:
            session.execute(delete(RateWindow).where(RateWindow.key == _digest(key)))

    def check(self) -> bool:
        """Whether the database answers."""
        try:
            self.get_moving_window("", 1, 1)
        except SQLAlchemyError:
            return False
        return True

    def reset(self) -> int | None:
        """Forget all counts; how many there were."""
        with self._turns.one(WAIT_SECONDS):
            self._tallies.clear()
        with self._console.writers.begin() as session:
            done: Any = session.execute(delete(RateWindow))
            return int(done.rowcount)


def _locked(session: Session, key: str) -> RateWindow:
    """The row of a key, which nobody else changes meanwhile."""
    row = session.get(RateWindow, _digest(key), with_for_update=True)
    if row is None:
        row = RateWindow(key=_digest(key), entries=[], number=0, expires_at=0.0)
        session.add(row)
        session.flush()  # at once: another process may add it as well
    return row


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
