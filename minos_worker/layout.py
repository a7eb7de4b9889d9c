"""Where everything is on this host. The only maker of paths; every name is checked before it becomes one."""

from dataclasses import dataclass
from pathlib import Path

from minos_common import names
from minos_common.settings import WorkerSettings
from minos_common.words import PackageName, Roots, TaskName

SLOT = ".minos"
"""Folder in a run directory for what the worker keeps there: record, lock, exit record, process record."""

_ARCHIVE_ENDS = (".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar")


class BadInstance(ValueError):
    """An instance number out of range."""


@dataclass(frozen=True)
class PackagePaths:
    """Where one package lies: ``folder`` holds the ``archive``, or its ``blocks`` and their ``manifest``, and beside it what
    it unpacks to.
    """

    folder: Path
    archive: Path
    unpacked: Path
    complete: Path
    current: Path

    @property
    def blocks(self) -> Path:
        """The content as blocks."""
        return self.folder / f".{self.archive.name}.blocks"

    @property
    def blocks_part(self) -> Path:
        """The blocks while not all of them are here."""
        return self.folder / f"{self.blocks.name}.part"

    @property
    def manifest(self) -> Path:
        """The list of the blocks."""
        return self.blocks.with_suffix(".manifest")


@dataclass(frozen=True)
class Layout:
    """Roots of this host, all absolute; ``worker`` is for the worker's own state."""

    worker: Path
    app: Path
    log: Path
    data: tuple[Path, ...]
    package: Path

    def roots(self) -> Roots:
        """The roots as the console is told them."""
        return Roots(str(self.app), str(self.log), [str(path) for path in self.data], str(self.package))

    @property
    def clients(self) -> Path:
        """Where client commands have their directories. Its name is none of a service."""
        return self.app / ".clients"

    @property
    def client_marks(self) -> Path:
        """Where the worker keeps, away from the tasks' user, what it started for them."""
        return self.worker / "clients"

    @property
    def samples(self) -> Path:
        """Batches of figures that the console has not taken yet."""
        return self.worker / "samples"

    def every_root(self) -> list[Path]:
        """All roots, for looking at the space on their disks."""
        return [self.worker, self.app, self.log, *self.data, self.package]

    def make_roots(self) -> None:
        """Create what is missing. Raises OSError."""
        self.worker.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in self.every_root()[1:]:
            path.mkdir(mode=0o755, parents=True, exist_ok=True)

    def run_dir(self, task: TaskName) -> Path:
        """Working directory of the task: start script, configuration, links."""
        return self.app / _inner(task)

    def slot_dir(self, task: TaskName) -> Path:
        """What the worker keeps of the task. It lies in the run directory so that losing the worker's own directory
        loses neither the record nor the lock of a task that runs."""
        return self.run_dir(task) / SLOT

    def stdout_dir(self, task: TaskName) -> Path:
        """Captured output of the task."""
        return self.run_dir(task) / "stdout"

    def log_dir(self, task: TaskName) -> Path:
        """Where the task writes its own logs."""
        return self.log / _inner(task)

    def data_dir(self, task: TaskName, index: int) -> Path:
        """The task's directory below data root number ``index``. Raises IndexError naming what there is."""
        if not 0 <= index < len(self.data):
            raise IndexError(f"data directory number {index} is wanted, but this host has {len(self.data)}")
        return self.data[index] / _inner(task)

    def data_links(self, indexes: tuple[int, ...]) -> dict[str, int]:
        """Name of the link in a run directory -> index of the data root it stands for."""
        links: dict[str, int] = {}
        taken = {"log", "package", "stdout", "start.sh", SLOT}
        for index in indexes:
            base = self.data[index].name or "data"
            name, number = base, 1
            while name in taken:
                number += 1
                name = f"{base}-{number}"
            taken.add(name)
            links[name] = index
        return links

    def package_paths(self, task: TaskName, package: PackageName) -> PackagePaths:
        """Where ``package`` lies for the task's cluster."""
        revision = names.check("revision", package.revision)
        timestamp = names.check("timestamp", package.timestamp)
        archive = names.check("package", package.name)
        names.check("artifact", package.artifact)
        cluster = self.package / names.check("service", task.service) / names.check("cluster", task.cluster)
        folder = cluster / f"{revision}-{timestamp}"
        stem = next((archive.removesuffix(end) for end in _ARCHIVE_ENDS if archive.endswith(end)), archive + ".d")
        stem = stem or archive + ".d"
        return PackagePaths(folder, folder / archive, folder / stem, folder / f".{stem}.complete", cluster / "current")


def layout_of(settings: WorkerSettings) -> Layout:
    """The layout that the settings ask for; empty settings lie below the worker's root."""
    root = Path(settings.root).expanduser().absolute()
    return Layout(
        worker=root / "worker",
        app=_root(settings.app_root, root / "app"),
        log=_root(settings.log_root, root / "log"),
        data=tuple(_root(text, root) for text in settings.data_dirs.split()) or (root / "data",),
        package=_root(settings.package_root, root / "packages"),
    )


def _root(text: str, default: Path) -> Path:
    return Path(text).expanduser().absolute() if text else default


def _inner(task: TaskName) -> Path:
    """<service>/<cluster>/<job>[/<instance>]. Raises BadName, BadInstance."""
    path = Path(names.check("service", task.service)) / names.check("cluster", task.cluster)
    path /= names.check("job", task.job)
    if task.instance is None:
        return path
    if not 0 <= task.instance < 1000:
        raise BadInstance(f"instance {task.instance} is not within 0..999")
    return path / str(task.instance)
