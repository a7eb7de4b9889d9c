"""Batches of figures on disk while the console is away, oldest first, within bounds of bytes and age."""

import re
import zlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from minos_worker import durable
from minos_worker.stats.batch import Batch

_NAME = re.compile(r"(?P<number>\d{12})\.(?P<boot>[0-9a-f]{8})\.(?P<clock>\d{1,12})\.(?P<id>[0-9A-Za-z-]{1,64})\.batch")
_BOOT_LETTERS = 8
_PERIOD = "period"


@dataclass(frozen=True)
class _File:
    path: Path
    size: int
    boot: str
    clock: float


class Spool:
    """Files below ``folder``, whose names tell order and age: nothing is read to know what there is. One thread's.

    Age is counted by the clock that runs since boot, so that a time of day that is set deletes nothing; what was taken
    before this boot counts from its beginning.
    """

    def __init__(self, folder: Path, most_bytes: int, most_seconds: float, boot_id: str) -> None:
        self._folder, self._most_bytes, self._most_seconds = folder, most_bytes, most_seconds
        self._boot = boot_id[:_BOOT_LETTERS]
        self._files: OrderedDict[str, _File] = OrderedDict()
        self._lent: set[str] = set()
        self._next = 0
        self._bytes = 0
        self.dropped = 0

    def __len__(self) -> int:
        """Batches on disk."""
        return len(self._files)

    def open(self) -> None:
        """Find what an earlier worker left. Raises OSError."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        for path in sorted(self._folder.iterdir()):
            name = _NAME.fullmatch(path.name)
            if name is not None:
                file = _File(path, path.stat().st_size, name["boot"], float(name["clock"]))
                self._files[name["id"]] = file
                self._bytes += file.size
                self._next = int(name["number"]) + 1
            elif path.name.endswith(".new"):
                path.unlink(missing_ok=True)  # the worker was killed while it wrote this

    def period(self) -> float | None:
        """The seconds between two samples that the console asked for last; None when it is not known."""
        try:
            seconds = float((self._folder / _PERIOD).read_text())
        except (OSError, ValueError):
            return None
        return seconds if 0.1 <= seconds <= 86400.0 else None

    def keep_period(self, seconds: float) -> None:
        """Remember it for a worker that starts while the console is away. Raises OSError."""
        durable.write(self._folder / _PERIOD, f"{seconds}\n".encode(), 0o600)

    def add(self, batch: Batch, clock: float) -> None:
        """Keep a batch; the oldest make room. ``clock`` is seconds since boot. Raises OSError."""
        if batch.batch_id in self._files:
            return
        data = zlib.compress(msgspec.msgpack.encode(batch), 1)
        boot = batch.boot_id[:_BOOT_LETTERS]
        path = self._folder / f"{self._next:012d}.{boot}.{int(batch.clock)}.{batch.batch_id}.batch"
        if _NAME.fullmatch(path.name) is None:
            raise ValueError(f"a batch cannot be kept as {path.name!r}")
        self._make_room(len(data), clock)
        durable.write(path, data, 0o600)
        self._next += 1
        self._files[batch.batch_id] = _File(path, len(data), boot, float(int(batch.clock)))
        self._bytes += len(data)

    def _make_room(self, size: int, clock: float) -> None:
        while self._files:
            batch_id, oldest = next(iter(self._files.items()))
            age = clock - (oldest.clock if oldest.boot == self._boot else 0.0)
            if self._bytes + size <= self._most_bytes and age <= self._most_seconds:
                return
            self._drop(batch_id)

    def _drop(self, batch_id: str) -> None:
        self.dropped += 1
        self.forget([batch_id])

    def read(self, most: int) -> list[Batch]:
        """The oldest that were not read before, at most so many. What cannot be read counts as dropped."""
        found: list[Batch] = []
        for batch_id, file in list(self._files.items()):
            if len(found) >= most:
                break
            if batch_id in self._lent:
                continue
            try:
                batch = msgspec.msgpack.decode(zlib.decompress(file.path.read_bytes()), type=Batch)
            except (OSError, zlib.error, msgspec.DecodeError, ValueError):
                self._drop(batch_id)
                continue
            self._lent.add(batch_id)
            found.append(batch)
        return found

    def forget(self, batch_ids: Iterable[str]) -> None:
        """The console has these; those that are not here are nothing. What cannot be deleted is left: the console knows it
        when it comes again."""
        for batch_id in batch_ids:
            file = self._files.pop(batch_id, None)
            self._lent.discard(batch_id)
            if file is not None:
                self._bytes -= file.size
                try:
                    file.path.unlink(missing_ok=True)
                except OSError:
                    continue
