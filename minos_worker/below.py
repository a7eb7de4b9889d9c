"""Steps through directories that somebody else may change under our feet: by descriptor, never through a link."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from minos_worker.task_user import Owner

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without O_NONBLOCK the open of a fifo would wait for a writer for ever.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


def open_directory(path: Path | str, directory: int | None = None) -> int:
    """Descriptor of a directory that is no link, ``path`` seen from the open ``directory`` if given. Raises OSError."""
    return os.open(path, _DIRECTORY, dir_fd=directory)


def descend(top: Path, parts: Sequence[str], owner: Owner | None = None, make: bool = False) -> int:
    """Descriptor of the directory ``parts`` below ``top``; with ``make`` what is missing is made and given to ``owner``.

    Raises OSError, also where a part is a link.
    """
    handle = open_directory(top)
    try:
        for part in parts:
            inner = _step(handle, part, owner, make)
            os.close(handle)
            handle = inner
    except BaseException:
        os.close(handle)
        raise
    return handle


def _step(handle: int, part: str, owner: Owner | None, make: bool) -> int:
    if not make:
        return open_directory(part, handle)
    try:
        os.mkdir(part, 0o755, dir_fd=handle)
    except FileExistsError:
        return open_directory(part, handle)
    inner = open_directory(part, handle)
    # Whoever could put another directory here in the meantime is the owner of this one as well.
    if owner is not None and os.fstat(inner).st_uid == os.geteuid():
        os.fchown(inner, *owner)
    return inner


def open_file(name: str, directory: int) -> int:
    """Descriptor of a regular file in the open ``directory``, to be read. Raises OSError; IsADirectoryError and the like
    for what is no regular file, PermissionError for a second name of a file that belongs to somebody else.
    """
    handle = os.open(name, _FILE, dir_fd=directory)
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        os.close(handle)
        raise IsADirectoryError(f"{name} is no regular file")
    # A hard link to a secret of root's or of somebody else's is a regular file like any other, but for its owner.
    is_own = found.st_uid == os.fstat(directory).st_uid != 0
    if os.geteuid() == 0 and found.st_nlink > 1 and not is_own:
        os.close(handle)
        raise PermissionError(1, f"{name} is a second name of another user's file")
    return handle


def content(name: str, directory: int, most: int) -> bytes | None:
    """The first ``most`` bytes of a regular file in the open ``directory``; None when there is none. Raises OSError."""
    try:
        handle = open_file(name, directory)
    except FileNotFoundError:
        return None
    with os.fdopen(handle, "rb") as file:
        return file.read(most)
