"""Figures of a task: its main process and all that descends from it, from psutil."""

import time
from contextlib import suppress

import psutil

from minos_common.words import TaskName
from minos_worker.process.identity import ProcessId, Stat
from minos_worker.process.tree import descendants


class TaskFigures:
    """Looks at tasks now and then; keeps what each process had used at the last look."""

    def __init__(self) -> None:
        self._used: dict[TaskName, tuple[float, dict[ProcessId, float]]] = {}

    def read(self, task: TaskName, main: ProcessId, started_clock: float, table: dict[int, Stat]) -> dict[str, float]:
        """Figures of the task now; ``table`` is every process of the host, ``started_clock`` seconds since boot.

        100 cpu percent are one core. The first look at a task has no cpu figure, because that needs two.
        """
        used: dict[ProcessId, float] = {}
        memory = threads = files = 0
        for pid in {main.pid, *descendants([main.pid], table)}:
            if pid not in table:
                continue
            with suppress(psutil.Error, OSError):
                process = psutil.Process(pid)
                with process.oneshot():
                    times = process.cpu_times()
                    memory += process.memory_info().rss
                    threads += process.num_threads()
                used[ProcessId(pid, table[pid].tick)] = times.user + times.system
                files += process.num_fds()
        figures = {
            "task.rss_bytes": float(memory),
            "task.threads": float(threads),
            "task.open_files": float(files),
            "task.uptime_seconds": max(time.clock_gettime(time.CLOCK_BOOTTIME) - started_clock, 0.0),
        }
        percent = self._cpu_percent(task, used)
        if percent is not None:
            figures["task.cpu_percent"] = percent
        return figures

    def _cpu_percent(self, task: TaskName, used: dict[ProcessId, float]) -> float | None:
        clock = time.monotonic()
        last_clock, last = self._used.get(task, (clock, {}))
        self._used[task] = (clock, used)
        seconds = clock - last_clock
        if seconds <= 0 or not any(process in last for process in used):
            return None
        # A process that is new since the last look used all its time since then.
        return sum(max(now - last.get(process, 0.0), 0.0) for process, now in used.items()) / seconds * 100.0

    def forget(self, keep: set[TaskName]) -> None:
        """Drop what is known of tasks that are no more."""
        self._used = {task: value for task, value in self._used.items() if task in keep}
