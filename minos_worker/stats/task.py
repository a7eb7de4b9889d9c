"""Figures of a task: its main process and all that descends from it."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from minos_common.words import TaskName
from minos_worker.process.identity import ProcessId, Stat
from minos_worker.process.tree import descendants

Counts = dict[str, float]
_COUNTED = {
    "cpu": ("task.cpu_percent", 100.0),
    "read_bytes": ("task.read_bytes_per_second", 1.0),
    "write_bytes": ("task.write_bytes_per_second", 1.0),
    "switches": ("task.voluntary_switches_per_second", 1.0),
}
"""What grows -> the figure that its growth per second makes, and times how much."""


@dataclass
class _Look:
    """What the processes of a task had used when it was looked at."""

    clock: float
    used: dict[ProcessId, Counts] = field(default_factory=dict)


class TaskFigures:
    """Looks at tasks now and then; keeps what each process had used at the last look."""

    def __init__(self) -> None:
        self._last: dict[TaskName, _Look] = {}

    def read(self, task: TaskName, main: ProcessId, started_clock: float, table: dict[int, Stat]) -> dict[str, float]:
        """Figures of the task now; ``table`` is every process of the host, ``started_clock`` seconds since boot.

        100 cpu percent are one core. The first look at a task has no rates, because they need two.
        """
        look, sums = _Look(time.monotonic()), dict.fromkeys(("rss_bytes", "threads", "swap_bytes", "open_files"), 0.0)
        for pid in {main.pid, *descendants([main.pid], table)}:
            if pid not in table:
                continue
            with suppress(psutil.Error, OSError):
                found, counts = _of_process(pid)
                look.used[ProcessId(pid, table[pid].tick)] = counts
                for name, value in found.items():
                    sums[name] += value
        figures = {f"task.{name}": value for name, value in sums.items()}
        figures["task.children"] = max(len(look.used) - 1.0, 0.0)
        figures["task.uptime_seconds"] = max(time.clock_gettime(time.CLOCK_BOOTTIME) - started_clock, 0.0)
        last, self._last[task] = self._last.get(task), look
        return figures | (_rates(last, look) if last else {})

    def forget(self, keep: set[TaskName]) -> None:
        """Drop what is known of tasks that are no more."""
        self._last = {task: look for task, look in self._last.items() if task in keep}


def _of_process(pid: int) -> tuple[Counts, Counts]:
    """What a process has, and what it has used since it began. Raises OSError, psutil.Error."""
    process = psutil.Process(pid)
    with process.oneshot():
        times = process.cpu_times()
        resident = process.memory_info().rss
    told = in_lines((Path("/proc") / str(pid) / "status").read_text(errors="replace"))
    found = {
        "rss_bytes": float(resident),
        "threads": told.get("Threads", 1.0),
        "swap_bytes": told.get("VmSwap", 0.0),
        "open_files": float(process.num_fds()),
    }
    counts = {"cpu": times.user + times.system, "switches": told.get("voluntary_ctxt_switches", 0.0)}
    with suppress(OSError):  # of another user's process the kernel does not tell
        moved = in_lines((Path("/proc") / str(pid) / "io").read_text(errors="replace"))
        counts |= {name: moved[name] for name in ("read_bytes", "write_bytes") if name in moved}
    return found, counts


def in_lines(text: str) -> dict[str, float]:
    """The numbers of a file of lines like "VmSwap:   12 kB", sizes in bytes. PURE."""
    numbers = {}
    for line in text.splitlines():
        name, _, rest = line.partition(":")
        words = rest.split()
        if words and words[0].isdigit():
            numbers[name] = float(words[0]) * (1024.0 if words[1:] == ["kB"] else 1.0)
    return numbers


def _rates(last: _Look, now: _Look) -> dict[str, float]:
    """A process that is new since the last look used all its time since then; with none of the last look there are none."""
    seconds = now.clock - last.clock
    if seconds <= 0 or not any(process in last.used for process in now.used):
        return {}
    figures: dict[str, float] = {}
    for count, (figure, times) in _COUNTED.items():
        told = [
            (used[count], last.used.get(process, {}).get(count, 0.0))
            for process, used in now.used.items()
            if count in used
        ]
        if told:
            figures[figure] = sum(max(value - before, 0.0) for value, before in told) / seconds * times
    return figures
