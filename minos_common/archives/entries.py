"""What an archive consists of, whatever its format, and what is refused in each of its parts. PURE."""

import os
from collections.abc import Iterator
from typing import NamedTuple, Protocol


class BadArchive(Exception):
    """An archive that is damaged or not to be trusted; the text says where."""


class Readable(Protocol):
    """What a reader needs of a stream."""

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` bytes; empty at the end."""


class Entry(NamedTuple):
    """One member. ``kind`` is "file", "directory", "symlink" or "hardlink"; ``size`` in bytes, of files only."""

    name: str
    kind: str
    size: int
    executable: bool
    target: str


class Reader(Protocol):
    """Goes through an archive once. After each file entry its content must be taken with ``content``."""

    def entries(self) -> Iterator[Entry]:
        """Every member in turn. Raises BadArchive."""

    def content(self, size: int = 1024 * 1024) -> Iterator[bytes]:
        """Content of the entry at hand, in pieces. Raises BadArchive."""


class Limits(NamedTuple):
    """What an archive may come to. ``ratio`` of unpacked to packed bytes, with ``slack`` bytes on top."""

    bytes: int = 20 * 1024**3
    entries: int = 200_000
    parts: int = 40
    part_bytes: int = 250
    ratio: int = 200
    slack: int = 64 * 1024**2

    def budget(self, packed: int) -> int:
        """How many bytes an archive of ``packed`` bytes may unpack to."""
        return min(self.bytes, max(packed, 1) * self.ratio + self.slack)


LIMITS = Limits()


def parts_of(name: str, limits: Limits = LIMITS) -> list[str]:
    """Parts of a member's name, checked. "./" in front and doubled slashes are harmless. Raises BadArchive."""
    if "\0" in name or "\\" in name:
        raise BadArchive(f"{name!r}: NUL and backslash in names are refused")
    if name.startswith("/"):
        raise BadArchive(f"{name!r} is an absolute path, which is refused")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise BadArchive(f"{name!r} leads upwards, which is refused")
    if len(parts) > limits.parts:
        raise BadArchive(f"{name[:60]!r}... is more than {limits.parts} directories deep")
    if any(len(os.fsencode(part)) > limits.part_bytes for part in parts):
        raise BadArchive(f"{name[:60]!r}... has a part of more than {limits.part_bytes} bytes")
    return parts


def check_link(parts: list[str], entry: Entry) -> None:
    """Refuse a symbolic link at ``parts`` that could lead out of the archive's own tree. Raises BadArchive."""
    target = entry.target
    steps = [part for part in target.split("/") if part not in ("", ".")]
    up = 0
    while up < len(steps) and steps[up] == "..":
        up += 1
    # Upward steps only in front: further on they would start from wherever another link leads.
    if not target or target.startswith("/") or "\0" in target or ".." in steps[up:] or up > len(parts) - 1:
        raise BadArchive(f"the link {entry.name!r} -> {target!r} could lead out of the package, which is refused")


def checked(reader: Reader, limits: Limits = LIMITS) -> Iterator[tuple[list[str], Entry]]:
    """Every member with the parts of its name: not too many, and at least one. Raises BadArchive."""
    count = 0
    for entry in reader.entries():
        count += 1
        if count > limits.entries:
            raise BadArchive(f"the archive holds more than {limits.entries} entries")
        parts = parts_of(entry.name, limits)
        if not parts and entry.kind != "directory":
            raise BadArchive(f"{entry.name!r} is no name for a {entry.kind}")
        yield parts, entry
    if count == 0:
        raise BadArchive("the archive is empty, or no tar archive at all")
