"""The thread that keeps batches on disk: a disk that hangs or is full holds up nobody else."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from minos_worker.stats.batch import Batch
from minos_worker.stats.spool import Spool

log = logging.getLogger(__name__)


class Kept(NamedTuple):
    """The disk has this batch, or why not."""

    batch_id: str
    failure: str = ""


class Lent(NamedTuple):
    """The oldest batches of the disk."""

    batches: list[Batch]


class Spooling:
    """What is asked is done in order; ``tell`` gets the answers. ``count``, ``dropped`` and ``trouble`` may be read from any
    thread: how many lie there, how many were dropped, why the disk takes none (empty: it does)."""

    def __init__(self, spool: Spool, tell: Callable[[Kept | Lent], None]) -> None:
        self._spool, self._tell = spool, tell
        self._asked: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="spool", daemon=True)
        self.count = self.dropped = 0
        self.trouble = ""

    def begin(self) -> None:
        """Start the thread."""
        self._asked.put(self._open)
        self._thread.start()

    def end(self, batches: Sequence[Batch], patience: float) -> None:
        """Keep these as well, and end; waits ``patience`` seconds at most."""
        self._asked.put(lambda: self._keep_all(batches))
        self._asked.put(None)
        self._thread.join(patience)

    def keep(self, batch: Batch) -> None:
        """Put it on the disk; answered by ``Kept``."""
        self._asked.put(lambda: self._tell(self._keep(batch)))

    def read(self, most: int) -> None:
        """The oldest ones are wanted; answered by ``Lent``."""
        self._asked.put(lambda: self._tell(Lent(self._spool.read(most))))

    def keep_period(self, seconds: float) -> None:
        """Remember how often the console wants samples."""
        self._asked.put(lambda: self._spool.keep_period(seconds))

    def forget(self, batch_ids: list[str]) -> None:
        """These need not be kept any longer."""
        self._asked.put(lambda: self._spool.forget(batch_ids))

    def _run(self) -> None:
        while (work := self._asked.get()) is not None:
            try:
                work()
            except Exception:
                log.exception("spool")
            self.count, self.dropped = len(self._spool), self._spool.dropped

    def _open(self) -> None:
        try:
            self._spool.open()
        except OSError as error:
            self.trouble = f"{error.filename}: {error.strerror}"

    def _keep_all(self, batches: Sequence[Batch]) -> None:
        for batch in batches:
            self._keep(batch)

    def _keep(self, batch: Batch) -> Kept:
        try:
            self._spool.add(batch, time.clock_gettime(time.CLOCK_BOOTTIME))
        except (OSError, ValueError) as error:
            self.trouble = getattr(error, "strerror", None) or str(error)
            return Kept(batch.batch_id, self.trouble)
        self.trouble = ""
        return Kept(batch.batch_id)
