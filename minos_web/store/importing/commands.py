"""Runs a command that brings a package; what it prints is told, and it ends with all it started when nobody wants it."""

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from minos_web.store.importing.source import CannotImport

LAST_LINES = 20
LOOK_SECONDS = 0.5


def run(command: Sequence[str], folder: Path, say: Callable[[str], None]) -> None:
    """Run ``command`` in ``folder``. ``say`` is told the last line it printed, often, and may raise: the command is killed
    then. Raises CannotImport with its last lines when it cannot be run or ends badly.
    """
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise CannotImport(f"{command[0]} cannot be run in {folder}: {error.strerror}") from error
    lines: list[str] = []
    try:
        for text in _printed(process):
            lines = [*lines, *text][-LAST_LINES:]
            say(lines[-1][:300] if lines else "")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
    if code:
        raise CannotImport(f"{command[0]} ended with exit code {code}:\n" + "\n".join(lines))


def _printed(process: "subprocess.Popen[bytes]"):  # type: ignore[no-untyped-def]
    """New lines, again and again until the command ends."""
    assert process.stdout is not None
    rest = b""
    with selectors.DefaultSelector() as selector, process.stdout as out:
        selector.register(out, selectors.EVENT_READ)
        while True:
            began = time.monotonic()
            ready = selector.select(LOOK_SECONDS)
            piece = os.read(out.fileno(), 65536) if ready else b""
            *whole, rest = (rest + piece).split(b"\n")
            yield [line.decode("utf-8", "replace").rstrip() for line in whole if line.strip()]
            if ready and not piece:
                if rest.strip():
                    yield [rest.decode("utf-8", "replace").rstrip()]
                return
            if process.poll() is not None and not ready and time.monotonic() - began >= LOOK_SECONDS / 2:
                return  # something it left behind still holds its output
