"""Files that are whole or not there: written beside, flushed, renamed."""

import contextlib
import os
import secrets
from pathlib import Path


def write(path: Path, data: bytes, mode: int = 0o640) -> None:
    """Put ``data`` at ``path`` so that a crash leaves either the old content or the new. Raises OSError."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        beside.rename(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    flush_directory(path.parent)


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
