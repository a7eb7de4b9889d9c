"""Who belongs to a task: its descendants, whoever holds its slot's lock, whoever carries its mark; and their end."""

import contextlib
import errno
import fcntl
import os
import signal
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from minos_worker.process.identity import ProcessId, Stat, is_alive, stat_of


def all_processes() -> dict[int, Stat]:
    """Every living process of the host by pid; zombies left out."""
    table = {}
    for name in os.listdir("/proc"):  # noqa: PTH208 - often done, and twice as fast
        if name.isdigit():
            stat = stat_of(int(name))
            if stat is not None and stat.state not in "ZX":
                table[int(name)] = stat
    return table


def descendants(roots: Iterable[int], table: dict[int, Stat]) -> set[int]:
    """Pids in ``table`` that descend from ``roots``, the roots left out."""
    children = defaultdict(list)
    for pid, stat in table.items():
        children[stat.parent].append(pid)
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        for child in children[waiting.pop()]:
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found


def members(slot: Path, main: ProcessId | None, shim: ProcessId | None, generation: str) -> dict[int, int]:
    """Living processes of a task, the shim left out: pid -> start tick.

    With its shim alive every orphan is a child of the shim, so descent finds all. Without it orphans belong to init;
    then the inherited lock and the mark in the environment find them.
    """
    table = all_processes()
    attended = shim is not None and _is(shim, table)
    roots = {process.pid for process in (main, shim) if process is not None and _is(process, table)}
    found = descendants(roots, table) | (roots & {main.pid if main else -1})
    if not attended:
        found |= holders(slot / "lock", table) | marked(generation, table)
        found |= descendants(found, table)
    found -= {os.getpid(), shim.pid if attended and shim else -1}
    return {pid: table[pid].tick for pid in found if pid in table}


def _is(process: ProcessId, table: dict[int, Stat]) -> bool:
    return process.pid in table and table[process.pid].tick == process.tick


def holders(lock: Path, table: dict[int, Stat]) -> set[int]:
    """Pids that have the lock file open, as far as we may see."""
    try:
        wanted = lock.stat()
    except OSError:
        return set()
    found = set()
    for pid in table:
        if pid != os.getpid() and _has_open(pid, wanted):
            found.add(pid)
    return found


def _has_open(pid: int, wanted: os.stat_result) -> bool:
    try:
        names = os.listdir(f"/proc/{pid}/fd")  # noqa: PTH208 - as above
    except OSError:
        return False
    for name in names:
        with contextlib.suppress(OSError):
            stat = os.stat(f"/proc/{pid}/fd/{name}")  # noqa: PTH116 - as above
            if (stat.st_dev, stat.st_ino) == (wanted.st_dev, wanted.st_ino):
                return True
    return False


def marked(generation: str, table: dict[int, Stat]) -> set[int]:
    """Pids whose environment carries the generation, as far as we may see."""
    if not generation:
        return set()
    mark = f"MINOS_GENERATION={generation}".encode()
    found = set()
    for pid in table:
        with contextlib.suppress(OSError):
            if mark in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                found.add(pid)
    return found


def is_locked(lock: Path) -> bool:
    """Whether somebody holds the slot's lock."""
    try:
        handle = _open_lock(lock)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _open_lock(lock: Path) -> int:
    try:
        return os.open(lock, os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        if error.errno != errno.EROFS:
            raise
    return os.open(lock, os.O_RDONLY | os.O_CLOEXEC)


def kill(processes: dict[int, int], number: int = signal.SIGKILL) -> None:
    """Signal these processes. Before a kill all are frozen, so that none can fork while the others die."""
    rounds = (signal.SIGSTOP, signal.SIGKILL) if number == signal.SIGKILL else (number,)
    for one in rounds:
        for pid, tick in processes.items():
            send(ProcessId(pid, tick), one)


def send(process: ProcessId, number: int) -> bool:
    """Signal this very process; False when it is gone. Never reaches a stranger that got the pid since."""
    try:
        handle = os.pidfd_open(process.pid)
    except OSError:
        return False
    try:
        if not is_alive(process):
            return False
        signal.pidfd_send_signal(handle, number)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
