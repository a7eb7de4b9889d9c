"""Whose a directory is: a marker names the task, and nothing is deleted but below a directory with its own marker."""

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from minos_common.words import TaskName
from minos_worker import below, durable
from minos_worker.task_user import Owner

MARKER = ".minos-task"
ASIDE = ".minos-task-of-"
"""How the marker is called while it lies beside its directory, whose name follows."""


class Marker(msgspec.Struct, frozen=True):
    """``bootstrap`` is the id of the command that made the directory."""

    task: TaskName
    bootstrap: str = ""


class NotOurs(Exception):
    """A directory without the task's marker, or with another's; the text names it."""


def put(directory: Path, marker: Marker, owner: Owner | None = None) -> None:
    """Mark ``directory``, creating it, and give it to ``owner``. Raises NotOurs when it carries the marker of another
    task or is a link, which the user of a task may have put there.
    """
    directory.mkdir(mode=0o755, parents=True, exist_ok=True)
    _bring_back(directory)
    try:
        handle = below.open_directory(directory)
    except OSError as error:
        raise NotOurs(f"{directory} is a link or cannot be opened: {error.strerror}") from error
    try:
        found = _read(MARKER, handle)
        if found is not None and found.task != marker.task:
            raise NotOurs(f"{directory} belongs to {found.task}")
        if found != marker:
            durable.write_at(handle, MARKER, msgspec.json.encode(marker), mode=0o600)
        if owner is not None and os.fstat(handle).st_uid != owner.uid:
            os.fchown(handle, *owner)
    finally:
        os.close(handle)


def get(directory: Path) -> Marker | None:
    """The marker of a directory; None without one, or with one that cannot be read as ours."""
    return _read(str(directory / MARKER), None) or _read(str(_beside(directory)), None)


@contextlib.contextmanager
def aside(directories: Iterable[Path]) -> Iterator[None]:
    """Meanwhile the markers lie beside their directories: a format wants those to be empty, to the last file.

    After a crash they are found there, and go back when the directory is marked or wiped next. Raises OSError.
    """
    moved = []
    try:
        for directory in directories:
            if (directory / MARKER).exists():
                (directory / MARKER).rename(_beside(directory))
                moved.append(directory)
        yield
    finally:
        for directory in moved:
            _bring_back(directory)


def _beside(directory: Path) -> Path:
    return directory.parent / f"{ASIDE}{directory.name}"


def _bring_back(directory: Path) -> None:
    """A marker that lies beside its directory goes into it, unless it has one."""
    beside = _beside(directory)
    if _read(str(beside), None) is not None and directory.is_dir() and not directory.is_symlink():
        if _read(str(directory / MARKER), None) is None:
            beside.rename(directory / MARKER)
        else:
            beside.unlink()


def _read(path: str, directory: int | None) -> Marker | None:
    """The marker at ``path``, below the open ``directory`` if there is one."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=directory)
    except OSError:
        return None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        return msgspec.json.decode(os.read(handle, 65536), type=Marker)
    except (msgspec.MsgspecError, OSError):
        return None
    finally:
        os.close(handle)


def is_empty(directory: Path) -> bool:
    """Whether a directory is missing or holds nothing but a marker (or directories that other tasks have marked)."""
    try:
        entries = list(os.scandir(directory))
    except FileNotFoundError:
        return True
    plain = [entry for entry in entries if entry.name != MARKER and not entry.name.startswith(ASIDE)]
    return all(_is_anothers(Path(entry.path)) for entry in plain)


def _is_anothers(path: Path) -> bool:
    return not path.is_symlink() and path.is_dir() and get(path) is not None


def wipe(directory: Path, task: TaskName) -> int:
    """Delete everything in ``directory`` and then itself; number of entries removed. Missing: nothing to do.

    Goes by directory descriptors and never through a link or onto another file system; leaves directories alone that
    carry another task's marker (an instance's directory lies within that of a job without instances).
    Raises NotOurs, OSError.
    """
    _bring_back(directory)
    try:
        handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return 0
    try:
        marker = _read(MARKER, handle)
        if marker is None or marker.task != task:
            raise NotOurs(f"{directory} does not carry the marker of {task}: not touched")
        removed = _empty(handle, task, os.fstat(handle).st_dev, keep=MARKER)
        if os.listdir(handle) == [MARKER]:  # noqa: PTH208 - a descriptor
            os.unlink(MARKER, dir_fd=handle)
    finally:
        os.close(handle)
    with contextlib.suppress(OSError):  # another task's directory is still in it
        directory.rmdir()
    return removed


def _empty(handle: int, task: TaskName, device: int, keep: str = "") -> int:
    removed = 0
    for name in os.listdir(handle):
        if name == keep:
            continue
        if not stat.S_ISDIR(os.stat(name, dir_fd=handle, follow_symlinks=False).st_mode):
            os.unlink(name, dir_fd=handle)
            removed += 1
            continue
        inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=handle)
        try:
            if os.fstat(inner).st_dev != device:
                raise NotOurs(f"{name} is a mount point: unmount it first")
            marker = _read(MARKER, inner)
            if marker is not None and marker.task != task:
                continue
            removed += _empty(inner, task, device)
        finally:
            os.close(inner)
        with contextlib.suppress(OSError):
            os.rmdir(name, dir_fd=handle)
            removed += 1
    return removed
