"""Files that come in pieces, below <var>/packages/.arrivals, named by the number of their arrival."""

import contextlib
import errno
import fcntl
import hashlib
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from minos_web.store.arriving import NoRoom, check_room

PIECE_BYTES = 8 * 1024**2
"""Bytes of one piece at most."""
RECENT_SECONDS = 3600.0


class Misplaced(Exception):
    """A piece that does not continue what is there; ``have`` bytes are."""

    def __init__(self, have: int) -> None:
        super().__init__(f"{have} bytes are here")
        self.have = have


class Damaged(ValueError):
    """A piece whose checksum is another than the one that came with it."""


@dataclass(frozen=True)
class Pieces:
    """The files of all arrivals; ``keep_free`` bytes of the disk stay free. Several processes may use one directory."""

    directory: Path
    keep_free: int

    def path(self, number: int) -> Path:
        """Where the file of an arrival lies."""
        return self.directory / str(number)

    def have(self, number: int) -> int:
        """How many bytes of it are here."""
        try:
            return self.path(number).stat().st_size
        except FileNotFoundError:
            return 0

    def begin(self, number: int, size: int) -> None:
        """Make room for a file of ``size`` bytes. Raises NoRoom, OSError."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_room(self.directory, size - self.have(number), self.keep_free)

    def put(self, number: int, offset: int, data: bytes, sha256: str) -> int:
        """Take a piece in; how many bytes are here now. A piece that is here already is a success. Raises Misplaced,
        Damaged, NoRoom, OSError.
        """
        if hashlib.sha256(data).hexdigest() != sha256.strip().lower():
            raise Damaged("the piece has another SHA-256 than announced: it was damaged on its way; send it again")
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.path(number), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            have = os.fstat(handle).st_size
            if offset + len(data) == have:
                return have
            if offset != have:
                raise Misplaced(have)
            check_room(self.directory, len(data), self.keep_free)
            _append(handle, data, offset)
            return offset + len(data)
        finally:
            os.close(handle)

    def drop(self, number: int) -> None:
        """Delete the file of an arrival."""
        self.path(number).unlink(missing_ok=True)

    def forget_others(self, wanted: Iterable[int]) -> None:
        """Delete the files of all arrivals but these, and those that somebody may have begun just now."""
        keep = {str(number) for number in wanted}
        for path in self.directory.iterdir() if self.directory.is_dir() else ():
            with contextlib.suppress(FileNotFoundError):
                old = time.time() - path.stat().st_mtime > RECENT_SECONDS
                if old and path.is_file() and path.name.partition(".")[0] not in keep:
                    path.unlink()


def _append(handle: int, data: bytes, offset: int) -> None:
    view = memoryview(data)
    at = offset
    try:
        while view:
            written = os.pwrite(handle, view, at)
            view, at = view[written:], at + written
    except OSError as error:
        os.ftruncate(handle, offset)  # half a piece would be taken for something that was sent
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoom("file", "the console's disk is full") from error
        raise
