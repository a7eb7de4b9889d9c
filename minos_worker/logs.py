"""Log and output files of a task: listed and read by name, and only regular files below the task's own directories."""

import os
import stat
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from minos_worker import below

MOST_FILES = 1000
DEEPEST = 5
MOST_BYTES = 65536
LONGEST_LINE = 2000


class BadLogName(Exception):
    """A name that list-logs would not have given; the text says what is wrong with it."""


class LogFile(NamedTuple):
    """``name`` as read-log takes it ("log/x.log"), size in bytes, time of last change."""

    name: str
    size: int
    modified: float


class Piece(NamedTuple):
    """Part of a file: bytes ``offset`` to ``next_offset`` of ``size``, as text; ``file`` is its device and inode."""

    offset: int
    next_offset: int
    size: int
    text: str
    file: tuple[int, int]


def listing(places: dict[str, Path]) -> list[LogFile]:
    """Log files below ``places`` (first part of the name -> directory), newest first, no links followed."""
    found: list[LogFile] = []
    for place, directory in places.items():
        for file in _walk(None, directory, place, 0):
            found.append(file)
            if len(found) >= MOST_FILES:
                break
    return sorted(found, key=lambda file: file.modified, reverse=True)


def _walk(above: int | None, directory: Path | str, prefix: str, depth: int) -> Iterator[LogFile]:
    try:
        handle = below.open_directory(directory, above)
    except OSError:
        return
    try:
        for name in sorted(os.listdir(handle)):  # noqa: PTH208 - a descriptor
            if name.startswith("."):
                continue
            with suppress(OSError):  # rotated away while we look
                found = os.stat(name, dir_fd=handle, follow_symlinks=False)
                if stat.S_ISREG(found.st_mode):
                    yield LogFile(f"{prefix}/{name}", found.st_size, found.st_mtime)
                elif stat.S_ISDIR(found.st_mode) and depth < DEEPEST:
                    yield from _walk(handle, name, f"{prefix}/{name}", depth + 1)
    finally:
        os.close(handle)


def read(places: dict[str, Path], name: str, offset: int | None, limit: int) -> Piece:
    """Up to ``limit`` bytes from ``offset``, or the last ``limit`` bytes. Raises BadLogName, OSError.

    A character cut in two at the end is left for the next read; bytes that are no UTF-8 show as replacement signs.
    """
    handle = open_log(places, name)
    try:
        info = os.fstat(handle)
        size = info.st_size
        limit = max(1, min(limit, MOST_BYTES))
        begin = max(size - limit, 0) if offset is None else max(offset, 0)
        data = os.pread(handle, limit, begin)
    finally:
        os.close(handle)
    if offset is None and begin:
        skipped = len(data) - len(data.lstrip(bytes(range(0x80, 0xC0)))[: len(data)])
        begin, data = begin + min(skipped, 3), data[min(skipped, 3) :]
    if begin + len(data) < size or offset is not None:
        data = data[: len(data) - _cut_character(data)]
    return Piece(begin, begin + len(data), size, data.decode(errors="replace"), (info.st_dev, info.st_ino))


def _cut_character(data: bytes) -> int:
    """How many bytes at the end are the beginning of a character that is not all there."""
    for back in range(1, min(4, len(data))):
        byte = data[-back]
        if byte >= 0xC0:
            needed = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return back if needed > back else 0
        if byte < 0x80:
            return 0
    return 0


def open_log(places: dict[str, Path], name: str) -> int:
    """Descriptor of a regular file; every part is opened on its own, so no link can lead away.

    Raises BadLogName, OSError.
    """
    place, *parts = name.split("/")
    if place not in places or not parts or "\0" in name:
        raise BadLogName(f"{name!r} names no log: it has to begin with {' or '.join(f'{p}/' for p in places)}")
    if any(part in ("", ".", "..") for part in parts):
        raise BadLogName(f"{name!r} names no log: parts like '..' are not allowed")
    handle = below.descend(places[place], parts[:-1])
    try:
        return below.open_file(parts[-1], handle)
    except IsADirectoryError as error:
        raise BadLogName(f"{name!r} is no regular file") from error
    finally:
        os.close(handle)


def last_lines(path: str | Path, count: int) -> list[str]:
    """The last lines of an output file, each cut to a sane length; empty when it cannot be read."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return []
    try:
        info = os.fstat(handle)
        if not stat.S_ISREG(info.st_mode):
            return []
        text = os.pread(handle, MOST_BYTES, max(info.st_size - MOST_BYTES, 0)).decode(errors="replace")
    except OSError:
        return []
    finally:
        os.close(handle)
    return [line[:LONGEST_LINE] for line in deque(text.splitlines(), maxlen=count)]
