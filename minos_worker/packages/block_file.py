"""A block file on its way: which of its blocks are here and right. A wrong block never counts as here."""

import hashlib
import os
from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path

from minos_common import bits
from minos_common.archives.blocks import Manifest


class BlockFile:
    """The blocks of ``manifest`` in the file ``path``. One thread fills it; others may read ``have`` and the file."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path, self.manifest = path, manifest
        self.offsets = manifest.offsets()
        self.have = 0

    @property
    def count(self) -> int:
        """How many blocks there are."""
        return len(self.manifest.blocks)

    @property
    def size(self) -> int:
        """Bytes of all blocks."""
        return self.offsets[-1]

    @property
    def missing(self) -> int:
        """The blocks that are not here, a bit each."""
        return bits.full(self.count) & ~self.have

    def bytes_of(self, blocks: int) -> int:
        """How many bytes these blocks (a bit each) have."""
        return sum(self.manifest.blocks[number].stored for number in bits.numbers(blocks))

    def open(self, check: Callable[[], None]) -> None:
        """Make the file, with room for all, and look which blocks an earlier try left in it. Raises OSError."""
        there = self.path.exists() and self.path.stat().st_size == self.size
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if not there:
                os.ftruncate(handle, 0)
                if self.size:
                    os.posix_fallocate(handle, 0, self.size)
                return
            for number, block in enumerate(self.manifest.blocks):
                check()
                if self._fits(number, os.pread(handle, block.stored, self.offsets[number])):
                    self.have |= 1 << number
        finally:
            os.close(handle)

    def put(self, number: int, stored: bytes) -> bool:
        """Take a block in, if it is the right one. Raises OSError."""
        if not self._fits(number, stored):
            return False
        with self.path.open("r+b") as file:
            file.seek(self.offsets[number])
            file.write(stored)
        self.have |= 1 << number
        return True

    def covers(self, begin: int, end: int) -> bool:
        """Whether all bytes from ``begin`` up to ``end`` are here and right."""
        if not 0 <= begin < end <= self.size:
            return False
        first, last = bisect_right(self.offsets, begin) - 1, bisect_right(self.offsets, end - 1) - 1
        wanted = bits.full(last - first + 1) << first
        return self.have & wanted == wanted

    def _fits(self, number: int, stored: bytes) -> bool:
        return hashlib.sha256(stored).digest() == self.manifest.blocks[number].sha256
