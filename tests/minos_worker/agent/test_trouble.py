"""A worker on a disk that is full, slow or read-only: it stays in touch, says so, and recovers by itself."""

import contextlib
import itertools
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from minos_common.states import Outcome, TaskState
from minos_common.verbs import Lifecycle, ShowArgs, StartArgs
from minos_common.words import TaskName
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import SLEEPER, TASK, WorkerProcess, bash, bootstrap, gone, prepare_args, run, stop

OTHER = TaskName("kafka", "dptst-x", "broker")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MiB for one worker."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], capture_output=True, check=False)
    if made.returncode != 0:
        pytest.skip("a file system of our own cannot be mounted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


@pytest.fixture
def cramped(disk: Path, console: ConsoleDouble) -> Iterator[WorkerProcess]:
    """A worker whose everything is on that file system."""
    daemon = WorkerProcess(disk / "host1", console)
    yield daemon.start()
    daemon.clean_up()


def fill(disk: Path) -> Path:
    """Use the file system up to its last byte."""
    filler = disk / "filler"
    with contextlib.suppress(OSError), filler.open("ab", buffering=0) as file:
        for size in (65536, 4096, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))
    return filler


def codes(console: ConsoleDouble) -> set[str]:
    return {degraded.code for degraded in console.beats[-1][1].degraded} if console.beats else set()


def test_a_full_disk_is_told_survived_and_recovered_from(
    cramped: WorkerProcess, console: ConsoleDouble, disk: Path
) -> None:
    no_restart = Lifecycle(start_seconds=0.2, restart=False, stop_wait=5)
    pid = run(console, bash("until [ -e go ]; do sleep 0.05; done; exit 44", no_restart))
    other = run(console, task=OTHER)
    (cramped.layout.run_dir(TASK) / "go.tmp").touch()
    filler = fill(disk)
    console.wait(lambda: {"not-writable", "journal"} & codes(console))
    # What cannot be written down is not begun ...
    third = TaskName("kafka", "dptst-x", "other")
    report = console.ask("prepare", prepare_args(task=third))
    assert report.outcome in (Outcome.REFUSED, Outcome.FAILED)
    # ... a question is answered and a stop is done all the same ...
    assert console.ask("show", ShowArgs(TASK)).outcome is Outcome.DONE
    assert stop(console, OTHER).outcome is Outcome.DONE and gone(other)
    # ... and no exit is lost.
    (cramped.layout.run_dir(TASK) / "go.tmp").rename(cramped.layout.run_dir(TASK) / "go")
    status = console.wait_status(TASK, lambda status: status.state is TaskState.EXITED)
    assert status.last_exit is not None and status.last_exit.value == 44 and gone(pid)
    filler.unlink()
    console.wait(lambda: codes(console) == set())
    cramped.kill()
    cramped.start()
    found = {status.task: status.state for status in console.hellos[-1].tasks}
    assert found == {TASK: TaskState.EXITED, OTHER: TaskState.STOPPED}
    assert console.ask("start", StartArgs(OTHER)).outcome is Outcome.DONE


def test_a_start_on_a_full_disk_fails_clearly_and_works_afterwards(
    cramped: WorkerProcess, console: ConsoleDouble, disk: Path
) -> None:
    bootstrap(console, bash("exec sleep 1000", Lifecycle(start_seconds=0.2, retries=1)))
    filler = fill(disk)
    report = console.ask("start", StartArgs(TASK))
    assert report.outcome is Outcome.FAILED and "space" in report.message
    filler.unlink()
    assert console.ask("start", StartArgs(TASK)).outcome is Outcome.DONE


def test_a_package_that_does_not_fit_leaves_no_trace(cramped: WorkerProcess, console: ConsoleDouble) -> None:
    from tests.minos_worker.package_server import PackageServer, tarball

    pid = run(console)
    big = PackageServer(tarball({"lib/a.jar": os.urandom(6 * 2**20)}))
    report = console.ask("prepare", prepare_args(SLEEPER, bootstrap=False, package=big.source()))
    big.close()
    assert report.outcome is Outcome.FAILED and "space" in report.message
    assert not [path for path in cramped.layout.package.rglob("*") if path.is_file() and path.name != ".lock"]
    assert not gone(pid)


def test_a_disk_that_runs_low_is_told_before_it_is_full(tmp_path: Path, console: ConsoleDouble) -> None:
    worker = WorkerProcess(tmp_path / "host3", console, keep_free_bytes=2**60)
    try:
        worker.start()
        console.wait(lambda: "disk-full" in codes(console))
        assert "MiB free" in console.beats[-1][1].degraded[0].message
    finally:
        worker.clean_up()


def test_a_task_that_floods_its_output_stays_within_its_files(tmp_path: Path, console: ConsoleDouble) -> None:
    worker = WorkerProcess(tmp_path / "host4", console, log_bytes=2**20, log_files=2)
    try:
        worker.start()
        line = "x" * 1000
        run(console, bash(f"while :; do for i in $(seq 2000); do echo {line}; done; sleep 0.5; done"))
        stdout = worker.layout.stdout_dir(TASK)
        console.wait(lambda: len(list(stdout.glob("zoo*"))) == 3, 30, lambda: list(stdout.iterdir()))
        names = sorted(path.name.partition(".out")[2] for path in stdout.glob("zoo*"))
        assert names == ["", ".1", ".2"]
        assert max(path.stat().st_size for path in stdout.glob("zoo*")) < 24 * 2**20
        beats = [at for at, _ in console.beats]
        assert max(later - earlier for earlier, later in itertools.pairwise(beats)) < 1.5
    finally:
        worker.clean_up()


FLOOD = (
    "for n in $(seq 50); do head -c 10000000 /dev/zero | tr '\\0' x; echo; echo $n >&3; sleep 0.09; done; sleep 1000"
)
"""Ten million bytes ten times a second, 500 MB in all; how far it is goes to descriptor 3."""


def test_a_task_that_writes_100_mb_a_second_costs_neither_beats_nor_memory(
    tmp_path: Path, console: ConsoleDouble
) -> None:
    worker = WorkerProcess(tmp_path / "host5", console, log_bytes=64 * 2**20, log_files=2)
    try:
        worker.start()
        other = run(console, task=OTHER)
        assert worker.process is not None
        process = psutil.Process(worker.process.pid)
        before = process.memory_info().rss
        far = tmp_path / "far"
        run(console, bash(f"exec 3> {far}; {FLOOD}"))
        begin, mark = time.monotonic(), len(console.beats)
        answers = 0
        while not far.read_text().endswith("50\n"):
            assert console.ask("show", ShowArgs(OTHER), seconds=5).data["status"]["pid"] == other
            answers += 1
            assert time.monotonic() - begin < 100, far.read_text()
        print(f"500 MB in {time.monotonic() - begin:.1f} s, {answers} answers meanwhile")
        stdout = worker.layout.stdout_dir(TASK)
        # In the end all is in the files that are kept, or was with those that made room.
        console.wait(lambda: len(list(stdout.glob("zoo*"))) == 3, 30, lambda: list(stdout.iterdir()))
        assert stop(console).outcome is Outcome.DONE
        times = [at for at, _ in console.beats[mark:]]
        assert max(later - earlier for earlier, later in itertools.pairwise(times)) < 1.5
        assert process.memory_info().rss - before < 32 * 2**20
    finally:
        worker.clean_up()
        shutil.rmtree(worker.folder, ignore_errors=True)
