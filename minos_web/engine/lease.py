"""Which process is the engine of a console: a lock on its directory, and a row that other machines see."""

import hashlib
import os
import socket
import time
from pathlib import Path

from filelock import FileLock, Timeout

from minos_web.console import Console
from minos_web.models.lease import Lease

FRESH_SECONDS = 20.0
"""A lease that was renewed within this time belongs to an engine that is alive; it is renewed every few seconds."""


class EngineElsewhere(RuntimeError):
    """Another process is the engine of this console; the text says which, and what to do."""


class EngineLease:
    """Taken once, then renewed. The lock keeps a second process off the same directory, the row a second directory, or
    machine, off the same database.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = FileLock(console.var / "engine.lock")
        place = hashlib.sha256(str(console.var.resolve()).encode()).hexdigest()[:8]
        self._place = f"{socket.gethostname()[:90]}/{place}"
        self.holder = f"{self._place}:{os.getpid()}"
        self.epoch = 0

    def take(self) -> None:
        """Become the engine. Raises EngineElsewhere."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            holder = Path(self._lock.lock_file)
            raise EngineElsewhere(f"another engine works on this console (it holds {holder}); stop it first") from None
        try:
            self._take_row()
        except BaseException:
            self._lock.release()
            raise

    def _take_row(self) -> None:
        now = time.time()
        with self._console.writers.begin() as session:
            lease = session.get(Lease, "engine", with_for_update=True) or Lease(name="engine", epoch=0, seen_at=0.0)
            age = now - lease.seen_at
            # An engine of this very directory is dead: its lock was ours to take.
            ours = bool(lease.holder) and lease.holder.rpartition(":")[0] == self._place
            if lease.holder and not ours and -FRESH_SECONDS < age < FRESH_SECONDS:
                raise EngineElsewhere(
                    f"another engine works on this database: {lease.holder}, {max(age, 0):.0f} s ago; stop it first, or"
                    f" wait {FRESH_SECONDS:.0f} s if it has died"
                )
            lease.holder, lease.epoch, lease.seen_at = self.holder, lease.epoch + 1, now
            session.add(lease)
            self.epoch = lease.epoch

    def renew(self) -> bool:
        """Say that this engine is alive; False when another one has taken over meanwhile."""
        with self._console.writers.begin() as session:
            lease = session.get_one(Lease, "engine", with_for_update=True)
            if lease.epoch != self.epoch:
                return False
            lease.seen_at = time.time()
            return True

    def give_back(self) -> None:
        """Let the next engine begin at once."""
        with self._console.writers.begin() as session:
            lease = session.get(Lease, "engine")
            if lease is not None and lease.epoch == self.epoch:
                lease.seen_at = 0.0
        self._lock.release()
