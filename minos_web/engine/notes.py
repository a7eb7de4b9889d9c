"""What the timetable notes of one round while it runs, and how that is kept in the database."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from minos_web.engine.lease import LeaseLost
from minos_web.models.schedules import Round

log = logging.getLogger(__name__)

LONGEST_ERROR = 500


@dataclass
class Note:
    """One round: what it does, how often, and how its last times went. Only one thread is in it at a time: one that hangs
    is not begun again beside itself, whoever starts it.
    """

    name: str
    seconds: float
    work: Callable[[], object]
    began_at: float | None = None
    ended_at: float | None = None
    took: float | None = None
    runs: int = 0
    failures: int = 0
    failed_at: float | None = None
    failing_since: float | None = None
    error: str = ""
    told: bool = False
    changed: bool = True
    looks: int = 0
    _busy: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def run(self) -> None:
        """Once around. What goes wrong is logged and noted, and the next time comes all the same."""
        if not self._busy.acquire(blocking=False):
            return
        try:
            self.began_at, self.changed = time.time(), True
            begun = time.monotonic()
            try:
                self.work()
            except LeaseLost:
                log.warning("round %s is another engine's now", self.name)
            except Exception as error:
                log.exception("round %s", self.name)
                self.failed(f"{type(error).__name__}: {error}")
            else:
                self.failing_since = None
            self.took, self.ended_at = time.monotonic() - begun, time.time()
            self.runs, self.changed = self.runs + 1, True
        finally:
            self._busy.release()

    def failed(self, why: str) -> None:
        """It did not go well."""
        now = time.time()
        self.failures, self.failed_at, self.error = self.failures + 1, now, why[:LONGEST_ERROR]
        self.failing_since, self.changed = self.failing_since or now, True

    def values(self) -> dict[str, Any]:
        """As its row has them."""
        kept = ("name", "seconds", "began_at", "ended_at", "took", "runs", "failures", "failed_at", "failing_since")
        return {name: getattr(self, name) for name in (*kept, "error", "told")}


def recall(session: Session, notes: Iterable[Note]) -> None:
    """What an earlier engine noted; of rounds that are no more nothing is kept."""
    known = {note.name: note for note in notes}
    session.execute(delete(Round).where(Round.name.not_in(known)))
    for name, note in known.items():
        row = session.get(Round, name)
        if row is not None:
            note.runs, note.failures, note.failed_at = row.runs, row.failures, row.failed_at
            note.error, note.told, note.failing_since = row.error, row.told, row.failing_since


def keep(session: Session, notes: Iterable[Note]) -> None:
    """Write down what changed."""
    for note in notes:
        if note.changed:
            note.changed = False
            session.merge(Round(**note.values()))
