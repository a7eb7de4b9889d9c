"""Under which terms the tasks of this host run: as whom, and what the kernel lets them have."""

import resource
from dataclasses import dataclass
from pathlib import Path

from minos_common.settings import BadSetting, WorkerSettings
from minos_common.verbs import LEAST_NOFILE, UNLIMITED, Limits
from minos_worker.process.launching import Limit
from minos_worker.task_user import TaskUser, task_user_of


@dataclass(frozen=True)
class Terms:
    """``nofile`` open files and ``core`` bytes of a core dump for tasks whose description says nothing of its own.

    ``user`` None: tasks run as the worker does.
    """

    nofile: int | None = None
    core: int = 0
    user: TaskUser | None = None

    def limits(self, described: Limits) -> tuple[Limit, ...]:
        """What is set for a task, each with the place that asks for it."""
        found = []
        nofile, core = described.nofile, described.core
        if nofile is not None:
            found.append(Limit("nofile", nofile, "limit_nofile in the cluster's description"))
        elif self.nofile is not None:
            found.append(Limit("nofile", self.nofile, "task_nofile in worker.ini"))
        if core is not None:
            found.append(Limit("core", core, "limit_core in the cluster's description"))
        else:
            found.append(Limit("core", self.core, "task_core in worker.ini"))
        return tuple(found)


def terms_of(settings: WorkerSettings) -> Terms:
    """The terms that worker.ini asks for. Raises BadSetting."""
    if 0 < settings.task_nofile < LEAST_NOFILE:
        raise BadSetting(
            f"task_nofile {settings.task_nofile} is too few for any service: at least {LEAST_NOFILE}, or 0"
        )
    core = UNLIMITED if settings.task_core == "unlimited" else int(settings.task_core)
    return Terms(settings.task_nofile or None, core, task_user_of(settings.task_user))


def too_much(limit: Limit) -> str:
    """Why a limit cannot be had here, and the way out."""
    shown = "unlimited" if limit.value == UNLIMITED else limit.value
    if limit.kind == "nofile":
        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = Path("/proc/sys/fs/nr_open").read_text().strip()
        return (
            f"{limit.origin} is {shown}, and this host's hard limit of open files is {hard} (no process can have more"
            f" than fs.nr_open, {most}): raise LimitNOFILE of the worker's unit, or ask for less"
        )
    _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    return (
        f"{limit.origin} is {shown}, and this host's hard limit of core dumps is {hard} bytes:"
        " raise LimitCORE of the worker's unit, or ask for less"
    )
