"""What host and tasks use, as the kernel tells it: the one place where a worker measures them."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from minos_common.words import TaskName
from minos_worker.process.identity import ProcessId
from minos_worker.process.tree import all_processes
from minos_worker.records import ProcessRecord
from minos_worker.stats.host import HostFigures
from minos_worker.stats.jvm import JvmFigures
from minos_worker.stats.task import TaskFigures


class Gauges:
    """Belongs to one thread. ``roots`` are the directories whose disks count."""

    def __init__(self, roots: list[Path]) -> None:
        self._host, self._tasks, self._jvms = HostFigures(roots), TaskFigures(), JvmFigures()

    def host(self) -> dict[str, float]:
        """Figures of the host now."""
        return self._host.read()

    def tasks(self, living: Mapping[TaskName, ProcessRecord]) -> Iterator[tuple[TaskName, dict[str, float]]]:
        """Figures of each of these tasks now."""
        table = all_processes()
        for task, record in living.items():
            main = ProcessId(record.pid, record.tick)
            found = self._tasks.read(task, main, record.started_clock, table)
            yield task, found | self._jvms.read(main, table)
        self._jvms.forget(table)

    def forget(self, keep: set[TaskName]) -> None:
        """Drop what is known of tasks that are no more."""
        self._tasks.forget(keep)
