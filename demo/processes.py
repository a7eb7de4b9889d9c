"""Starts and stops the demo's daemons; each leaves a pid file that names its process beyond doubt."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path


class DidNotStart(RuntimeError):
    """A daemon ended at once; the message holds the end of its log."""


def start(name: str, command: list[str], folder: Path) -> bool:
    """Start a daemon detached from this terminal, unless it runs already. True when it was started now."""
    folder.mkdir(parents=True, exist_ok=True)
    record = folder / f"{name}.pid"
    if running(record):
        return False
    log = folder / f"{name}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    record.write_text(json.dumps({"pid": process.pid, "tick": _tick(process.pid)}))
    try:
        process.wait(timeout=0.5)
    except subprocess.TimeoutExpired:
        return True
    raise DidNotStart(f"{name} ended at once:\n" + "\n".join(log.read_text().splitlines()[-15:]))


def stop(record: Path, patience: float = 20.0) -> bool:
    """Ask the process of a pid file to end, then kill it. True when it was running."""
    pid = running(record)
    if pid is None:
        record.unlink(missing_ok=True)
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while running(record) and time.monotonic() < deadline:
        time.sleep(0.05)
    if running(record):
        os.kill(pid, signal.SIGKILL)
    record.unlink(missing_ok=True)
    return True


def running(record: Path) -> int | None:
    """Pid of the process that a pid file names, if it is that very process and not a later one with its number."""
    try:
        known = json.loads(record.read_text())
    except (OSError, ValueError):
        return None
    tick = _tick(known["pid"])
    return known["pid"] if tick is not None and tick == known["tick"] else None


def _tick(pid: int) -> int | None:
    """Start tick of a process since boot; None when there is none, or only its remains."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else int(fields[19])
