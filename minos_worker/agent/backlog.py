"""Figures on their way to the console: in memory, on disk, and by whose clock."""

import time
from collections.abc import Callable

from minos_common.settings import WorkerSettings
from minos_common.words import Degraded
from minos_worker.agent.batches import Batches, Waiting
from minos_worker.agent.console_clock import ConsoleClock
from minos_worker.agent.spooling import Kept, Lent, Spooling
from minos_worker.layout import Layout
from minos_worker.stats.batch import Batch
from minos_worker.stats.spool import Spool

END_SECONDS = 3.0
TOLD_SECONDS = 3600.0
"""So long it is told that figures were dropped."""
Told = Batch | Kept | Lent
"""What the loop's inbox has for us."""


class Backlog:
    """Belongs to the loop's thread. ``now`` is monotonic seconds."""

    def __init__(self, settings: WorkerSettings, layout: Layout, boot_id: str, tell: Callable[[Told], None]) -> None:
        spool = Spool(layout.samples, settings.spool_bytes, settings.spool_hours * 3600.0, boot_id)
        self._spooling = Spooling(spool, tell)
        self._batches = Batches(settings.spool_batches)
        self._boot_id = boot_id
        self.period = spool.period()
        self._dropped = 0
        self._dropped_at = 0.0
        self.clock = ConsoleClock()

    def asked_for(self, period: float) -> None:
        """The console wants samples every ``period`` seconds: a next worker should know before it hears of it."""
        if period != self.period:
            self.period = period
            self._spooling.keep_period(period)

    def begin(self) -> None:
        """Find what an earlier worker left."""
        self._spooling.begin()

    def end(self) -> None:
        """Leave to the next worker what is in memory."""
        self._spooling.end([self._placed(batch) for batch in self._batches.left()], END_SECONDS)

    def __len__(self) -> int:
        """Batches that are not noted."""
        return len(self._batches) + self._spooling.count

    def take(self, told: Told, now: float) -> None:
        """A new batch, or what became of those on the disk."""
        if isinstance(told, Batch):
            self._batches.add(told, now)
        elif isinstance(told, Lent):
            self._batches.lent(told.batches, now)
        elif told.failure:
            self._batches.not_kept(told.batch_id, now)
        elif not self._batches.kept(told.batch_id):
            self._spooling.forget([told.batch_id])

    def look_after(self, now: float) -> None:
        """Give to the disk what waits, and fetch from it what has its turn soon."""
        for batch in self._batches.to_keep(now):
            self._spooling.keep(self._placed(batch))
        wanted = self._batches.to_read(self._spooling.count)
        if wanted:
            self._spooling.read(wanted)

    def due(self, now: float) -> list[Waiting]:
        """What should be sent now. Old figures wait until it is known what time it is at the console."""
        due = self._batches.due(now, self.clock.boot is not None)
        for one in due:
            self._placed(one.batch)
        return due

    def next_due(self, now: float) -> float | None:
        """When ``due`` may next have something; None: nothing is owed."""
        return self._batches.next_due(now)

    def connected(self) -> None:
        """All is due at once."""
        self._batches.connected()

    def noted(self, batch_ids: list[str]) -> None:
        """The console has these."""
        on_disk = self._batches.noted(batch_ids)
        if on_disk:
            self._spooling.forget(on_disk)

    def degraded(self) -> list[Degraded]:
        """What is wrong with it."""
        found = []
        dropped, now = self._batches.dropped + self._spooling.dropped, time.monotonic()
        if dropped != self._dropped:
            self._dropped, self._dropped_at = dropped, now
        if dropped and now - self._dropped_at < TOLD_SECONDS:
            text = f"{dropped} batches of figures were dropped: the console did not take them while there was room"
            found.append(Degraded("figures-dropped", text))
        if self._spooling.trouble:
            text = f"figures that wait for the console are kept in memory only: {self._spooling.trouble}"
            found.append(Degraded("figures-in-memory", text))
        return found

    def _placed(self, batch: Batch) -> Batch:
        batch.place(self._boot_id, self.clock.boot)
        return batch
