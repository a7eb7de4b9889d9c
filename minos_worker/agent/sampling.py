"""Takes a batch of figures every period: the host, each task, each task's status page."""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from minos_common.states import LIVE_TASK_STATES
from minos_common.verbs import StatusPage
from minos_common.words import SampleGroup, Samples, TaskName
from minos_worker import records
from minos_worker.process.identity import ProcessId
from minos_worker.process.tree import all_processes
from minos_worker.records import TaskRecord
from minos_worker.stats.host import HostFigures
from minos_worker.stats.readers import PageFailed, Reading
from minos_worker.stats.task import TaskFigures
from minos_worker.verbs.work import Place

log = logging.getLogger(__name__)

GROUPS_IN_BATCH = 40
MOST_PAGE_SECONDS = 8.0


class Sampler:
    """Runs in a thread of its own; ``period`` is asked anew each time, ``tell`` gets the batches."""

    def __init__(self, place: Place, period: Callable[[], float], tell: Callable[[Samples], None]) -> None:
        self._place, self._period, self._tell = place, period, tell
        self._pages = ThreadPoolExecutor(16, "page")
        self._asked: dict[TaskName, Future[Reading]] = {}
        self._end = threading.Event()

    def end(self) -> None:
        """Let ``run`` return."""
        self._end.set()

    def run(self) -> None:
        """Sample until ``end``. Periods are counted from their beginnings, so that a slow one does not shift them."""
        host, tasks = HostFigures(self._place.layout.every_root()), TaskFigures()
        next_at = time.monotonic() + min(2.0, self._period())
        while not self._end.wait(max(next_at - time.monotonic(), 0.0)):
            period = self._period()
            next_at = max(next_at + period, time.monotonic() + period / 2)
            try:
                self._sample(host, tasks, period)
            except Exception:
                log.exception("sampling")

    def _sample(self, host: HostFigures, tasks: TaskFigures, period: float) -> None:
        live = self._live()
        timeout = min(period * 0.8, MOST_PAGE_SECONDS)
        pages = {task: self._ask(task, page, timeout) for task, page in live.items() if page is not None}
        at = time.time()
        figures = {task: SampleGroup(at, found, task=task) for task, found in self._tasks(tasks)}
        groups = [SampleGroup(at, host.read()), *figures.values()]
        tasks.forget(set(live))
        deadline = time.monotonic() + timeout
        for task, page in pages.items():
            if task in figures:
                _add_page(figures[task], page, deadline)
        for begin in range(0, len(groups), GROUPS_IN_BATCH):
            self._tell(Samples(uuid.uuid4().hex, groups[begin : begin + GROUPS_IN_BATCH]))

    def _live(self) -> dict[TaskName, StatusPage | None]:
        """Tasks with a process, each with its status page."""
        live = {}
        for status in self._place.keeper.statuses():
            if status.state in LIVE_TASK_STATES and status.pid is not None:
                record: TaskRecord | None = records.load(self._place.layout, status.task)
                live[status.task] = record.start.status if record else None
        return live

    def _tasks(self, figures: TaskFigures) -> Iterator[tuple[TaskName, dict[str, float]]]:
        """What the process of each live task needs."""
        table = all_processes()
        for status in self._place.keeper.statuses():
            process = self._place.keeper.process(status.task)
            if process is not None:
                record = process.record
                main = ProcessId(record.pid, record.tick)
                yield status.task, figures.read(status.task, main, record.started_clock, table)

    def _ask(self, task: TaskName, page: StatusPage, timeout: float) -> "Future[Reading]":
        """A page that has not answered the last time is not asked again until it has, or failed."""
        asked = self._asked.get(task)
        if asked is None or asked.done():
            asked = self._pages.submit(self._place.pages.read, page, timeout)
            self._asked[task] = asked
        return asked


def _add_page(group: SampleGroup, asked: "Future[Reading]", deadline: float) -> None:
    """A task is told in one group: the console shows the newest group of a task, so none may hide another's half."""
    try:
        reading = asked.result(max(deadline - time.monotonic(), 0.0))
    except TimeoutError:
        group.error = "its status page takes too long"
    except PageFailed as error:
        group.error = str(error)
    else:
        group.figures |= reading.figures
        group.texts = reading.texts
