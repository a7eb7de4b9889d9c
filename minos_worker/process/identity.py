"""Which process is meant: pid numbers are used again, so a process is its pid with its start tick and boot id."""

import os
from pathlib import Path
from typing import NamedTuple


class ProcessId(NamedTuple):
    """A process of this boot. ``tick`` is field 22 of /proc/<pid>/stat: unlike a time of day it is never stepped."""

    pid: int
    tick: int


class Stat(NamedTuple):
    """What /proc/<pid>/stat says."""

    state: str
    parent: int
    session: int
    tick: int


def boot_id() -> str:
    """Text that is new at every boot of the host."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def stat_of(pid: int) -> Stat | None:
    """State, parent, session and start tick of a process; None when there is none."""
    try:
        handle = os.open(f"/proc/{pid}/stat", os.O_RDONLY)
    except OSError:
        return None
    try:
        text = os.read(handle, 4096)
    except OSError:  # it went away between open and read
        return None
    finally:
        os.close(handle)
    # The command name stands in brackets and may hold anything, even a bracket: fields begin behind the last one.
    fields = text[text.rfind(b")") + 2 :].split()
    if len(fields) < 20:
        return None
    return Stat(fields[0].decode(), int(fields[1]), int(fields[3]), int(fields[19]))


def is_alive(process: ProcessId) -> bool:
    """True while this very process runs. A zombie is dead: it only waits to be reaped."""
    stat = stat_of(process.pid)
    return stat is not None and stat.tick == process.tick and stat.state not in "ZX"


def open_pidfd(process: ProcessId) -> int | None:
    """Descriptor that becomes readable when the process ends; None when it is not this process or already dead.

    Opened first and compared afterwards: the other way round the pid could change hands in between.
    """
    try:
        handle = os.pidfd_open(process.pid)
    except OSError:
        return None
    if is_alive(process):
        return handle
    os.close(handle)
    return None
