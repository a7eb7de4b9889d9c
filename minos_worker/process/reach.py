"""Whether the user of tasks can get to where they live; asked of the kernel, by trying."""

from pathlib import Path

from minos_common.settings import BadSetting
from minos_worker.process import hooks
from minos_worker.task_user import TaskUser

_TRY = 'for way; do cd "$way" || exit 1; done'
_SECONDS = 20.0


def check_reach(user: TaskUser, places: list[Path]) -> None:
    """Raises BadSetting when ``user`` may not enter one of ``places`` or a directory above it."""
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
    argv = ["/bin/sh", "-c", _TRY, "sh", *map(str, places)]
    ended = hooks.run(argv, Path("/"), environment, _SECONDS, user=user)
    if ended.code != 0:
        said = ended.output.strip() or "no answer"
        raise BadSetting(
            f"task_user {user.name!r} cannot enter the directories that its tasks live in ({said}):"
            " let others enter (chmod o+x) what is above them, or put the roots elsewhere"
        )
