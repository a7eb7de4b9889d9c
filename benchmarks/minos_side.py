"""Minos in the benchmark: a real worker daemon that talks, at a console's own rates, with the tests' console double."""

from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.sides import name_of, wait_for
from minos_common.settings import ConsoleSettings
from minos_common.states import TaskState
from minos_common.verbs import Lifecycle, ShowArgs, StartArgs, StartSpec, StopArgs
from minos_common.words import TaskName
from minos_worker.process.tree import all_processes
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import WorkerProcess, prepare_args

REAL = ConsoleSettings(var="")
SECONDS_UP = 1.0
"""So long a task must have stayed up to count as running; supervisord's default."""


class MinosSide:
    """A worker below ``folder`` with ``tasks`` prepared. The double lives in this process, which is not measured."""

    name = "minos"

    def __init__(
        self,
        folder: Path,
        command: list[str],
        tasks: int,
        beat_seconds: float = REAL.beat_seconds,
        sample_seconds: float = REAL.sample_seconds,
    ) -> None:
        folder.mkdir(parents=True)
        lifecycle = Lifecycle(start_seconds=SECONDS_UP)
        self._start = StartSpec([], [], command[1:], [], program=command[0], lifecycle=lifecycle)
        self._tasks = [TaskName("bench", "footprint", "sleeper", number) for number in range(tasks)]
        self._console = ConsoleDouble(folder, beat_seconds, sample_seconds)
        self._worker = WorkerProcess(folder / "host", self._console)
        self.daemon = 0

    def __enter__(self) -> Self:
        try:
            self._worker.start()
            assert self._worker.process is not None
            self.daemon = self._worker.process.pid
            for asked in [self._console.send("prepare", prepare_args(self._start, task)) for task in self._tasks]:
                assert self._console.report(asked).outcome == "done"
        except BaseException:
            self._clean_up()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                for asked in [self._console.send("stop", StopArgs(task)) for task in self._tasks]:
                    self._console.report(asked)
                self._worker.end()
        finally:
            self._clean_up()

    def start_tasks(self) -> None:
        """Ask for all tasks, without waiting for them."""
        for task in self._tasks:
            self._console.send("start", StartArgs(task))

    def settle(self) -> None:
        """Wait until all tasks are told running, and then for figures of each that took two looks."""
        for task in self._tasks:
            self._console.wait_status(task, lambda status: status.state is TaskState.RUNNING, 60)
        told = len(self._console.samples)
        wait_for(lambda: self._has_sampled(told), "the worker told its first figures of every task")

    def tell_status(self) -> None:
        """One question for each task, all at once."""
        for asked in [self._console.send("show", ShowArgs(task)) for task in self._tasks]:
            assert self._console.report(asked).outcome == "done"

    def stop_tasks(self) -> None:
        """Stop all at once."""
        for asked in [self._console.send("stop", StopArgs(task)) for task in self._tasks]:
            assert self._console.report(asked).outcome == "done"

    def own(self) -> dict[str, list[int]]:
        """The worker; and its keepers: the launcher and a shim for each task."""
        table = all_processes()
        launchers = [pid for pid, stat in table.items() if stat.parent == self.daemon]
        shims = [pid for pid, stat in table.items() if stat.parent in launchers]
        assert len(launchers) == 1 and len(shims) == len(self._tasks), f"{len(launchers)} launchers, {len(shims)} shims"
        assert {name_of(pid) for pid in shims} <= {"minos-shim"}
        return {"worker": [self.daemon], "keepers": [*launchers, *shims]}

    def _has_sampled(self, told: int) -> bool:
        groups = [group for batch in self._console.samples[told:] for group in batch.groups]
        seen = {group.task for group in groups if group.task and "task.cpu_percent" in group.figures}
        return bool(groups) and seen == set(self._tasks)

    def _clean_up(self) -> None:
        self._worker.clean_up()
        self._console.close()
