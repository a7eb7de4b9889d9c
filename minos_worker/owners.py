"""Whose a directory is, where tasks run as another user than the worker: what such a user can write in is not trusted.

A run directory stays the worker's and lets the task's group write, with the sticky bit: the task may add files, and may
neither rename nor remove what the worker put there, so no link can take the place of the slot or the stdout directory.
Log and data directories are the task's own; the worker goes through them by descriptors only (``below``, ``markers``).
"""

import os
import stat
from pathlib import Path

from minos_worker import below
from minos_worker.task_user import Owner, TaskUser

_SHARED = 0o1770
_ALONE = 0o755


class Foreign(Exception):
    """A directory of the worker's belongs to somebody else; the text names it and the way out."""


def is_workers(path: Path) -> bool:
    """Whether nobody but the worker can have made this directory. Without root there is nothing to defend."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and (os.geteuid() != 0 or found.st_uid == 0)


def check(path: Path) -> None:
    """Raises Foreign when ``path`` is not a directory of the worker's."""
    if not is_workers(path):
        raise Foreign(
            f"{path} is a link, or does not belong to root as whom this worker runs: look at what is in it, then give"
            " it to root (chown), or clean the task up with the worker that made it"
        )


def mine() -> Owner | None:
    """Owner of what only the worker uses; None: whoever we are, there is no choice."""
    return Owner(0, os.getegid()) if os.geteuid() == 0 else None


def of(user: TaskUser | None) -> Owner | None:
    """Owner of what belongs to a task."""
    return user.owner if user else mine()


def share(run_dir: Path, user: TaskUser | None) -> None:
    """Let the task's user write in the run directory, or nobody any more. Raises Foreign, OSError."""
    if os.geteuid() != 0:
        return
    check(run_dir)
    handle = below.open_directory(run_dir)
    try:
        is_shared = bool(os.fstat(handle).st_mode & stat.S_ISVTX)
        if user is not None:
            os.fchown(handle, 0, user.gid)
            os.fchmod(handle, _SHARED)
        elif is_shared:
            os.fchown(handle, 0, os.getegid())
            os.fchmod(handle, _ALONE)
    finally:
        os.close(handle)


def show(directory: Path, user: TaskUser | None) -> None:
    """Let the task's user, and nobody else, look into a directory of the worker's. Raises Foreign, OSError."""
    check(directory)
    if user is None:
        return
    handle = below.open_directory(directory)
    try:
        os.fchown(handle, 0, user.gid)
        os.fchmod(handle, 0o750)
    finally:
        os.close(handle)
