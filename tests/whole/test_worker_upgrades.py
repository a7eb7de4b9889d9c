"""A worker that is upgraded in place over and over under many tasks. ``make soak`` gets the long form."""

import itertools
import os
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

from minos_common.states import Outcome, TaskState
from minos_common.verbs import UpgradeArgs
from minos_common.words import TaskName
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import SLEEPER, WorkerProcess, run
from tests.minos_worker.package_server import PackageServer
from tests.minos_worker.release.wheels import changed_wheel, source_of

UPGRADES, TASKS = (100, 50) if os.environ.get("MINOS_SOAK") else (6, 10)


@pytest.fixture
def console(tmp_path: Path) -> Iterator[ConsoleDouble]:
    made = ConsoleDouble(tmp_path)
    yield made
    made.close()


@pytest.fixture
def worker(tmp_path: Path, console: ConsoleDouble) -> Iterator[WorkerProcess]:
    made = WorkerProcess(tmp_path / "h1", console).start()
    yield made
    made.clean_up()


@pytest.fixture
def server() -> Iterator[PackageServer]:
    made = PackageServer(b"")
    yield made
    made.close()


@pytest.mark.timeout(120 + 10 * UPGRADES)
def test_upgrading_the_worker_touches_no_task(
    worker: WorkerProcess, console: ConsoleDouble, server: PackageServer
) -> None:
    """Up and down between two releases; every third time a broken one, which is refused."""
    tasks = [TaskName("kafka", "dptst-x", "broker", one) for one in range(TASKS)]
    pids = {task: run(console, SLEEPER, task) for task in tasks}
    wheels = [("7.1", changed_wheel("7.1")), ("7.2", changed_wheel("7.2"))]
    broken = changed_wheel("8", "minos_worker/agent/loop.py", "import queue\n", "import nowhere_at_all\n")
    gaps: list[float] = []
    for number in range(UPGRADES):
        if number % 3 == 2:
            report = console.ask("upgrade", UpgradeArgs(source_of(server, broken, "8")), 120, 60)
            assert report.outcome is Outcome.FAILED, report
        version, wheel = wheels[number % 2]
        last_word = console.beats[-1][0] if console.beats else 0.0
        command = console.send("upgrade", UpgradeArgs(source_of(server, wheel, version)), 120)
        report = console.report(command, 60)
        assert report.outcome is Outcome.DONE, report
        beats = [at for at, _ in console.beats if at >= last_word]
        gaps.append(max(b - a for a, b in itertools.pairwise(beats)))
        told = {status.task: status for status in console.hellos[-1].tasks}
        assert console.hellos[-1].version == version
        assert {task: told[task].pid for task in pids} == pids
        assert {(one.state, one.restarts, one.unattended) for one in told.values()} == {(TaskState.RUNNING, 0, False)}
    assert worker.process is not None and worker.process.poll() is None, "one process all the time"
    assert console.hellos[-1].worker_starts == UPGRADES + 1
    print(
        f"{UPGRADES} upgrades under {TASKS} tasks: longest silence median {statistics.median(gaps):.2f} s,"
        f" most {max(gaps):.2f} s"
    )
