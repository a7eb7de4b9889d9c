"""Captured output of tasks: rotated, cleared and read at the same time without one spoiling the other."""

import os
import re
import stat
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from minos_worker import rotation

FileId = tuple[int, int]
"""Device and inode: what a file stays while its name changes."""

MOST_REMEMBERED = 1000
_ROTATED = re.compile(r"\.\d+$")


class Cut(NamedTuple):
    """When the beginning of a file was taken away last (epoch seconds), and whether an operator had it cleared."""

    at: float
    cleared: bool


class WasCut(Exception):
    """What is read is not there any more; the text says why."""


class Reader:
    """A file as it was when it was opened: its first ``size`` bytes, wherever rotation carries them meanwhile."""

    def __init__(self, handle: int, lock: threading.Lock) -> None:
        info = os.fstat(handle)
        self.size, self.file = info.st_size, (info.st_dev, info.st_ino)
        self._handle, self._lock = handle, lock
        self._base = 0
        """Bytes that rotation has taken off the file's head since."""
        self._moved: list[tuple[int, int]] = []
        """(end, descriptor) of the copies that hold them, in order."""
        self._reached = info.st_size
        self._cleared = False

    def read(self, offset: int, limit: int) -> bytes:
        """Up to ``limit`` bytes from ``offset``, at least one before the end. Raises WasCut, OSError."""
        limit = min(limit, self.size - offset)
        if limit <= 0:
            return b""
        with self._lock:
            begin = 0
            for end, copy in self._moved:
                if offset < end:
                    return self._some(os.pread(copy, min(limit, end - offset), offset - begin))
                begin = end
            if self._cleared:
                raise WasCut("it was cleared while it was read")
            reaches = os.fstat(self._handle).st_size + self._base
            if reaches < self._reached:
                raise WasCut("it was cut by somebody else while it was read")
            self._reached = reaches
            return self._some(os.pread(self._handle, limit, offset - self._base))

    def _some(self, data: bytes) -> bytes:
        if not data:
            raise WasCut("it was cut by somebody else while it was read")
        return data

    def moved(self, copy: int, count: int) -> None:
        """Rotation took ``count`` bytes off the head; the open ``copy`` holds them and is closed with this reader."""
        self._base += count
        self._moved.append((self._base, copy))

    def cleared(self) -> None:
        """An operator had it emptied."""
        self._cleared = True

    def close(self) -> None:
        """Give the copies back; the file itself is its opener's."""
        for _, copy in self._moved:
            os.close(copy)
        self._moved = []


class Outputs:
    """One lock for whoever takes something away from captured output. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._readers: list[Reader] = []
        self._cuts: OrderedDict[FileId, Cut] = OrderedDict()

    @contextmanager
    def reading(self, handle: int) -> Iterator[Reader]:
        """Read the open file ``handle`` as it is now."""
        with self._lock:
            reader = Reader(handle, self._lock)
            self._readers.append(reader)
        try:
            yield reader
        finally:
            with self._lock:
                self._readers.remove(reader)
                reader.close()

    def cut(self, file: FileId) -> Cut | None:
        """The last cut of a file since this worker started."""
        return self._cuts.get(file)

    def rotate(self, path: Path, limit: int, keep: int) -> bool:
        """As ``rotation.rotate``; who reads the file goes on in the copy. Raises OSError."""
        if path.stat().st_size <= limit:
            return False
        with self._lock:
            info = path.stat()
            moved = rotation.rotate(path, limit, keep)
            if not moved:
                return False
            self._remember((info.st_dev, info.st_ino), cleared=False)
            for reader in self._readers:
                if reader.file == (info.st_dev, info.st_ino):
                    reader.moved(os.open(path.with_name(f"{path.name}.1"), os.O_RDONLY | os.O_CLOEXEC), moved)
        return True

    def clear(self, directory: Path, may_delete: Callable[[str], bool]) -> tuple[int, int]:
        """Delete rotated output below ``directory``, and the files that ``may_delete`` names once they are listed; empty
        all others, which somebody may be writing to. (files, bytes) that there were. Raises OSError.
        """
        with self._lock:
            sizes = _sizes(directory)
            for path in sizes:
                if _ROTATED.search(path.name) or may_delete(str(path)):
                    path.unlink(missing_ok=True)
                else:
                    self._empty(path)
        return sum(size > 0 for size in sizes.values()), sum(sizes.values())

    def _empty(self, path: Path) -> None:
        try:
            handle = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            return
        try:
            info = os.fstat(handle)
            if stat.S_ISREG(info.st_mode) and info.st_size:
                # The task writes to the end (O_APPEND), so its next line begins the file and leaves no hole.
                os.ftruncate(handle, 0)
                self._remember((info.st_dev, info.st_ino), cleared=True)
                for reader in self._readers:
                    if reader.file == (info.st_dev, info.st_ino):
                        reader.cleared()
        finally:
            os.close(handle)

    def _remember(self, file: FileId, cleared: bool) -> None:
        self._cuts.pop(file, None)
        self._cuts[file] = Cut(time.time(), cleared)
        if len(self._cuts) > MOST_REMEMBERED:
            self._cuts.popitem(last=False)


def _sizes(directory: Path) -> dict[Path, int]:
    """Bytes of each regular file that is nobody's half-done work; none when the directory is missing."""
    sizes: dict[Path, int] = {}
    with suppress(FileNotFoundError):
        for entry in list(os.scandir(directory)):
            info = entry.stat(follow_symlinks=False)
            if stat.S_ISREG(info.st_mode) and not entry.name.startswith("."):
                sizes[Path(entry.path)] = info.st_size
    return sizes
