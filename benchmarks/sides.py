"""What the benchmark asks of each side, and what it finds out about one with so many tasks."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from benchmarks.own_use import Memory, cpu_seconds, memory_of
from minos_worker.process.identity import ProcessId, is_alive, stat_of
from minos_worker.process.tree import all_processes, descendants

PATIENCE = 120.0


class NotSo(Exception):
    """A side did not come to what was waited for, or left something behind; the text says what."""


class Side(Protocol):
    """A daemon with ``tasks`` described and none started: entered when it runs, left when nothing of it is left."""

    name: str
    daemon: int
    """Pid of the daemon; all it starts descends from it."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def start_tasks(self) -> None:
        """Ask for all tasks, without waiting for them."""

    def settle(self) -> None:
        """Wait until all tasks count as running and the daemon does what it does all day."""

    def tell_status(self) -> None:
        """Ask how every task is, and wait for the answers."""

    def stop_tasks(self) -> None:
        """Ask for the end of all tasks, and wait until it is told."""

    def own(self) -> dict[str, list[int]]:
        """Pids of all its processes by what they are; tasks are none of them."""


@dataclass(frozen=True)
class Part:
    """One kind of process of a side. Memory alone of all parts is a little more than the side's: libraries they share."""

    processes: int
    pss_bytes: int
    alone_bytes: int
    cpu_seconds_per_minute: float


@dataclass(frozen=True)
class Figures:
    """What a side needed with so many tasks. ``start_seconds``: from the wish until every task's program ran."""

    side: str
    tasks: int
    rss_bytes: int
    pss_bytes: int
    alone_bytes: int
    cpu_seconds_per_minute: float
    start_seconds: float
    parts: dict[str, Part]


def measure(make: Callable[[], Side], tasks: int, program: str, window: float) -> Figures:
    """Bring a side up, start its tasks (each becomes ``program``), look at it for ``window`` seconds, take it down.

    Raises NotSo.
    """
    with make() as side:
        begin = time.monotonic()
        side.start_tasks()
        wait_for(lambda: len(running(side.daemon, program)) == tasks, f"{tasks} tasks of {side.name} run")
        started = time.monotonic() - begin
        side.settle()
        own = side.own()
        seen = _identities([*running(side.daemon, program), *(pid for pids in own.values() for pid in pids)])
        used = _watch(own, window)
        memory = memory_of([pid for pids in own.values() for pid in pids])
        figures = _figures(side.name, tasks, started, memory, {name: _part(own[name], used[name]) for name in own})
    wait_for(lambda: not any(map(is_alive, seen)), f"nothing of {figures.side} is left")
    return figures


def wait_for(is_so: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Wait until it is so. Raises NotSo with ``what``."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise NotSo(f"waited {seconds:.0f} s in vain: {what}")
        time.sleep(0.01)


def running(daemon: int, program: str) -> list[int]:
    """Pids below a daemon that run this program."""
    return [pid for pid in descendants([daemon], all_processes()) if name_of(pid) == program]


def name_of(pid: int) -> str:
    """The kernel's name of a process; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _identities(pids: list[int]) -> list[ProcessId]:
    return [ProcessId(pid, stat.tick) for pid in pids if (stat := stat_of(pid)) is not None]


def _watch(own: dict[str, list[int]], window: float) -> dict[str, float]:
    """Seconds of processor time per minute of each kind of process."""
    begin, before = time.monotonic(), {name: cpu_seconds(pids) for name, pids in own.items()}
    time.sleep(window)  # the one thing that is waited for by the clock: it is what is measured over
    minutes = (time.monotonic() - begin) / 60.0
    return {name: (cpu_seconds(pids) - before[name]) / minutes for name, pids in own.items()}


def _part(pids: list[int], cpu: float) -> Part:
    memory = memory_of(pids)
    return Part(len(pids), memory.pss, memory.alone, cpu)


def _figures(side: str, tasks: int, started: float, memory: Memory, parts: dict[str, Part]) -> Figures:
    cpu = sum(part.cpu_seconds_per_minute for part in parts.values())
    return Figures(side, tasks, memory.rss, memory.pss, memory.alone, cpu, started, parts)
