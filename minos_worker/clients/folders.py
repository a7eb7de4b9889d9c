"""Directories of client commands: one each, gone when it ends; what a worker that was killed left is swept at its start."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from minos_common import names
from minos_worker import durable, owners
from minos_worker.clients.running import kill_marked, new_generation
from minos_worker.layout import Layout


@contextlib.contextmanager
def a_folder(layout: Layout, command_id: str) -> Iterator[tuple[Path, str]]:
    """A directory for one command, which is the worker's own until that gives it away, and the mark for its processes.
    Raises OSError.
    """
    name = names.check("file", command_id)
    layout.clients.mkdir(mode=0o755, exist_ok=True)
    owners.check(layout.clients)
    layout.client_marks.mkdir(mode=0o700, exist_ok=True)
    folder, mark = layout.clients / name, layout.client_marks / name
    generation = new_generation()
    durable.write(mark, generation.encode(), 0o600)
    try:
        folder.mkdir(mode=0o700)
        yield folder, generation
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            mark.unlink()


def sweep(layout: Layout) -> None:
    """End client commands of a worker that was killed, and remove their directories: nobody would ever hear of them."""
    with contextlib.suppress(FileNotFoundError):
        for mark in list(layout.client_marks.iterdir()):
            with contextlib.suppress(OSError):
                kill_marked(mark.read_text().strip())
                shutil.rmtree(layout.clients / mark.name, ignore_errors=True)
                mark.unlink()
