"""A block file: the content of a package, cut into blocks that any host can hand to another. PURE but for the file it reads.

What arrived as tar or zip cannot be taken in parts: one changed file changes every compressed byte behind it. A block file is the
same members' content, one after the other, cut where files begin, each block compressed by itself (zstandard) and known by
the SHA-256 of its stored bytes. A host checks every block by itself, whoever gave it, and a block that another version of the
package had too need not come again. The manifest, whose own SHA-256 the console tells over the authenticated wire, says
which blocks there are and which members they make.
"""

import hashlib
from collections.abc import Iterator
from itertools import accumulate
from typing import IO

import msgspec

from minos_common.archives.entries import BadArchive, Entry

FORMAT = 1
LARGEST_BLOCK = 4 * 1024**2
"""Bytes of content in one block at most."""
MOST_MANIFEST = 64 * 1024**2
"""Bytes of a manifest at most: some of 200,000 members stay below."""


class Block(msgspec.Struct, array_like=True, frozen=True):
    """``sha256`` is that of its ``stored`` bytes, ``raw`` how many they are when unpacked."""

    sha256: bytes
    stored: int
    raw: int


class Member(msgspec.Struct, array_like=True, frozen=True):
    """An Entry; its texts as bytes, as names need not be UTF-8."""

    name: bytes
    kind: str
    size: int = 0
    executable: bool = False
    target: bytes = b""


class Manifest(msgspec.Struct, array_like=True, frozen=True):
    """What a block file holds. ``sha256`` (hex) is that of the archive it was made from, ``archive_size`` its bytes."""

    format: int
    sha256: str
    archive_size: int
    members: list[Member]
    blocks: list[Block]

    def offsets(self) -> list[int]:
        """Where each block begins in the file, and where the last one ends."""
        return [0, *accumulate(block.stored for block in self.blocks)]


def encoded(manifest: Manifest) -> bytes:
    """The manifest as bytes, whose SHA-256 stands for it."""
    return msgspec.msgpack.encode(manifest)


def decoded(data: bytes, sha256: str) -> Manifest:
    """The manifest that ``sha256`` (hex) stands for. Raises BadArchive for any other."""
    found = hashlib.sha256(data).hexdigest()
    if found != sha256.lower():
        raise BadArchive(f"the manifest's SHA-256 is {found}, but {sha256} was announced")
    try:
        manifest = msgspec.msgpack.decode(data, type=Manifest)
    except msgspec.DecodeError as error:
        raise BadArchive(f"the manifest cannot be read: {error}") from error
    if manifest.format != FORMAT:
        raise BadArchive(f"the manifest is of format {manifest.format}, this worker reads {FORMAT}")
    for block in manifest.blocks:
        if not (0 < block.raw <= LARGEST_BLOCK and 0 < block.stored <= LARGEST_BLOCK * 2 and len(block.sha256) == 32):
            raise BadArchive("the manifest describes a block that cannot be")
    return manifest


def member_of(entry: Entry) -> Member:
    """An archive's entry as it stands in a manifest."""
    return Member(_bytes(entry.name), entry.kind, entry.size, entry.executable, _bytes(entry.target))


class BlockReader:
    """Goes through a block file once; every block is checked on the way."""

    def __init__(self, file: IO[bytes], manifest: Manifest) -> None:
        self._file, self._manifest = file, manifest
        self._blocks = iter(manifest.blocks)
        self._rest = b""
        self._left = 0

    def entries(self) -> Iterator[Entry]:
        """Every member in turn. Raises BadArchive."""
        for member in self._manifest.members:
            self._left = member.size if member.kind == "file" else 0
            yield Entry(_text(member.name), member.kind, member.size, member.executable, _text(member.target))

    def content(self, size: int = 1024 * 1024) -> Iterator[bytes]:
        """Content of the entry at hand, in pieces. Raises BadArchive."""
        while self._left:
            if not self._rest:
                self._rest = self._next_block()
            piece = self._rest[: min(size, self._left)]
            self._rest = self._rest[len(piece) :]
            self._left -= len(piece)
            yield piece

    def _next_block(self) -> bytes:
        block = next(self._blocks, None)
        if block is None:
            raise BadArchive("the block file ends before its members do")
        stored = self._file.read(block.stored)
        if hashlib.sha256(stored).digest() != block.sha256:
            raise BadArchive("a block is damaged")
        return unpacked(stored, block)


def unpacked(stored: bytes, block: Block) -> bytes:
    """A block's content. Raises BadArchive."""
    from backports import zstd

    try:
        raw: bytes = zstd.ZstdDecompressor().decompress(stored, max_length=block.raw + 1)
    except zstd.ZstdError as error:
        raise BadArchive(f"a block cannot be unpacked: {error}") from error
    if len(raw) != block.raw:
        raise BadArchive(f"a block unpacks to {len(raw)} bytes, not {block.raw}")
    return raw


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
