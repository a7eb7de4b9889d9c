"""Runs one client command: feeds its input, hands its output on, and leaves nothing of it behind."""

import contextlib
import os
import select
import signal
import subprocess
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from minos_common.words import Output
from minos_worker.clients.clients import Running
from minos_worker.keeper.spawn import environment
from minos_worker.process import tree
from minos_worker.task_user import TaskUser

_WAIT = 0.1
LAST_WORDS_SECONDS = 30.0
"""So long the end of the output is told again when the console does not answer; its report has the last of it anyway."""


class Order(NamedTuple):
    """What to run: a script in ``folder``, as ``user`` (None: as we are). ``generation`` marks everything it starts."""

    command_id: str
    script: Path
    folder: Path
    user: TaskUser | None
    generation: str


def new_generation() -> str:
    """A mark that no other process has."""
    return uuid.uuid4().hex


def kill_marked(generation: str) -> None:
    """Kill everything that carries the mark."""
    table = tree.all_processes()
    tree.kill({pid: table[pid].tick for pid in tree.marked(generation, table)})


class Runner:
    """One run of an order. ``say`` takes its output; ``running`` is what others give it and note of it."""

    def __init__(self, order: Order, running: Running, say: Callable[[Output], None]) -> None:
        self._order, self._running, self._say = order, running, say
        self._reads = True

    def run(self, check: Callable[[], None]) -> int:
        """Run to the end; the exit code, negative for a signal. ``check`` is called several times a second and may raise;
        then, and at the end, everything that was started is killed. Raises OSError.
        """
        read, write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        os.set_blocking(write, True)
        try:
            process = self._start(write)
        except BaseException:
            os.close(read)
            raise
        finally:
            os.close(write)
        try:
            while process.poll() is None:
                self._attend(process, read)
                check()
            return process.wait()
        finally:
            _end(process, self._order.generation)
            self._drain(read, everything=True)
            os.close(read)

    def last_words(self, wait: Callable[[float], None]) -> None:
        """Tell what is left of its output, unless the console stays silent. ``wait`` sleeps and may raise."""
        deadline = time.monotonic() + LAST_WORDS_SECONDS
        while not self._running.outflow.is_empty and time.monotonic() < deadline:
            self._tell()
            wait(0.02)

    def _start(self, write: int) -> "subprocess.Popen[bytes]":
        order, user = self._order, self._order.user
        surrounding = environment(order.generation, "", order.folder, user)
        surrounding.pop("MINOS_START_TIME")
        process = subprocess.Popen(
            ["/bin/bash", str(order.script)],
            cwd=order.folder,
            env=surrounding,
            stdin=subprocess.PIPE,
            stdout=write,
            stderr=write,
            start_new_session=True,
            bufsize=0,
            umask=0o027,
            user=user.uid if user else None,
            group=user.gid if user else None,
            extra_groups=user.groups if user else None,
        )
        assert process.stdin is not None
        os.set_blocking(process.stdin.fileno(), False)
        return process

    def _attend(self, process: "subprocess.Popen[bytes]", read: int) -> None:
        """Wait a moment for something to read or write, and do that."""
        stdin = process.stdin
        assert stdin is not None
        with self._running.lock:
            wants = self._running.outflow.wants(time.monotonic())
            has_input = bool(self._running.waiting)
            is_over = self._running.input_ended and not has_input
        if self._reads and is_over:
            self._reads = False
            stdin.close()
        writers = [stdin.fileno()] if self._reads and has_input else []
        readable, writable, _ = select.select([read] if wants else [], writers, [], _WAIT)
        if writable:
            self._feed(stdin.fileno())
        if readable:
            self._drain(read)
        self._tell()

    def _feed(self, stdin: int) -> None:
        """Give it as much as it takes now."""
        with self._running.lock:
            waiting = self._running.waiting
            try:
                del waiting[: os.write(stdin, bytes(waiting[:65536]))]
            except BlockingIOError:
                return
            except OSError:  # it closed its input, or has ended
                waiting.clear()
                self._running.input_ended = True

    def _drain(self, read: int, everything: bool = False) -> None:
        """Read what is there; at the end without asking whether it can be told."""
        running = self._running
        with contextlib.suppress(BlockingIOError), running.lock:
            while (everything or running.outflow.wants(time.monotonic())) and (data := os.read(read, 65536)):
                running.outflow.came(data)

    def _tell(self) -> None:
        with self._running.lock:
            piece = self._running.outflow.due(time.monotonic())
        if piece is not None:
            self._say(Output(self._order.command_id, *piece))


def _end(process: "subprocess.Popen[bytes]", generation: str) -> None:
    """Whatever it started is killed with it, and what a child of it started and left as well."""
    table = tree.all_processes()
    found = tree.descendants([process.pid], table) | tree.marked(generation, table)
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    tree.kill({pid: table[pid].tick for pid in found if pid in table})
    process.wait(10)
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()
