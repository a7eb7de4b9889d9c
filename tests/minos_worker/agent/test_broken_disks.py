"""A worker on a disk that hangs, and on one that the kernel made read-only."""

import itertools
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from minos_common.states import Outcome, TaskState
from minos_common.verbs import Lifecycle, ReadLogArgs, ShowArgs, StartArgs, StopArgs
from minos_common.words import TaskName
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import TASK, WorkerProcess, bash, gone, prepare_args, run, stop
from tests.minos_worker.loop_disk import LoopDisk

OTHER = TaskName("kafka", "dptst-x", "broker")
NO_RESTART = Lifecycle(start_seconds=0.2, restart=False, stop_wait=5)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[LoopDisk]:
    made = LoopDisk(tmp_path)
    made.mount()
    yield made
    made.unmount()


@pytest.fixture
def worker(disk: LoopDisk, console: ConsoleDouble) -> Iterator[WorkerProcess]:
    """A worker whose everything but its own output is on that file system."""
    daemon = WorkerProcess(disk.place / "host1", console)
    daemon.log = disk.place.parent / "worker.log"
    yield daemon.start()
    daemon.clean_up()


def codes(console: ConsoleDouble) -> dict[str, str]:
    return {degraded.code: degraded.message for degraded in console.beats[-1][1].degraded} if console.beats else {}


def until_told(tmp_path: Path, code: int) -> str:
    """A program that ends with ``code`` once a file off the disk is there."""
    return f"echo up; until [ -e {tmp_path}/go ]; do sleep 0.05; done; exit {code}"


def test_on_a_disk_that_hangs_beats_and_questions_go_on_and_nothing_is_lost(
    worker: WorkerProcess, console: ConsoleDouble, disk: LoopDisk, tmp_path: Path
) -> None:
    run(console, bash(until_told(tmp_path, 44), NO_RESTART))
    other = run(console, task=OTHER)
    with disk.frozen():
        begin = len(console.beats)
        console.wait(lambda: "disk-slow" in codes(console), 30, lambda: codes(console))
        assert "since" in codes(console)["disk-slow"]
        assert console.ask("show", ShowArgs(OTHER), seconds=5).data["status"]["pid"] == other
        assert "up" in console.ask("read-log", ReadLogArgs(TASK, ""), seconds=5).data["text"]
        asked = console.send("stop", StopArgs(OTHER))
        (tmp_path / "go").touch()
        mark = len(console.beats)
        console.wait(lambda: len(console.beats) > mark + 5)
        times = [at for at, _ in console.beats[begin:]]
        assert max(later - earlier for earlier, later in itertools.pairwise(times)) < 1.5
    assert console.report(asked).outcome is Outcome.DONE and gone(other)
    status = console.wait_status(TASK, lambda status: status.state is TaskState.EXITED)
    assert status.last_exit is not None and (status.last_exit.kind, status.last_exit.value) == ("code", 44)
    console.wait(lambda: codes(console) == {})
    assert console.ask("start", StartArgs(OTHER)).outcome is Outcome.DONE


def test_on_a_read_only_disk_it_stays_in_touch_stops_tasks_and_knows_how_they_ended(
    worker: WorkerProcess, console: ConsoleDouble, disk: LoopDisk, tmp_path: Path
) -> None:
    run(console, bash(until_told(tmp_path, 44), NO_RESTART))
    other = run(console, task=OTHER)
    disk.break_it()
    console.wait(lambda: {"not-writable"} <= set(codes(console)), 30, lambda: codes(console))
    assert "Read-only file system" in codes(console)["not-writable"]
    assert console.ask("show", ShowArgs(OTHER)).data["status"]["pid"] == other
    report = console.ask("prepare", prepare_args(task=TaskName("kafka", "dptst-x", "third")))
    assert report.outcome in (Outcome.REFUSED, Outcome.FAILED), report
    assert stop(console, OTHER).outcome is Outcome.DONE and gone(other)
    (tmp_path / "go").touch()
    status = console.wait_status(TASK, lambda status: status.state is TaskState.EXITED)
    assert status.last_exit is not None and (status.last_exit.kind, status.last_exit.value) == ("code", 44)
    refused = console.ask("start", StartArgs(OTHER))
    assert refused.outcome is Outcome.FAILED and "Read-only" in refused.message, refused
    mark, at = len(console.beats), time.monotonic()
    console.wait(lambda: len(console.beats) > mark + 5)
    assert time.monotonic() - at < 10
