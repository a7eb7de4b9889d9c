"""Figures of JVMs without an agent in them: from the file of counters that HotSpot shares with whoever may read it."""

import os
import re
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from minos_worker.process.identity import ProcessId, Stat
from minos_worker.stats.perfdata import BadPerfData, figures, parse

PROC = Path("/proc")
MOST_BYTES = 4 * 1024 * 1024
LOOK_SECONDS = 60.0
"""So long a process is looked at again when it had no such file: a JVM makes it a moment after its start."""
_MAPPED = re.compile(rb"^[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \S+ +(/\S*/hsperfdata_[^/\n]+/\d+)$", re.MULTILINE)


@dataclass
class _Known:
    """What is known of a process: its file (None: it has none), and how long we look for it. Monotonic seconds."""

    file: Path | None
    until: float
    last: tuple[float, float] | None = None


class JvmFigures:
    """Finds the file of each task's JVM once. A process that is none, or runs with -XX:-UsePerfData, tells nothing."""

    def __init__(self, proc: Path = PROC) -> None:
        self._proc = proc
        self._known: dict[ProcessId, _Known] = {}

    def read(self, main: ProcessId, table: dict[int, Stat]) -> dict[str, float]:
        """Figures of the JVM that is the main process, or else one that it started itself; empty without one."""
        children = sorted(pid for pid, one in table.items() if one.parent == main.pid)
        for process in (main, *(ProcessId(pid, table[pid].tick) for pid in children)):
            known = self._look(process)
            if known.file is not None and (found := self._figures(known)):
                return found
        return {}

    def forget(self, table: dict[int, Stat]) -> None:
        """Drop what is known of processes that are no more."""
        alive = {ProcessId(pid, one.tick) for pid, one in table.items()}
        self._known = {process: known for process, known in self._known.items() if process in alive}

    def _look(self, process: ProcessId) -> _Known:
        now = time.monotonic()
        known = self._known.get(process)
        if known is None:
            known = self._known[process] = _Known(None, now + LOOK_SECONDS)
        if known.file is None and now <= known.until:
            known.file = self._find(process.pid)
        return known

    def _find(self, pid: int) -> Path | None:
        """The file as the process has it in its memory: whatever its user, its namespace and its java.io.tmpdir are."""
        try:
            mapped = _MAPPED.search((self._proc / str(pid) / "maps").read_bytes())
        except OSError:
            return None
        return self._proc / str(pid) / "root" / os.fsdecode(mapped[1]).lstrip("/") if mapped else None

    def _figures(self, known: _Known) -> dict[str, float]:
        assert known.file is not None
        try:
            found = figures(parse(_content(known.file)))
        except (OSError, BadPerfData):  # just ending, or just beginning
            return {}
        seconds, now = found.get("jvm.gc_seconds"), time.monotonic()
        if seconds is not None:
            if known.last is not None and now > known.last[0]:
                share = (seconds - known.last[1]) / (now - known.last[0])
                found["jvm.gc_percent"] = min(max(share, 0.0), 1.0) * 100.0
            known.last = (now, seconds)
        return found


def shared_counters(main: ProcessId, table: dict[int, Stat]) -> dict[str, int | str]:
    """All counters of that JVM, by HotSpot's names; empty when it is none or shares none."""
    finder = JvmFigures()
    children = sorted(pid for pid, one in table.items() if one.parent == main.pid)
    for pid in (main.pid, *children):
        file = finder._find(pid)
        if file is not None:
            with suppress(OSError, BadPerfData):
                return parse(_content(file))
    return {}


def _content(path: Path) -> bytes:
    """The file's bytes. It lies where anybody may write: links and what is no plain file are not read. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        told = os.fstat(handle)
        if not stat.S_ISREG(told.st_mode) or told.st_size > MOST_BYTES:
            raise OSError(f"{path} is no file of a JVM")
        return file.read(MOST_BYTES)
