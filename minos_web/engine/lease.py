"""Which process is the engine of a console: a row that all machines see, and a lock on its directory.

The row has an epoch that grows with every change of hands. Every transaction of an engine begins with a look at it (``fenced``),
so that an engine that was held up for a while, and followed by another meanwhile, changes nothing any more.
"""

import hashlib
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout
from sqlalchemy import Connection, event, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker

from minos_web.console import Console
from minos_web.engine.stalled import end_stalled
from minos_web.models.database import writers
from minos_web.models.lease import Lease

ROW = "engine"
RENEWALS = 4
"""So many signs of life are given within the time after which a silent engine is followed."""


class EngineElsewhere(RuntimeError):
    """Another process is the engine of this console; the text says which, and what to do."""


class LeaseLost(RuntimeError):
    """Another engine has taken over: what this one was about to write is not written."""


class Sign(NamedTuple):
    """What the row says of the engine at work; another one means that it lives."""

    holder: str
    epoch: int
    seen_at: float


class EngineLease:
    """Taken once, then renewed. The lock tells at once that an engine of the same directory is dead; the row keeps a second
    directory, or machine, off the same database. ``on_lost`` is called once when another engine has taken over.
    """

    def __init__(self, console: Console, on_lost: Callable[[], None] = lambda: None) -> None:
        self._console, self._on_lost = console, on_lost
        self._lock = FileLock(console.var / "engine.lock")
        place = hashlib.sha256(str(console.var.resolve()).encode()).hexdigest()[:8]
        self._place = f"{socket.gethostname()[:90]}/{place}"
        self.holder = f"{self._place}:{os.getpid()}"
        self.seconds = console.settings.lease_seconds
        self.epoch = 0
        self.lost = False
        self._valid_until = 0.0

    # ---- taking it --------------------------------------------------------------------------------------------

    def take(self) -> None:
        """Become the engine. Raises EngineElsewhere."""
        if not self._try_lock():
            holder = Path(self._lock.lock_file)
            raise EngineElsewhere(f"another engine works on this console (it holds {holder}); stop it first")
        self._take(self._is_fresh)

    def take_after(self, silent: Sign | None) -> None:
        """Become the engine if none is at work, or the one at work still says no more than ``silent``, for which it was
        watched long enough by this machine's own clock: clocks of two machines need not agree. Raises EngineElsewhere.
        """
        locked = self._try_lock()
        if not locked and (silent is None or self.look() != silent):
            raise EngineElsewhere(f"the engine at work holds {self._lock.lock_file}")
        if not locked and silent is not None and self._is_ours(silent.holder):
            end_stalled(silent.holder, Path(self._lock.lock_file))
            if not self._try_lock():
                raise EngineElsewhere(f"the engine {silent.holder} hangs and cannot be ended: kill it")
        self._take(lambda lease, _now: bool(lease.seen_at) and _sign(lease) != silent)

    def look(self) -> Sign | None:
        """What the row says now; None before the first engine."""
        with self._console.readers() as session:
            lease = session.get(Lease, ROW)
            return _sign(lease) if lease is not None else None

    def _take(self, is_alive: Callable[[Lease, float], bool]) -> None:
        try:
            self._take_row(is_alive)
        except IntegrityError:
            self._lock.release()
            raise EngineElsewhere("another engine has begun at this very moment") from None
        except BaseException:
            self._lock.release()
            raise

    def _take_row(self, is_alive: Callable[[Lease, float], bool]) -> None:
        begun, now = _clock(), time.time()
        with self._console.writers.begin() as session:
            lease = session.get(Lease, ROW, with_for_update=True) or Lease(name=ROW, holder="", epoch=0, seen_at=0.0)
            # An engine of this very directory is dead when its lock was ours to take.
            dead = self._lock.is_locked and self._is_ours(lease.holder)
            if lease.holder and not dead and is_alive(lease, now):
                raise EngineElsewhere(
                    f"another engine works on this database: {lease.holder}, {max(now - lease.seen_at, 0):.0f} s ago;"
                    f" stop it first, or wait {self.seconds:.0f} s if it has died"
                )
            # By the minute it also grows where an older backup was restored: workers obey no lower one.
            epoch = max(lease.epoch + 1, int(now / 60))
            lease.holder, lease.epoch, lease.seen_at = self.holder, epoch, now
            session.add(lease)
        self.epoch, self._valid_until = epoch, begun + self.seconds

    def _is_fresh(self, lease: Lease, now: float) -> bool:
        return -self.seconds < now - lease.seen_at < self.seconds

    def _is_ours(self, holder: str) -> bool:
        return bool(holder) and holder.rpartition(":")[0] == self._place

    def _try_lock(self) -> bool:
        if self._lock.is_locked:
            return True
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        return True

    # ---- having it --------------------------------------------------------------------------------------------

    def renew(self) -> bool:
        """Say that this engine is alive; False when another one has taken over meanwhile."""
        begun = _clock()
        mine = (Lease.name == ROW, Lease.epoch == self.epoch)
        with self._console.writers.begin() as session:
            done: CursorResult[Any] = session.execute(update(Lease).where(*mine).values(seen_at=time.time()))  # type: ignore[assignment]
        if done.rowcount == 0:
            self._lose()
            return False
        self._valid_until = begun + self.seconds
        self._try_lock()  # an engine before this one may have held it while it hung
        return True

    def holds(self) -> bool:
        """Whether nobody else can be the engine now, by this machine's clock: one that could not renew its lease in time may
        have been followed without knowing it. An engine inside of the console has nobody that stands by.
        """
        if self.lost:
            return False
        return self._console.settings.engine == "inside" or _clock() < self._valid_until

    def fenced(self) -> sessionmaker[Session]:
        """Sessions that write, as the console's own, but raise LeaseLost when another engine has taken over. Who takes over
        waits for the transactions that began before.
        """
        made = writers(self._console.engine)
        event.listen(made, "after_begin", self._look)
        return made

    def _look(self, _session: Session, transaction: SessionTransaction, connection: Connection) -> None:
        if transaction.nested or not self.epoch:
            return
        # The weakest lock that a change of hands waits for; a sign of life does not.
        query = select(Lease.epoch).where(Lease.name == ROW).with_for_update(read=True, key_share=True)
        if self.lost or connection.scalar(query) != self.epoch:
            self._lose()
            raise LeaseLost(f"another engine has taken over from {self.holder}")

    def _lose(self) -> None:
        if not self.lost:
            self.lost = True
            self._on_lost()

    def give_back(self) -> None:
        """Let the next engine begin at once."""
        mine = (Lease.name == ROW, Lease.epoch == self.epoch)
        with self._console.writers.begin() as session:
            session.execute(update(Lease).where(*mine).values(seen_at=0.0))
        self._lock.release()


def _sign(lease: Lease) -> Sign:
    return Sign(lease.holder, lease.epoch, lease.seen_at)


def _clock() -> float:
    """Seconds by a clock that nobody sets and that goes on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
