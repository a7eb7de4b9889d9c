"""Keeps captured output from filling the disk, without the task's help and without losing a line where it can."""

import ctypes
import errno
import os
from pathlib import Path
from typing import BinaryIO

_LIBC = ctypes.CDLL(None, use_errno=True)
_COLLAPSE = 0x08
_CHUNK = 1024 * 1024


def rotate(path: Path, limit: int, keep: int) -> int:
    """Move what is in ``path`` to ``path.1`` (and .1 to .2 ...) when it is over ``limit`` bytes; bytes moved, else 0.

    The task goes on appending to the same file. Where the file system can cut off the head of a file (ext4, XFS),
    nothing is lost; elsewhere lines written between copy and truncation are. Raises OSError.
    """
    if path.stat().st_size <= limit:
        return 0
    for number in range(keep - 1, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        if older.exists():
            older.rename(path.with_name(f"{path.name}.{number + 1}"))
    beside = path.with_name(f".{path.name}.new")
    with path.open("rb+", buffering=0) as source, beside.open("wb") as target:
        owner = os.fstat(source.fileno())
        if os.geteuid() == 0:
            os.fchown(target.fileno(), owner.st_uid, owner.st_gid)
        os.fchmod(target.fileno(), 0o640)
        whole = _whole_blocks(source.fileno())
        _copy(source, target, whole)
        target.flush()
        if whole == 0 or not _cut_head(source.fileno(), whole):
            _copy(source, target, path.stat().st_size - whole)
            os.ftruncate(source.fileno(), 0)
        moved = target.tell()
    beside.rename(path.with_name(f"{path.name}.1"))
    return moved


def _whole_blocks(handle: int) -> int:
    """Bytes at the head of the file that can be cut off: whole blocks, and never up to its end."""
    block = os.fstatvfs(handle).f_bsize
    size = max(os.fstat(handle).st_size - 1, 0)
    return size - size % block


def _copy(source: BinaryIO, target: BinaryIO, size: int) -> None:
    """Copy ``size`` bytes and no more: a task that writes faster than we copy must not keep us here."""
    while size > 0:
        data = source.read(min(size, _CHUNK))
        if not data:
            return
        target.write(data)
        size -= len(data)


def _cut_head(handle: int, size: int) -> bool:
    """Take the first ``size`` bytes out of the file; False where the file system cannot do that."""
    if _LIBC.fallocate(handle, _COLLAPSE, ctypes.c_int64(0), ctypes.c_int64(size)) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS, errno.EPERM, errno.ETXTBSY):
        return False
    raise OSError(code, os.strerror(code))


def purge(directory: Path, current: Path | None, keep: int) -> list[Path]:
    """Delete all but the ``keep`` newest output files besides ``current``; those deleted. Raises OSError."""
    files = [
        path
        for path in directory.iterdir()
        if path.is_file() and not path.is_symlink() and path != current and not path.name.startswith(".")
    ]
    files.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in files[keep:]:
        path.unlink()
    return files[keep:]
