"""Which block files lie on this host, whole or on their way: what other hosts, and later packages, may take blocks from."""

import hashlib
import threading
from pathlib import Path
from typing import NamedTuple

from minos_common import bits
from minos_common.archives.blocks import decoded
from minos_common.archives.entries import BadArchive
from minos_worker.packages.block_file import BlockFile


class Own(NamedTuple):
    """A block that lies in a file of this host."""

    file: BlockFile
    number: int


class Shelf:
    """Block files by their manifest's SHA-256 (hex). Safe from any thread."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._files: dict[str, list[BlockFile]] = {}
        self._looked = False

    def put(self, manifest_sha256: str, file: BlockFile) -> None:
        """Let others have what is in ``file``, now and as it fills; beside other files of the same blocks."""
        with self._lock:
            self._files.setdefault(manifest_sha256, []).append(file)

    def settle(self, file: BlockFile, path: Path) -> None:
        """Give a file its final name; nobody looks for it in between."""
        with self._lock:
            file.path.rename(path)
            file.path = path

    def find(self, manifest_sha256: str) -> BlockFile | None:
        """The file of these blocks that has the most of them."""
        self._look()
        with self._lock:
            there = [file for file in self._files.pop(manifest_sha256, ()) if file.path.exists()]
            if there:
                self._files[manifest_sha256] = there
            return max(there, key=lambda file: file.have.bit_count(), default=None)

    def owned(self) -> dict[bytes, Own]:
        """Every block that lies here, by the SHA-256 of its bytes."""
        self._look()
        with self._lock:
            files = [file for several in self._files.values() for file in several if file.path.exists()]
        return {
            block.sha256: Own(file, number)
            for file in files
            for number, block in enumerate(file.manifest.blocks)
            if file.have >> number & 1
        }

    def _look(self) -> None:
        """Once, find what earlier workers left. A file of its final name was whole and right when it got it."""
        with self._lock:
            if self._looked:
                return
            self._looked = True
            for path in self._root.glob("*/*/*/.*.manifest"):
                data, blocks = path.read_bytes(), path.with_suffix(".blocks")
                sha256 = hashlib.sha256(data).hexdigest()
                if not blocks.exists():
                    continue
                try:
                    file = BlockFile(blocks, decoded(data, sha256))
                except BadArchive:
                    continue
                file.have = bits.full(file.count)
                self._files.setdefault(sha256, []).append(file)
