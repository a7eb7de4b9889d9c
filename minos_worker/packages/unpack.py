"""Unpacks an archive into a directory that does not exist yet, and never writes a byte outside of it.

Directories are opened one by one by descriptor, without following links; files are made new; links come last, when
nothing is written through them any more.
"""

import contextlib
import ctypes
import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from minos_common.archives.blocks import BlockReader, decoded
from minos_common.archives.entries import LIMITS, BadArchive, Entry, Limits, Reader, check_link, checked, parts_of
from minos_common.archives.opening import Opened, opened

_LIBC = ctypes.CDLL(None, use_errno=True)


def unpack(archive: Path, target: Path, check: Callable[[float], None], limits: Limits = LIMITS) -> int:
    """Unpack ``archive`` (zip; tar, plain or by gzip, bzip2, xz, zstandard) into the new directory ``target``; bytes written.

    One directory that holds everything else is left out of the paths. ``check`` is called often with the fraction of
    the archive that is read, and may raise to end the work. Raises BadArchive, OSError; what was written stays for
    the caller to remove.
    """
    target.mkdir(mode=0o755)
    with opened(archive) as source:
        return _unpack(source, target, check, limits, limits.budget(source.size))


def unpack_blocks(
    blocks: Path, manifest: Path, target: Path, check: Callable[[float], None], limits: Limits = LIMITS
) -> int:
    """The same of a block file, whose manifest was checked when it came."""
    target.mkdir(mode=0o755)
    data = manifest.read_bytes()
    listed = decoded(data, hashlib.sha256(data).hexdigest())
    with blocks.open("rb") as file:
        source = Opened(BlockReader(file, listed), blocks.stat().st_size, file.tell, lambda: None)
        return _unpack(source, target, check, limits, limits.budget(listed.archive_size))


def _unpack(source: Opened, target: Path, check: Callable[[float], None], limits: Limits, budget: int) -> int:
    root = os.open(target, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    packed = max(source.size, 1)
    try:
        tree = _Tree(root, limits, budget, lambda: check(min(source.position() / packed, 1.0)))
        tree.take(source.reader)
        source.finish()
        _lift_single_directory(root)
        _LIBC.syncfs(root)
    finally:
        os.close(root)
    return tree.written


class _Tree:
    """Writes entries below the directory ``root``."""

    def __init__(self, root: int, limits: Limits, budget: int, check: Callable[[], None]) -> None:
        self._root, self._limits, self._budget, self._check = root, limits, budget, check
        self._links: list[tuple[list[str], Entry]] = []
        self.written = 0

    def take(self, reader: Reader) -> None:
        for parts, entry in checked(reader, self._limits):
            self._check()
            if entry.kind == "directory":
                os.close(self._directory(parts))
            elif entry.kind == "file":
                self._file(parts, entry, reader)
            else:
                self._links.append((parts, entry))
        for parts, entry in self._links:
            self._link(parts, entry)

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

    def _file(self, parts: list[str], entry: Entry, reader: Reader) -> None:
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
        check_link(parts, entry)
        with self._parent(parts) as parent:
            try:
                os.symlink(entry.target, parts[-1], dir_fd=parent)
            except FileExistsError:
                raise BadArchive(f"{entry.name!r} is in the archive twice") from None

    def _hard_link(self, parts: list[str], entry: Entry) -> None:
        source = parts_of(entry.target, self._limits)
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
