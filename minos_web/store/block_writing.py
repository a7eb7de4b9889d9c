"""Makes the block file of a package that arrived: its members' content in blocks, see ``minos_common.archives.blocks``."""

import contextlib
import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO

from minos_common.archives.blocks import FORMAT, LARGEST_BLOCK, Block, Manifest, Member, encoded, member_of
from minos_common.archives.entries import Entry

OWN_BLOCK = 256 * 1024
"""A file of so many bytes begins a block of its own, so that it can be used again whatever stands around it."""
GATHERED = 1024**2
"""Smaller files share a block until it has so many bytes."""
LEAST_GATHERED = 64 * 1024
LEVEL = 3
ROOM = 1.3
"""Times the archive's size that its blocks take: zstandard is no worse than gzip; of what bzip2 or xz do far better there are
none."""


class BlockWriter:
    """Takes an archive's members in turn and writes its blocks to ``file``."""

    def __init__(self, file: IO[bytes]) -> None:
        from backports import zstd

        self._file = file
        self._compress = zstd.ZstdCompressor(level=LEVEL).compress
        self._whole = zstd.ZstdCompressor.FLUSH_FRAME
        self._buffer = bytearray()
        self._members: list[Member] = []
        self._blocks: list[Block] = []
        self._entry: Entry | None = None
        self._size = 0
        self._content = hashlib.sha256()

    def begin(self, entry: Entry) -> None:
        """The next member; its content follows with ``piece``."""
        self._end_member()
        self._entry, self._size, self._content = entry, 0, hashlib.sha256()
        if entry.kind == "file" and entry.size >= OWN_BLOCK:
            self._cut()

    def piece(self, data: bytes) -> None:
        """Some content of the member at hand."""
        self._size += len(data)
        self._content.update(data)
        self._buffer += data
        while len(self._buffer) >= LARGEST_BLOCK:
            self._write(bytes(self._buffer[:LARGEST_BLOCK]))
            del self._buffer[:LARGEST_BLOCK]

    def finish(self, sha256: str, archive_size: int) -> Manifest:
        """Write what is left; what the file holds. ``sha256`` and ``archive_size`` are those of the archive."""
        self._end_member()
        self._cut()
        return Manifest(FORMAT, sha256, archive_size, self._members, self._blocks)

    def _end_member(self) -> None:
        entry, self._entry = self._entry, None
        if entry is None:
            return
        self._members.append(member_of(entry._replace(size=self._size)))
        if entry.kind == "file" and (self._size >= OWN_BLOCK or self._is_full()):
            self._cut()

    def _is_full(self) -> bool:
        """Whether the small files gathered so far make a block. That depends on the file at hand, too: behind one that was
        added or changed, the cuts fall where they fell before.
        """
        gathered = len(self._buffer)
        return gathered >= GATHERED or (gathered >= LEAST_GATHERED and self._content.digest()[0] < 32)

    def _cut(self) -> None:
        if self._buffer:
            self._write(bytes(self._buffer))
            self._buffer.clear()

    def _write(self, raw: bytes) -> None:
        stored = self._compress(raw, self._whole)  # type: ignore[arg-type]
        self._file.write(stored)
        self._blocks.append(Block(hashlib.sha256(stored).digest(), len(stored), len(raw)))


class Spare:
    """A BlockWriter into a file that one can do without: on a disk that is full, or beyond ``most`` bytes, there is none, and
    nothing else fails.
    """

    def __init__(self, path: Path, most: int) -> None:
        """Raises OSError when the file cannot even be made."""
        self._path, self._most, self._broken = path, most, False
        self._file = path.open("wb")
        self._writer = BlockWriter(self._file)

    def begin(self, entry: Entry) -> None:
        """The next member."""
        self._do(lambda writer: writer.begin(entry))

    def piece(self, data: bytes) -> None:
        """Some content of the member at hand."""
        self._do(lambda writer: writer.piece(data))

    def finish(self, sha256: str, archive_size: int) -> None:
        """Write the rest, and the manifest beside it; it is there only when all blocks are."""

        def close(writer: BlockWriter) -> None:
            manifest = writer.finish(sha256, archive_size)
            self._file.flush()
            os.fsync(self._file.fileno())
            manifest_beside(self._path).write_bytes(encoded(manifest))

        self._do(close)
        with contextlib.suppress(OSError):  # what a full disk did not take is tried once more
            self._file.close()

    def _do(self, action: Callable[[BlockWriter], None]) -> None:
        if self._broken:
            return
        try:
            action(self._writer)
            if self._file.tell() > self._most:
                raise OSError(errno.EFBIG, "blocks take far more than the archive")
        except OSError:
            self._broken = True
            for path in (self._path, manifest_beside(self._path)):
                path.unlink(missing_ok=True)


def most_for(size: int) -> int:
    """Bytes that the blocks of an archive of ``size`` bytes may take."""
    return int(size * ROOM) + LARGEST_BLOCK


def manifest_beside(blocks: Path) -> Path:
    """Where the manifest of a block file lies."""
    return blocks.with_suffix(".manifest")
