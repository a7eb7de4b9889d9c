"""Takes a batch of figures every period: the host, each task, each task's status page."""

import logging
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import NamedTuple

from minos_common.states import LIVE_TASK_STATES
from minos_common.verbs import StatusPage
from minos_common.words import Facts, SampleGroup, Samples, TaskName
from minos_worker import records
from minos_worker.process.identity import boot_id
from minos_worker.records import ProcessRecord, TaskRecord
from minos_worker.stats.batch import Batch
from minos_worker.stats.facts.sending import due_facts, fact_groups, fact_messages
from minos_worker.stats.gauges import Gauges
from minos_worker.stats.pages import Look
from minos_worker.stats.polling import Polling
from minos_worker.verbs.work import Place

log = logging.getLogger(__name__)

GROUPS_IN_BATCH = 40
GRACE_SECONDS = 1.0
"""So long figures wait for status pages; what a slower page tells follows by itself."""


class _Taken(NamedTuple):
    """When figures are taken: epoch seconds by the host's clock, and seconds since boot."""

    at: float
    clock: float


class Sampler:
    """Runs in a thread of its own; ``period`` is asked anew each time, ``tell`` gets the batches."""

    def __init__(self, place: Place, period: Callable[[], float], tell: Callable[[Batch | Facts], None]) -> None:
        self._place, self._period, self._tell = place, period, tell
        self._gauges = place.gauges or Gauges(place.layout.every_root())
        self._boot_id = boot_id()
        # At a moment of its own: workers that are started together do not all ask and tell at the same time.
        self._next_at = time.monotonic() + random.uniform(0.1, 1.0) * min(2.0, period())
        self._polling: Polling[TaskName, Look] = Polling()
        self._round = 0
        self._end = threading.Event()

    def end(self) -> None:
        """Let ``run`` return."""
        self._end.set()

    def run(self) -> None:
        """Sample until ``end``."""
        while not self._end.wait(self.pause()):
            self.look()

    def pause(self) -> float:
        """Seconds until the next look."""
        return max(self._next_at - time.monotonic(), 0.0)

    def look(self) -> None:
        """Sample once. Periods are counted from their beginnings, so that a slow one does not shift them."""
        period = self._period()
        self._next_at = max(self._next_at + period, time.monotonic() + period / 2)
        try:
            self._sample(period)
        except Exception:
            log.exception("sampling")

    def _sample(self, period: float) -> None:
        live = self._live()
        self._round += 1
        timeout = min(period * 0.8, self._place.settings.page_seconds)
        taken = _Taken(time.time(), time.clock_gettime(time.CLOCK_BOOTTIME))
        pages = {task: self._ask(task, page, timeout) for task, page in _shuffled(live) if page is not None}
        groups = {task: SampleGroup(taken.at, found, task=task) for task, found in self._gauges.tasks(self._living())}
        waiting = {task: pages[task] for task in groups if task in pages}
        rest = [SampleGroup(taken.at, self._gauges.host()), *(groups[task] for task in groups if task not in waiting)]
        self._gauges.forget(set(live))
        self._polling.forget(set(live))
        for moment in (min(GRACE_SECONDS, timeout), timeout):
            done = self._polling.done(waiting, taken.clock + moment - time.clock_gettime(time.CLOCK_BOOTTIME))
            for task in done:
                self._add_page(groups[task], waiting.pop(task))
            self._tell_groups(taken, [*rest, *(groups[task] for task in done)])
            rest = []
        for task in waiting:
            groups[task].error = "its status page takes too long"
        self._tell_groups(taken, [groups[task] for task in waiting])

    def _tell_groups(self, taken: _Taken, groups: list[SampleGroup]) -> None:
        for begin in range(0, len(groups), GROUPS_IN_BATCH):
            samples = Samples(uuid.uuid4().hex, groups[begin : begin + GROUPS_IN_BATCH])
            self._tell(Batch(samples, taken.at, taken.clock, self._boot_id))

    def _add_page(self, group: SampleGroup, asked: Future[Look]) -> None:
        """A task is told in one group: the console shows the newest group of a task, so none may hide another's half."""
        assert group.task is not None
        try:
            look = asked.result()
        except Exception as error:  # a page that no reader expected: the others have figures all the same
            look = Look(error=f"its status page cannot be read: {error!r}"[:300])
        group.error = look.error
        if look.reading is not None:
            group.figures |= {**look.reading.figures, "task.page_seconds": look.seconds}
            group.texts = look.reading.texts
        for message in fact_messages(fact_groups(group.task, look.facts, self._run(group.task))):
            self._tell(message)

    def _run(self, task: TaskName) -> str:
        """Names the process of a task: its counters began with it."""
        process = self._place.keeper.process(task)
        return f"{self._boot_id[:8]}.{process.record.pid}.{process.record.tick}" if process is not None else ""

    def _live(self) -> dict[TaskName, StatusPage | None]:
        """Tasks with a process, each with its status page."""
        live = {}
        for status in self._place.keeper.statuses():
            if status.state in LIVE_TASK_STATES and status.pid is not None:
                record: TaskRecord | None = records.load(self._place.layout, status.task)
                live[status.task] = record.start.status if record else None
        return live

    def _living(self) -> dict[TaskName, ProcessRecord]:
        """The process of each live task."""
        found = {status.task: self._place.keeper.process(status.task) for status in self._place.keeper.statuses()}
        return {task: process.record for task, process in found.items() if process is not None}

    def _ask(self, task: TaskName, page: StatusPage, timeout: float) -> Future[Look]:
        return self._polling.ask(task, lambda: self._place.pages.look(page, due_facts(page, self._round), timeout))


def _shuffled(live: dict[TaskName, StatusPage | None]) -> Iterable[tuple[TaskName, StatusPage | None]]:
    """In another order each time, so that none is always the last."""
    return random.sample(list(live.items()), len(live))
