"""Ends an engine of this machine that hangs: it holds the port and the lock that the one that stands by needs."""

import logging
import os
import signal
import time
from pathlib import Path

log = logging.getLogger(__name__)

PATIENCE = 5.0


def end_stalled(holder: str, lock: Path) -> None:
    """Kill the process of ``holder`` (``place:pid``), if it is the one that has ``lock`` open: numbers of processes are given
    anew. One that may not be killed is left alone.
    """
    number = holder.rpartition(":")[2]
    pid = int(number) if number.isdigit() else 0
    if pid in (0, os.getpid()) or not _has_open(pid, lock):
        return
    log.critical("the engine %s has given no sign of life for too long and is ended", holder)
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError as error:
        log.error("the engine %s cannot be ended: %s", holder, error)
        return
    deadline = time.monotonic() + PATIENCE
    while _has_open(pid, lock) and time.monotonic() < deadline:
        time.sleep(0.05)


def _has_open(pid: int, path: Path) -> bool:
    try:
        wanted = path.stat()
        for one in Path(f"/proc/{pid}/fd").iterdir():
            try:
                found = one.stat()
            except OSError:
                continue
            if (found.st_dev, found.st_ino) == (wanted.st_dev, wanted.st_ino):
                return True
    except OSError:
        return False
    return False
