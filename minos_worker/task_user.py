"""As whom the tasks of a worker that is root run: found by name once, used as numbers from then on."""

import os
import pwd
from typing import NamedTuple

from minos_common.settings import BadSetting


class Owner(NamedTuple):
    """User and group that a file is given to."""

    uid: int
    gid: int


class TaskUser(NamedTuple):
    """A user of this host with all its groups; ``home`` is a path."""

    name: str
    uid: int
    gid: int
    groups: tuple[int, ...]
    home: str

    @property
    def owner(self) -> Owner:
        """What belongs to a task is given to this one."""
        return Owner(self.uid, self.gid)

    def environment(self) -> dict[str, str]:
        """What a login would set."""
        return {"HOME": self.home, "USER": self.name, "LOGNAME": self.name}


def task_user_of(name: str) -> TaskUser | None:
    """The user that ``task_user`` in worker.ini names; None when tasks run as the worker itself. Raises BadSetting."""
    if not name:
        return None
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise BadSetting(
            f"task_user {name!r}: this host has no such user; create it, or leave task_user empty"
        ) from None
    if entry.pw_uid == os.geteuid():
        return None
    if os.geteuid() != 0:
        raise BadSetting(
            f"task_user {name!r}: only a worker that runs as root can run tasks as somebody else, and this one runs"
            f" with uid {os.geteuid()}; run it as root or as {name}, or leave task_user empty"
        )
    groups = tuple(os.getgrouplist(name, entry.pw_gid))
    return TaskUser(name, entry.pw_uid, entry.pw_gid, groups, entry.pw_dir)
