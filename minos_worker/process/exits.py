"""Reads how a task ended: from the record that its shim wrote, perhaps of an earlier release and while no worker was
there, or from the shim's name, where the disk did not take the record.
"""

import os
import struct
import zlib
from pathlib import Path
from typing import NamedTuple

from minos_worker.process.identity import ProcessId, is_alive
from minos_worker.process.shim import EXIT_BODY, EXIT_MAGIC, EXIT_NAME


class ExitRecord(NamedTuple):
    """How the main process of a task ended. ``status`` is the raw wait status; cpu in seconds, memory in KiB."""

    generation: str
    pid: int
    tick: int
    status: int
    wall: float
    clock: float
    cpu: float
    max_rss: int


def read(path: str) -> ExitRecord | None:
    """The record in the file; None when there is none, or only a torn one."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        data = os.pread(handle, EXIT_BODY.size + 4, 0)
    finally:
        os.close(handle)
    if len(data) < EXIT_BODY.size + 4 or not data.startswith(EXIT_MAGIC):
        return None
    body, check = data[: EXIT_BODY.size], data[EXIT_BODY.size :]
    if struct.unpack("<I", check)[0] != zlib.crc32(body):
        return None
    fields = EXIT_BODY.unpack(body)
    return ExitRecord(fields[1].rstrip(b"\0").decode(), *fields[2:])


def status_in_name(shim: ProcessId) -> int | None:
    """The raw wait status of the task's main process, as its living shim is called; None before it has ended."""
    try:
        name = Path(f"/proc/{shim.pid}/comm").read_bytes().rstrip(b"\n")
    except OSError:
        return None
    status = name.removeprefix(EXIT_NAME)
    return int(status) if name.startswith(EXIT_NAME) and status.isdigit() and is_alive(shim) else None
