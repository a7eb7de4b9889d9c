"""The record of an exit: written by the shim into space set aside beforehand, read by whichever worker lives then.

Standard library only: the shim that writes it may be many releases older than the worker that reads it.
"""

import os
import struct
import zlib
from typing import NamedTuple

SIZE = 4096
_MAGIC = b"MINOSEX1"
_BODY = struct.Struct("<8s32sqqqdddq")


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


def prepare(path: str) -> int:
    """Descriptor of a file with room for one record, so that a full disk cannot swallow an exit. Raises OSError."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    os.ftruncate(handle, 0)
    os.posix_fallocate(handle, 0, SIZE)
    os.fsync(handle)
    return handle


def write(handle: int, record: ExitRecord) -> None:
    """Put the record into the prepared file, durably."""
    body = _BODY.pack(
        _MAGIC,
        record.generation.encode(),
        record.pid,
        record.tick,
        record.status,
        record.wall,
        record.clock,
        record.cpu,
        record.max_rss,
    )
    os.pwrite(handle, body + struct.pack("<I", zlib.crc32(body)), 0)
    os.fsync(handle)


def read(path: str) -> ExitRecord | None:
    """The record in the file; None when there is none, or only a torn one."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        data = os.pread(handle, _BODY.size + 4, 0)
    finally:
        os.close(handle)
    if len(data) < _BODY.size + 4 or not data.startswith(_MAGIC):
        return None
    body, check = data[: _BODY.size], data[_BODY.size :]
    if struct.unpack("<I", check)[0] != zlib.crc32(body):
        return None
    fields = _BODY.unpack(body)
    return ExitRecord(fields[1].rstrip(b"\0").decode(), *fields[2:])
