"""Somebody sets the clock of a host: tasks, beats, deadlines and what was done once do not care."""

import itertools
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from minos_common.states import Outcome, TaskState
from minos_common.verbs import Lifecycle, ProbeArgs, StartArgs
from minos_common.words import TaskName
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import TASK, WorkerProcess, bash, bootstrap, run, stop

OTHER = TaskName("kafka", "dptst-x", "broker")
YEAR = 400 * 86400.0


class Clock:
    """The wall clock of a worker."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.jump(0)

    def jump(self, seconds: float) -> None:
        """Be wrong by so much from now on."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(str(seconds))
        fresh.replace(self.file)


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path / "shift")


@pytest.fixture
def worker(tmp_path: Path, console: ConsoleDouble, clock: Clock) -> Iterator[WorkerProcess]:
    daemon = WorkerProcess(tmp_path / "host1", console)
    daemon.command = [sys.executable, "-m", "tests.minos_worker.shifted_clock", str(clock.file)]
    yield daemon.start()
    daemon.clean_up()


def wrong_by(console: ConsoleDouble) -> float:
    return float(console.beats[-1][1].clock - time.time())


@pytest.mark.parametrize("jump", [YEAR, -YEAR])
def test_a_clock_that_jumps_disturbs_nothing(
    worker: WorkerProcess, console: ConsoleDouble, clock: Clock, jump: float
) -> None:
    pid = run(console)
    bootstrap(console, bash("exec sleep 1000", Lifecycle(start_seconds=0.5, retries=3, stop_wait=5)), OTHER)
    begin = len(console.beats)
    clock.jump(jump)
    console.wait(lambda: abs(wrong_by(console) - jump) < 60)
    # What takes its time takes it by a clock that nobody sets: a start, a deadline.
    at = time.monotonic()
    assert console.ask("start", StartArgs(OTHER)).outcome is Outcome.DONE
    probe = console.ask("probe", ProbeArgs("port", host="127.0.0.1", port=1), expires_in=2.0)
    assert probe.outcome is Outcome.FAILED and 2 < time.monotonic() - at < 15
    assert stop(console, OTHER).outcome is Outcome.DONE
    clock.jump(-jump)
    console.wait(lambda: abs(wrong_by(console) + jump) < 60)
    assert [told.pid for told in [console.status(TASK)] if told] == [pid]
    times = [at for at, _ in console.beats[begin:]]
    assert max(later - earlier for earlier, later in itertools.pairwise(times)) < 1.5


@pytest.mark.parametrize("jump", [YEAR, -YEAR])
def test_after_a_jump_a_new_worker_knows_its_tasks_and_what_was_done(
    worker: WorkerProcess, console: ConsoleDouble, clock: Clock, jump: float
) -> None:
    pid = run(console)
    command = console.send("start", StartArgs(TASK))
    first = console.report(command)
    worker.kill()
    clock.jump(jump)
    worker.start()
    assert [status.pid for status in console.hellos[-1].tasks] == [pid]
    assert stop(console).outcome is Outcome.DONE
    told = len(console.reports)
    console.send("start", StartArgs(TASK), command_id=command)  # a late repeat of what was done before the jump
    again = console.wait(lambda: [report for report in console.reports[told:] if report.command_id == command])
    assert again[0].message == first.message
    status = console.status(TASK)
    assert status is not None and status.state is TaskState.STOPPED
    pid = console.ask("start", StartArgs(TASK)).data["status"]["pid"]
    os.kill(pid, signal.SIGKILL)  # a crash is made good as ever
    console.wait_status(TASK, lambda status: status.state is TaskState.RUNNING and status.pid not in (None, pid))
