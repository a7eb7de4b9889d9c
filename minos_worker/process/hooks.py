"""Short processes of our own: post.sh after an exit, and what is run once at bootstrap."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from minos_worker.process import tree
from minos_worker.task_user import TaskUser

_OUTPUT_BYTES = 16384


class Ended(NamedTuple):
    """How it ended. ``code`` is negative for a signal, None when it was stopped for taking too long."""

    code: int | None
    output: str


def run(
    argv: list[str],
    cwd: Path,
    environment: dict[str, str],
    seconds: float,
    check: Callable[[], None] = lambda: None,
    user: TaskUser | None = None,
) -> Ended:
    """Run ``argv`` to its end as ``user`` (None: as we are), at most ``seconds``; output is the last of stdout and
    stderr together.

    ``check`` is called several times a second and may raise; then, and when time is over, everything that was started
    is killed. Raises OSError.
    """
    read, write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    os.set_blocking(write, True)
    try:
        process = subprocess.Popen(
            argv,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=write,
            stderr=write,
            start_new_session=True,
            umask=0o027,
            user=user.uid if user else None,
            group=user.gid if user else None,
            extra_groups=user.groups if user else None,
        )
    except BaseException:
        os.close(read)
        raise
    finally:
        os.close(write)
    tail = bytearray()
    deadline = time.monotonic() + seconds
    try:
        while process.poll() is None and time.monotonic() < deadline:
            _drain(read, tail)
            check()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
        code = process.poll()
    finally:
        _end(process)
        _drain(read, tail)
        os.close(read)
    return Ended(code, tail.decode(errors="replace"))


def _drain(handle: int, tail: bytearray) -> None:
    with contextlib.suppress(BlockingIOError):
        while data := os.read(handle, 65536):
            tail += data
            del tail[:-_OUTPUT_BYTES]


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Kill it with all its descendants."""
    if process.poll() is not None:
        return
    table = tree.all_processes()
    found = tree.descendants([process.pid], table)
    # The group first, as one: a shell that outlives its children writes of their end into our output.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    tree.kill({pid: table[pid].tick for pid in found})
    process.wait(10)
