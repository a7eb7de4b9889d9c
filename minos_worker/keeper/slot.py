"""One task slot as the keeper knows it: its memory, its record, and the process in it."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from minos_common.states import AT_REST_TASK_STATES, TaskState
from minos_common.words import TaskName, TaskStatus
from minos_worker.keeper.promise import Promise
from minos_worker.lifecycle import Exited, Memory
from minos_worker.process import exits, tree
from minos_worker.process.identity import ProcessId, is_alive, open_pidfd
from minos_worker.records import ProcessRecord, TaskRecord

SHOWS_LINES = frozenset({TaskState.FATAL, TaskState.BACKOFF, TaskState.EXITED, TaskState.UNKNOWN})


@dataclass
class Process:
    """The last process of a slot. ``main_fd`` and ``shim_fd`` become readable when those end; None: they have."""

    record: ProcessRecord
    main_fd: int | None
    shim_fd: int | None
    exit_told: bool = False
    dead_since: float | None = None

    @property
    def main(self) -> ProcessId:
        """The task's main process."""
        return ProcessId(self.record.pid, self.record.tick)

    @property
    def shim(self) -> ProcessId:
        """The shim that watches it."""
        return ProcessId(self.record.shim_pid, self.record.shim_tick)

    def close(self) -> None:
        """Give the descriptors back."""
        for handle in (self.main_fd, self.shim_fd):
            if handle is not None:
                os.close(handle)
        self.main_fd = self.shim_fd = None


def process_from(record: ProcessRecord) -> Process:
    """The process of a record of this boot, watched if it is alive."""
    main = open_pidfd(ProcessId(record.pid, record.tick))
    shim = open_pidfd(ProcessId(record.shim_pid, record.shim_tick))
    return Process(record, main, shim)


@dataclass
class Waiter:
    """Somebody who waits until the slot has come to ``is_settled``."""

    is_settled: Callable[[Memory], bool]
    promise: Promise


@dataclass
class Slot:
    """State of one task; touched by the keeper's thread alone."""

    task: TaskName
    slot_dir: Path
    memory: Memory
    record: TaskRecord | None = None
    process: Process | None = None
    held: dict[str, str] = field(default_factory=dict)
    spawning: bool = False
    killing: bool = False
    busy_since: float = 0.0
    unsaved: bool = False
    last_lines: list[str] = field(default_factory=list)
    waiters: list[Waiter] = field(default_factory=list)

    @property
    def is_busy(self) -> bool:
        """Whether something is under way that no descriptor announces."""
        waits_for_exit = self.process is not None and self.process.main_fd is None and not self.process.exit_told
        return self.spawning or self.killing or waits_for_exit

    @property
    def awaits_gone(self) -> bool:
        """Only the end of everything in the slot can bring it further, and no descriptor announces that."""
        if self.memory.state is TaskState.UNKNOWN:
            return not self.is_busy
        no_main = self.process is None or (self.process.main_fd is None and self.process.exit_told)
        return self.memory.state is TaskState.STOPPING and no_main and not self.is_busy

    @property
    def is_unattended(self) -> bool:
        """The process runs, but its shim is gone: nobody will see its exit code."""
        process = self.process
        return process is not None and process.main_fd is not None and process.shim_fd is None

    def status(self) -> TaskStatus:
        """All of it, as the console is told."""
        memory, record = self.memory, self.record
        alive = memory.pid is not None
        return TaskStatus(
            task=self.task,
            state=memory.state,
            since=memory.since,
            wanted=memory.wanted,
            bootstrapped=record is not None and record.bootstrapped,
            pid=memory.pid,
            started_at=memory.started_at if alive else None,
            restarts=memory.restarts,
            reason=self._reason(),
            last_exit=memory.last_exit,
            last_lines=self.last_lines if memory.state in SHOWS_LINES else [],
            package=record.package if record else None,
            config_revision=record.config_revision if record else "",
            http_url=record.start.http_url if record else "",
            unattended=self.is_unattended,
            held=self.held,
            edited=self._edited(),
            started_with=self.process.record.started_with if alive and self.process else {},
        )

    def _edited(self) -> list[str]:
        sent = self.record.sent if self.record else {}
        return sorted(part for part, digest in sent.items() if self.held.get(part) != digest)

    def _reason(self) -> str:
        if self.is_unattended and not self.memory.reason:
            return "runs, but its shim is gone: its exit code will be unknown"
        return self.memory.reason

    def settle(self) -> None:
        """Answer those whose wait is over."""
        for waiter in list(self.waiters):
            if waiter.is_settled(self.memory):
                self.waiters.remove(waiter)
                waiter.promise.fill(self.status())


def is_start_settled(memory: Memory) -> bool:
    """A start is over: it runs, nothing will happen by itself, or somebody wants it stopped."""
    at_rest = memory.state in AT_REST_TASK_STATES | {TaskState.RUNNING, TaskState.UNKNOWN}
    return at_rest or memory.wanted != "running"


def is_stop_settled(memory: Memory) -> bool:
    """A stop is over: nothing of it is left, or somebody wants it running again."""
    return memory.state in AT_REST_TASK_STATES | {TaskState.UNKNOWN} or memory.wanted == "running"


def still_runs(record: ProcessRecord) -> bool:
    """Whether the main process of a record of this boot is alive."""
    return is_alive(ProcessId(record.pid, record.tick))


def clock() -> float:
    """Seconds since boot, time asleep included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def exit_event(slot: Slot, process: Process) -> Exited | None:
    """How the process ended, by what its shim wrote or is called; None while that says nothing of this process."""
    found = exits.read(str(slot.slot_dir / "exit"))
    if found is not None and found.generation == process.record.generation:
        status, at = found.status, found.wall
    else:
        named = exits.status_in_name(process.shim)
        if named is None:
            return None
        status, at = named, time.time()
    strays = tree.members(slot.slot_dir, process.main, process.shim, process.record.generation)
    if os.WIFSIGNALED(status):
        return Exited("signal", os.WTERMSIG(status), at, len(strays))
    return Exited("code", os.WEXITSTATUS(status), at, len(strays))
