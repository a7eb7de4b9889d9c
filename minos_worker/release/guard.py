"""The guard of a trial: a process of the old release that sees to it that a worker which does not come up, does.

It is started just before the worker turns into the new release, and ends when the trial is over. Without it a broken
release on a host where nothing restarts workers would leave the host without one.
"""

import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import filelock

from minos_worker.process.identity import ProcessId, is_alive
from minos_worker.release import record as records
from minos_worker.release.entry import command_line

log = logging.getLogger(__name__)

GRACE_SECONDS = 10.0
"""A worker that is alive gives its release up by itself; so long after that the guard takes it for hung."""
DEAD_SECONDS = 5.0
"""A worker that died may be restarted by whoever looks after it (systemd); so long the guard waits for that."""


def start(ini: Path) -> None:
    """Have the guard watch this very process. Returns when it stands on its own feet."""
    # The program itself, in the way this process was started: sys.orig_argv without the arguments of the worker.
    program = [sys.executable, *sys.orig_argv[1 : len(sys.orig_argv) - len(sys.argv) + 1]]
    subprocess.run([*program, str(ini), "--guard", str(os.getpid())], stdin=subprocess.DEVNULL, check=False, timeout=30)


def detach_and_watch(worker: Path, arguments: list[str], pid: int) -> None:
    """In the guard's process: let the starter go on, then watch. ``arguments`` start a worker."""
    watched = ProcessId(pid, _tick(pid))
    if os.fork():
        os._exit(0)
    os.setsid()
    try:
        watch(worker, arguments, watched)
    finally:
        os._exit(0)


def watch(worker: Path, arguments: list[str], process: ProcessId) -> None:
    """Look after the trial until it is over one way or the other."""
    dead_since: float | None = None
    while True:
        time.sleep(0.25)
        record = records.load(worker)
        if record.trial is None or record.trial.stopped:
            return
        if time.clock_gettime(time.CLOCK_BOOTTIME) > record.trial.until + GRACE_SECONDS:
            _end(worker, arguments, process, "it hung: it neither reached the console nor gave up by itself")
            return
        if is_alive(process) or _somebody_works(worker):
            dead_since = None
        elif dead_since is None:
            dead_since = time.monotonic()
        elif time.monotonic() - dead_since > DEAD_SECONDS:
            _end(worker, arguments, process, "it died, and nothing started it again")
            return


def _end(worker: Path, arguments: list[str], process: ProcessId, reason: str) -> None:
    """Back to the release before, and see to it that it runs."""
    record = records.given_up(records.load(worker), reason, time.time())
    records.save(worker, record)
    log.error("the release on trial is given up: %s", reason)
    if is_alive(process):
        os.kill(process.pid, signal.SIGKILL)
    until = time.monotonic() + DEAD_SECONDS
    while time.monotonic() < until:
        time.sleep(0.25)
        if not is_alive(process) and _somebody_works(worker):
            return  # whoever looks after the worker has started it again
    command = command_line(worker, record, arguments)
    if command:
        subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)


def _somebody_works(worker: Path) -> bool:
    """Whether a worker holds the lock of this root."""
    lock = filelock.FileLock(worker / "lock", timeout=0)
    try:
        with lock:
            return False
    except filelock.Timeout:
        return True


def _tick(pid: int) -> int:
    text = Path(f"/proc/{pid}/stat").read_bytes()
    return int(text[text.rfind(b")") + 2 :].split()[19])
