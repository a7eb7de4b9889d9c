"""Where the files of a task lie on its host. The worker makes the same paths from the same rule."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HostDirs:
    """The roots of one host; the defaults stand for hosts that never said hello."""

    app_root: str = "/home/work/app"
    log_root: str = "/home/work/log"
    data_dirs: tuple[str, ...] = ("/home/work/data",)
    package_root: str = "/home/work/packages"


@dataclass(frozen=True, slots=True)
class TaskDirs:
    """Directories of one task."""

    run_dir: str
    log_dir: str
    data_dirs: tuple[str, ...]
    package_dir: str
    current_package_dir: str
    stdout_dir: str


DEFAULT_DIRS = HostDirs()


def roots_of(directories: Mapping[str, HostDirs], address: str) -> HostDirs:
    """Roots of the host with this address."""
    return directories.get(address, DEFAULT_DIRS)


def task_dirs(roots: HostDirs, service: str, cluster: str, job: str, instance: int | None) -> TaskDirs:
    """Directories of a task; ``instance`` is None where the host has a single instance of the job."""
    tail = f"{service}/{cluster}/{job}" if instance is None else f"{service}/{cluster}/{job}/{instance}"
    run_dir = f"{roots.app_root}/{tail}"
    return TaskDirs(
        run_dir=run_dir,
        log_dir=f"{roots.log_root}/{tail}",
        data_dirs=tuple(f"{data_dir}/{tail}" for data_dir in roots.data_dirs),
        package_dir=f"{run_dir}/package",
        current_package_dir=f"{roots.package_root}/{service}/{cluster}/current",
        stdout_dir=f"{run_dir}/stdout",
    )
