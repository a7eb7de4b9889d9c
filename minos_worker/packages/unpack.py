"""Unpacks a tarball into a directory that does not exist yet, and never writes a byte outside of it.

Directories are opened one by one by descriptor, without following links; files are made new; links come last, when
nothing is written through them any more.
"""

import bz2
import contextlib
import ctypes
import gzip
import lzma
import os
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from minos_worker.packages.tar_entries import BadArchive, Entry, TarReader

_LIBC = ctypes.CDLL(None, use_errno=True)
_SIGNS = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\0", lzma.open))


class Limits(NamedTuple):
    """What an archive may come to. ``ratio`` of unpacked to packed bytes, with ``slack`` bytes on top."""

    bytes: int = 20 * 1024**3
    entries: int = 200_000
    parts: int = 40
    part_bytes: int = 250
    ratio: int = 200
    slack: int = 64 * 1024**2


LIMITS = Limits()


def unpack(archive: Path, target: Path, check: Callable[[float], None], limits: Limits = LIMITS) -> int:
    """Unpack ``archive`` (tar, plain or by gzip, bzip2, xz) into the new directory ``target``; bytes written.

    One directory that holds everything else is left out of the paths. ``check`` is called often with the fraction of
    the archive that is read, and may raise to end the work. Raises BadArchive, OSError; what was written stays for
    the caller to remove.
    """
    target.mkdir(mode=0o755)
    root = os.open(target, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    packed = max(archive.stat().st_size, 1)
    budget = min(limits.bytes, packed * limits.ratio + limits.slack)
    try:
        with archive.open("rb") as raw, _decompressed(raw) as stream:
            tree = _Tree(root, limits, budget, lambda: check(min(raw.tell() / packed, 1.0)))
            try:
                tree.take(TarReader(stream))
            except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile) as error:
                raise BadArchive(f"the archive is damaged or truncated: {error}") from error
        _lift_single_directory(root)
        _LIBC.syncfs(root)
    finally:
        os.close(root)
    return tree.written


def _decompressed(raw: BinaryIO) -> contextlib.AbstractContextManager[BinaryIO]:
    start = raw.read(6)
    raw.seek(0)
    for sign, opener in _SIGNS:
        if start.startswith(sign):
            return opener(raw, "rb")  # type: ignore[return-value, operator]
    return contextlib.nullcontext(raw)


class _Tree:
    """Writes entries below the directory ``root``."""

    def __init__(self, root: int, limits: Limits, budget: int, check: Callable[[], None]) -> None:
        self._root, self._limits, self._budget, self._check = root, limits, budget, check
        self._links: list[tuple[list[str], Entry]] = []
        self.written = 0

    def take(self, reader: TarReader) -> None:
        count = 0
        for entry in reader.entries():
            count += 1
            if count > self._limits.entries:
                raise BadArchive(f"the archive holds more than {self._limits.entries} entries")
            self._check()
            self._take_one(entry, reader)
        if count == 0:
            raise BadArchive("the archive is empty, or no tar archive at all")
        for parts, entry in self._links:
            self._link(parts, entry)

    def _take_one(self, entry: Entry, reader: TarReader) -> None:
        parts = self._parts(entry.name)
        if entry.kind == "directory":
            os.close(self._directory(parts))
        elif not parts:
            raise BadArchive(f"{entry.name!r} is no name for a {entry.kind}")
        elif entry.kind == "file":
            self._file(parts, entry, reader)
        else:
            self._links.append((parts, entry))

    def _parts(self, name: str) -> list[str]:
        """Parts of a member's name, checked. "./" in front and doubled slashes are harmless."""
        if "\0" in name or "\\" in name:
            raise BadArchive(f"{name!r}: NUL and backslash in names are refused")
        if name.startswith("/"):
            raise BadArchive(f"{name!r} is an absolute path, which is refused")
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if ".." in parts:
            raise BadArchive(f"{name!r} leads upwards, which is refused")
        if len(parts) > self._limits.parts:
            raise BadArchive(f"{name[:60]!r}... is more than {self._limits.parts} directories deep")
        if any(len(os.fsencode(part)) > self._limits.part_bytes for part in parts):
            raise BadArchive(f"{name[:60]!r}... has a part of more than {self._limits.part_bytes} bytes")
        return parts

    @contextlib.contextmanager
    def _parent(self, parts: list[str]) -> Iterator[int]:
        handle = self._directory(parts[:-1])
        try:
            yield handle
        finally:
            os.close(handle)

    def _directory(self, parts: list[str]) -> int:
        """Descriptor of a directory below the root, made as needed; the caller closes it."""
        handle = os.dup(self._root)
        for part in parts:
            try:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(part, 0o755, dir_fd=handle)
                inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=handle)
            except NotADirectoryError:
                raise BadArchive(f"{'/'.join(parts)!r} goes through something that is no directory") from None
            finally:
                os.close(handle)
            handle = inner
        return handle

    def _file(self, parts: list[str], entry: Entry, reader: TarReader) -> None:
        mode = 0o755 if entry.executable else 0o644
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with self._parent(parts) as parent:
            try:
                handle = os.open(parts[-1], flags, mode, dir_fd=parent)
            except FileExistsError:
                raise BadArchive(f"{entry.name!r} is in the archive twice") from None
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, mode)
            for piece in reader.content():
                self.written += len(piece)
                if self.written > self._budget:
                    raise BadArchive(f"the archive unpacks to more than {self._budget} bytes, which is refused")
                file.write(piece)
                self._check()

    def _link(self, parts: list[str], entry: Entry) -> None:
        if entry.kind == "hardlink":
            self._hard_link(parts, entry)
            return
        target = entry.target
        steps = [part for part in target.split("/") if part not in ("", ".")]
        up = 0
        while up < len(steps) and steps[up] == "..":
            up += 1
        # Upward steps only in front: further on they would start from wherever another link leads.
        if not target or target.startswith("/") or "\0" in target or ".." in steps[up:] or up > len(parts) - 1:
            raise BadArchive(f"the link {entry.name!r} -> {target!r} could lead out of the package, which is refused")
        with self._parent(parts) as parent:
            try:
                os.symlink(target, parts[-1], dir_fd=parent)
            except FileExistsError:
                raise BadArchive(f"{entry.name!r} is in the archive twice") from None

    def _hard_link(self, parts: list[str], entry: Entry) -> None:
        source = self._parts(entry.target)
        if not source:
            raise BadArchive(f"the hard link {entry.name!r} has no target")
        with self._parent(source) as source_parent, self._parent(parts) as parent:
            try:
                os.link(
                    source[-1], parts[-1], src_dir_fd=source_parent, dst_dir_fd=parent, follow_symlinks=False
                )  # both ends were opened without following links
            except (FileNotFoundError, FileExistsError, PermissionError) as error:
                raise BadArchive(f"the hard link {entry.name!r} -> {entry.target!r} cannot be made: {error}") from None


def _lift_single_directory(root: int) -> None:
    """Where all lies in one directory, move its content up: packages name that directory as they like."""
    names = os.listdir(root)
    if len(names) != 1:
        return
    outer = f".{os.urandom(4).hex()}.lifting"
    try:
        os.rename(names[0], outer, src_dir_fd=root, dst_dir_fd=root)
        inner = os.open(outer, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=root)
    except NotADirectoryError:
        os.rename(outer, names[0], src_dir_fd=root, dst_dir_fd=root)
        return
    try:
        for name in os.listdir(inner):  # noqa: PTH208 - a descriptor
            os.rename(name, name, src_dir_fd=inner, dst_dir_fd=root)
    finally:
        os.close(inner)
    os.rmdir(outer, dir_fd=root)
