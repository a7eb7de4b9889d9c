"""Files that are whole or not there: written beside, flushed, renamed."""

import contextlib
import os
import secrets
from pathlib import Path

from minos_worker.task_user import Owner


def write(path: Path, data: bytes, mode: int = 0o640, owner: Owner | None = None) -> None:
    """Put ``data`` at ``path`` so that a crash leaves either the old content or the new. Raises OSError."""
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        write_at(directory, path.name, data, mode, owner)
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise
    finally:
        os.close(directory)


def write_at(directory: int, name: str, data: bytes, mode: int, owner: Owner | None = None) -> None:
    """The same in an open directory; the file belongs to ``owner`` (None: to us) before it has its name."""
    beside = f".{name}.{secrets.token_hex(4)}.new"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        handle = os.open(beside, flags, mode & 0o700, dir_fd=directory)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if owner is not None:
                os.fchown(file.fileno(), *owner)
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        os.rename(beside, name, src_dir_fd=directory, dst_dir_fd=directory)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(beside, dir_fd=directory)
        raise
    os.fsync(directory)


def rename(source: Path, target: Path) -> None:
    """Give a whole file another name in its directory, in the place of what has that name. Raises OSError."""
    source.replace(target)
    directory = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def point(link: Path, target: Path) -> None:
    """Let the symbolic link ``link`` point to ``target``, switching in one step. Raises OSError."""
    if link.is_symlink() and link.readlink() == target:
        return
    beside = link.with_name(f".{link.name}.{secrets.token_hex(4)}.new")
    beside.symlink_to(target)
    try:
        beside.rename(link)
    except BaseException:
        beside.unlink()
        raise
    flush_directory(link.parent)


def flush_directory(path: Path) -> None:
    """Make names that were made, renamed or removed in ``path`` survive a power cut."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
