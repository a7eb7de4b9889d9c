"""Processes and figures that are not there: what a simulated host has in place of its own. Everything else of its worker is
the worker's own code."""

import heapq
import itertools
import os
import random
import signal
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import msgspec

from minos_common.states import LIVE_TASK_STATES
from minos_common.verbs import FactPage, StatusPage
from minos_common.words import TaskName
from minos_worker import lifecycle
from minos_worker.agent.threads import Round, Threads
from minos_worker.keeper import spawn
from minos_worker.keeper.processes import Processes
from minos_worker.keeper.slot import Process, Slot, clock
from minos_worker.keeper.terms import Terms
from minos_worker.layout import Layout
from minos_worker.records import ProcessRecord
from minos_worker.stats.gauges import Gauges
from minos_worker.stats.pages import Look, StatusPages
from minos_worker.stats.readers import Reading

STOP_SECONDS = 0.2
"""From the stop signal to the end of a simulated process."""
_PIDS = itertools.count(10_000_000, 2)
"""Beyond what a kernel gives: no real process is ever signalled by mistake."""


class Fault(msgspec.Struct, frozen=True):
    """What goes wrong with the tasks of a job on a host: ``kind`` "refuses" (no process can be started), "dies" (each ends
    with exit code 1 after ``seconds``) or "stays" (it does not heed its stop signal).
    """

    job: str
    kind: str
    seconds: float = 1.0


class Clock:
    """One thread that does small things at their time, for all simulated hosts of a process."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        threading.Thread(target=self._run, name="clock", daemon=True).start()

    def later(self, seconds: float, action: Callable[[], object]) -> None:
        """Have this done once, in so many seconds."""
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._numbers), action))
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._due or self._due[0][0] > time.monotonic():
                    self._changed.wait(self._due[0][0] - time.monotonic() if self._due else None)
                action = heapq.heappop(self._due)[2]
            action()


class SharedThreads(Threads):
    """Those of all workers of a process. Looks after disks are ``disk_seconds`` apart: here all hosts have the same disk."""

    def __init__(self, own: Clock, size: int = 32, disk_seconds: float = 30.0) -> None:
        super().__init__(size)
        self._clock, self._disk_seconds = own, disk_seconds
        self._rounds = ThreadPoolExecutor(4, "rounds")

    def again(self, name: str, what: Round) -> None:
        """Have this looked after by threads that are everybody's."""
        seconds = what.pause()
        if name == "upkeep":
            seconds = max(seconds, self._disk_seconds * random.uniform(0.5, 1.0))
        self._clock.later(seconds, lambda: self._rounds.submit(self._look, name, what))

    def _look(self, name: str, what: Round) -> None:
        what.look()
        self.again(name, what)


@dataclass
class _Living:
    record: ProcessRecord
    main: int
    shim: int


class SimulatedProcesses(Processes):
    """Those of one simulated host. An eventfd stands for each process: like a pidfd it can be read when that has ended."""

    def __init__(self, layout: Layout, own: Clock, faults: Callable[[], Sequence[Fault]] = tuple) -> None:
        super().__init__(layout)
        self._clock, self._faults = own, faults
        self._living: dict[int, _Living] = {}
        self._ended: dict[str, lifecycle.Exited] = {}
        # The keeper closes descriptors of what is gone; nobody may write to them after it could know.
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Nothing is needed."""

    def end(self) -> None:
        """Nothing is left to end."""

    def found(self, slot: Slot, boot: str) -> lifecycle.Event | None:
        """A simulated host begins without processes."""
        return lifecycle.Rebooted(boot) if slot.memory.state in LIVE_TASK_STATES else None

    def start(self, slot: Slot, terms: Terms) -> Process:
        """Something that has a pid and an output file, and does nothing. Raises spawn.Refused."""
        fault = self._fault(slot.task, "refuses")
        if fault is not None:
            raise spawn.Refused("this host is told to start none (a fault of the rehearsal)")
        pid, now = next(_PIDS), time.time()
        output = self._layout.stdout_dir(slot.task) / f"{slot.task.job}_{time.strftime('%Y%m%d-%H%M%S')}.out"
        try:
            output.parent.mkdir(exist_ok=True)
            output.write_text(f"{slot.task} is simulated: it has pid {pid} and does nothing\n")
        except OSError as error:
            raise spawn.Refused(str(error)) from error
        record = ProcessRecord(
            uuid.uuid4().hex, "", pid, pid, pid + 1, pid, now, clock(), str(output), str(slot.task), slot.held
        )
        living = _Living(record, *(os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC) for _ in range(2)))
        with self._lock:
            self._ended.pop(str(slot.task), None)
            self._living[pid] = living
        if (fault := self._fault(slot.task, "dies")) is not None:
            self._clock.later(fault.seconds, lambda: self._end(pid, "code", 1))
        return Process(record, living.main, living.shim)

    def how_ended(self, slot: Slot, process: Process) -> lifecycle.Exited | None:
        """As it was told."""
        with self._lock:
            return self._ended.get(process.record.task)

    def members(self, slot: Slot) -> dict[int, int]:
        """The process, while it lives."""
        with self._lock:
            pid = slot.process.record.pid if slot.process else -1
            return {pid: pid} if pid in self._living else {}

    def is_held(self, slot: Slot) -> bool:
        """There is no lock."""
        return False

    def kill(self, members: dict[int, int], number: int = signal.SIGKILL) -> None:
        """End these."""
        for pid in members:
            self._signal(pid, number)

    def send(self, process: Process, number: int) -> bool:
        """End it, unless it is told not to heed that."""
        return self._signal(process.record.pid, number)

    def _signal(self, pid: int, number: int) -> bool:
        with self._lock:
            living = self._living.get(pid)
        if living is None:
            return False
        if number == signal.SIGKILL:
            self._end(pid, "signal", number)
        elif not any(one.kind == "stays" and _is_of(one, living.record.task) for one in self._faults()):
            self._clock.later(STOP_SECONDS, lambda: self._end(pid, "code", 128 + number))
        return True

    def _end(self, pid: int, kind: str, value: int) -> None:
        with self._lock:
            living = self._living.pop(pid, None)
            if living is None:
                return
            self._ended[living.record.task] = lifecycle.Exited(kind, value, time.time())
            os.eventfd_write(living.main, 1)
            os.eventfd_write(living.shim, 1)

    def _fault(self, task: TaskName, kind: str) -> Fault | None:
        return next((one for one in self._faults() if one.kind == kind and one.job == task.job), None)


def _is_of(fault: Fault, task: str) -> bool:
    return task.rpartition("--")[2].rstrip("0123456789") == fault.job


class SimulatedGauges(Gauges):
    """Figures like those of this machine, each host's a little different each time."""

    def __init__(self, like: Mapping[str, float], task_like: Mapping[str, float]) -> None:
        self._like, self._task_like = like, task_like

    def host(self) -> dict[str, float]:
        """As many figures as a host has."""
        return {name: value * random.uniform(0.9, 1.0) for name, value in self._like.items()}

    def tasks(self, living: Mapping[TaskName, ProcessRecord]) -> Iterator[tuple[TaskName, dict[str, float]]]:
        """As many figures as a process has."""
        for task in living:
            yield task, {name: value * random.uniform(0.9, 1.1) for name, value in self._task_like.items()}

    def forget(self, keep: set[TaskName]) -> None:
        """Nothing is remembered."""


class SimulatedPages(StatusPages):
    """Status pages of processes that are not there. ``told``: what each of them says, by the names of our figures."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__()
        self._told = told

    def look(self, page: StatusPage, due: Sequence[FactPage], timeout: float) -> Look:
        """The same at every look; no facts."""
        return Look(self.read(page, timeout), seconds=0.001)

    def read(self, page: StatusPage, timeout: float, bodies: dict[str, bytes] | None = None) -> Reading:
        """What is told, numbers and texts apart."""
        numbers = {name: float(value) for name, value in self._told.items() if not isinstance(value, str)}
        return Reading(numbers, {name: value for name, value in self._told.items() if isinstance(value, str)})
