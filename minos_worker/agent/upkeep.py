"""What has to be looked after now and then: output files, the journal, and whether this worker is well."""

import logging
import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from minos_common.words import Degraded, HeldPackage, Holds, TaskName
from minos_worker import owners, rotation
from minos_worker.holding import Holdings
from minos_worker.packages.tidying import held, tidy
from minos_worker.process.using import used_below
from minos_worker.verbs.work import Place

log = logging.getLogger(__name__)

EVERY_SECONDS = 2.0
PRUNE_SECONDS = 3600.0
HELD_SECONDS = 5.0
PACKAGES_SECONDS = 10.0
TOLD_SECONDS = 600.0
SLOW_SECONDS = 5.0
"""A look that takes longer is told: what is written waits as long."""


class _Began(NamedTuple):
    """When a look began: monotonic seconds and epoch seconds."""

    clock: float
    at: float


class Upkeep:
    """Runs in a thread of its own; ``degraded`` may be read from any: it is the thread that a slow disk holds up."""

    def __init__(self, place: Place, worker_dir: Path, tell: Callable[[Holds], None]) -> None:
        self._place, self._worker_dir, self._tell = place, worker_dir, tell
        self.packages: list[HeldPackage] = []
        self._looked_at = self._tidied_at = self._told_at = -PRUNE_SECONDS
        self._end = threading.Event()
        self._pruned_at = 0.0
        self._purged: dict[TaskName, str] = {}
        self._holdings = Holdings(place.layout)
        self._held_at = 0.0
        self._found: list[Degraded] = []
        self._began: _Began | None = None

    @property
    def degraded(self) -> list[Degraded]:
        """What is wrong with this worker, a disk that does not answer included."""
        began = self._began
        if began is None or time.monotonic() - began.clock < SLOW_SECONDS:
            return self._found
        at = time.strftime("%H:%M:%S UTC", time.gmtime(began.at))
        return [*self._found, Degraded("disk-slow", f"a disk of it does not answer since {at}; what is written waits")]

    def end(self) -> None:
        """Let ``run`` return."""
        self._end.set()

    def run(self) -> None:
        """Look after things until ``end``."""
        while not self._end.wait(self.pause()):
            self.look()

    def pause(self) -> float:
        """Seconds until the next look."""
        return EVERY_SECONDS

    def look(self) -> None:
        """Look after everything once."""
        for look in (
            self._outputs,
            self._held,
            self._packages,
            self._prune,
            self._health,
            self._place.releases.give_up_when_overdue,
        ):
            self._began = _Began(time.monotonic(), time.time())
            try:
                look()
            except Exception:
                log.exception("upkeep")
            self._began = None

    def _outputs(self) -> None:
        settings = self._place.settings
        for status in self._place.keeper.statuses():
            process = self._place.keeper.process(status.task)
            if process is None:
                continue
            output = Path(process.record.stdout)
            if not owners.is_workers(output.parent):
                continue  # names in it may be links of a task's user
            try:
                if self._place.outputs.rotate(output, settings.log_bytes, settings.log_files):
                    self._purged.pop(status.task, None)
                if self._purged.get(status.task) != process.record.generation:
                    rotation.purge(output.parent, output, settings.log_files)
                    self._purged[status.task] = process.record.generation
            except OSError as error:
                log.warning("output of %s: %s", status.task, error)

    def _held(self) -> None:
        """What of each task is on this host: somebody may have edited it."""
        if time.monotonic() - self._held_at > HELD_SECONDS:
            self._held_at = time.monotonic()
            for record in self._place.keeper.prepared():
                self._place.keeper.hold(record, self._holdings.of(record))

    def _packages(self) -> None:
        """Which packages are here; now and then those that nobody needs are deleted first."""
        root, now = self._place.layout.package, time.monotonic()
        if now - self._looked_at < PACKAGES_SECONDS:
            return
        self._looked_at = now
        kept = self._place.settings.packages_kept
        if kept and now - self._tidied_at >= PRUNE_SECONDS:
            self._tidied_at = now
            for folder in tidy(root, self._needed, kept, time.time(), used_below):
                log.info("deleted the package in %s: nobody needs it", folder)
        found = held(root)
        if found != self.packages or now - self._told_at > TOLD_SECONDS:  # what is told may get lost on its way
            self.packages, self._told_at = found, now
            self._tell(Holds(found))

    def _needed(self) -> list[Path]:
        """Packages that tasks are prepared with."""
        return [Path(record.package_dir) for record in self._place.keeper.prepared() if record.package_dir]

    def _prune(self) -> None:
        if time.monotonic() - self._pruned_at > PRUNE_SECONDS or not self._pruned_at:
            self._pruned_at = time.monotonic()
            self._place.journal.prune()

    def _health(self) -> None:
        self._found = [*self._disks(), *self._writing(), *self._keeping()]

    def _disks(self) -> list[Degraded]:
        wanted = self._place.settings.keep_free_bytes
        low: dict[int, str] = {}
        for root in self._place.layout.every_root():
            try:
                free = shutil.disk_usage(root).free
                device = root.stat().st_dev
            except OSError as error:
                return [Degraded("disk-error", f"{root}: {error.strerror}")]
            if free < wanted and device not in low:
                low[device] = f"{root} has only {free // 2**20} MiB free, {wanted // 2**20} MiB should be"
        return [Degraded("disk-full", message) for message in low.values()]

    def _writing(self) -> list[Degraded]:
        """Whether the worker can still write below its own directory."""
        path = self._worker_dir / ".writable"
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            try:
                os.write(handle, b"yes")
            finally:
                os.close(handle)
        except OSError as error:
            return [Degraded("not-writable", f"the worker cannot write below {self._worker_dir}: {error.strerror}")]
        return []

    def _keeping(self) -> list[Degraded]:
        trouble = self._place.keeper.journal_trouble
        found = [Degraded("journal", f"what happens to tasks cannot be written down: {trouble}")] if trouble else []
        aside = self._place.journal.moved_aside
        if aside is not None:
            found.append(Degraded("journal-lost", f"the journal could not be read and was moved to {aside}"))
        return found
