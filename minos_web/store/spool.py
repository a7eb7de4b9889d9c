"""The spool: log files that workers bring for somebody to download, below <var>/logs until they are forgotten.

A file being brought is ``<id>-<run>-<size>.part``, one that is there ``<id>-<run>-<size>.whole``: the names hold all that
has to be known of them, so that there is nothing that could say otherwise.
"""

import errno
import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

RESTS_SECONDS = 300.0
"""A whole file is not thrown out for another one before it has lain this long."""
_NAME = re.compile(r"(\d{1,18})-([0-9a-f]{1,64})-(\d{1,18})\.(part|whole)")


class NoRoom(Exception):
    """The file does not fit; the text says what would have to change."""


class Misplaced(Exception):
    """A piece that does not continue what is there; ``have`` bytes are."""

    def __init__(self, have: int) -> None:
        super().__init__(f"{have} bytes are here")
        self.have = have


class Piece(NamedTuple):
    """Where some bytes belong: of which try to send the file (``run``), from ``offset``, of a file of ``size`` bytes."""

    run: str
    offset: int
    size: int


@dataclass(frozen=True)
class Spooled:
    """A file in the spool, with ``have`` of its ``size`` bytes."""

    number: int
    run: str
    size: int
    whole: bool
    path: Path
    have: int
    changed: float


@dataclass(frozen=True)
class Spool:
    """Files by the number of the question that asked for them. All files together take ``most_bytes`` at most, and
    ``keep_free`` bytes of the disk stay free. Several processes may use one directory.
    """

    directory: Path
    most_bytes: int
    keep_free: int

    def put(self, number: int, piece: Piece, data: bytes) -> int:
        """Take a piece in; how many bytes of its run are here now. A piece that is here already is a success; one from
        the file's beginning begins anew. Raises Misplaced, NoRoom, OSError.
        """
        self.directory.mkdir(mode=0o700, exist_ok=True)
        with self._alone():
            mine = [one for one in self.files() if one.number == number]
            known = next((one for one in mine if (one.run, one.size) == (piece.run, piece.size)), None)
            have = known.have if known else 0
            if known is not None and piece.offset + len(data) == have and (data or known.whole):
                return have
            if piece.offset != have or have + len(data) > piece.size:
                raise Misplaced(have)
            if known is None:
                for old in mine:
                    old.path.unlink(missing_ok=True)
                self._make_room(piece.size)
            self._check_disk(piece.size - have)
            return self._append(number, piece, data)

    def find(self, number: int) -> Spooled | None:
        """The file of a question, in whatever condition."""
        return next((one for one in self.files() if one.number == number), None)

    def files(self) -> list[Spooled]:
        """Everything in the spool."""
        return list(self._files())

    def forget_others(self, wanted: Iterable[int]) -> None:
        """Delete the files of all questions but these."""
        keep = set(wanted)
        for one in self.files():
            if one.number not in keep:
                one.path.unlink(missing_ok=True)

    def _files(self) -> Iterator[Spooled]:
        if not self.directory.is_dir():
            return
        for path in self.directory.iterdir():
            found = _NAME.fullmatch(path.name)
            with suppress(FileNotFoundError):
                if found:
                    info = path.stat()
                    number, run, size, kind = found.groups()
                    yield Spooled(int(number), run, int(size), kind == "whole", path, info.st_size, info.st_mtime)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One piece at a time, whichever process takes it."""
        handle = os.open(self.directory / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _make_room(self, size: int) -> None:
        """For a new file: older ones that had their time make way. Raises NoRoom."""
        if size > self.most_bytes:
            raise NoRoom(
                f"the file has {size} bytes and the console keeps {self.most_bytes} at most (minos.log_spool_bytes);"
                " fetch it from the host itself, or raise that"
            )
        files = sorted(self.files(), key=lambda one: one.changed)
        used = sum(one.size for one in files)
        for one in files:
            if used + size > self.most_bytes and one.whole and time.time() - one.changed > RESTS_SECONDS:
                one.path.unlink(missing_ok=True)
                used -= one.size
        if used + size > self.most_bytes:
            raise NoRoom(
                f"other log files take {used} of the {self.most_bytes} bytes that the console keeps"
                " (minos.log_spool_bytes); ask again in a few minutes"
            )

    def _check_disk(self, more: int) -> None:
        free = shutil.disk_usage(self.directory).free
        if free - more < self.keep_free:
            raise NoRoom(
                f"the console's disk has {free} bytes free, {more} more are coming and {self.keep_free} must stay free"
                " (minos.keep_free_bytes)"
            )

    def _append(self, number: int, piece: Piece, data: bytes) -> int:
        part = self.directory / f"{number}-{piece.run}-{piece.size}.part"
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            _write(handle, data, piece.offset)
        except OSError as error:
            os.ftruncate(handle, piece.offset)  # half a piece would be taken for something that was never sent
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise NoRoom("the console's disk is full") from error
            raise
        finally:
            os.close(handle)
        have = piece.offset + len(data)
        if have == piece.size:
            part.rename(part.with_suffix(".whole"))
        return have


def _write(handle: int, data: bytes, offset: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(handle, view, offset)
        view, offset = view[written:], offset + written
