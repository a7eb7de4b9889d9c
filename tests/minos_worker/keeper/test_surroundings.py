"""What a real task finds around it, and what becomes of its output: through the daemon, not by calling the parts."""

import os
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from minos_common.states import Outcome
from minos_common.verbs import StartArgs
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import TASK, WorkerProcess, bash, bootstrap, run, stop


@pytest.fixture
def small_outputs(tmp_path: Path, console: ConsoleDouble) -> Iterator[WorkerProcess]:
    """A worker that rotates output at 8 KiB and keeps two older files."""
    daemon = WorkerProcess(tmp_path / "host1", console, log_bytes=8192, log_files=2)
    yield daemon.start()
    daemon.clean_up()


def ends(condition: Callable[[], bool], console: ConsoleDouble, explain: Callable[[], object]) -> None:
    console.wait(condition, 60, explain)


def test_working_directory_environment_and_pre_sh(worker: WorkerProcess, console: ConsoleDouble) -> None:
    files = {"pre.sh": 'echo "pre $1 $2 in $PWD"; export FROM_PRE=yes\n'}
    spec = bash('echo "at $PWD: $A_KEY $FROM_PRE"; exec sleep 1000', environment={"A_KEY": "a $job_name"})
    pid = run(console, spec, files=files)
    run_dir = worker.layout.run_dir(TASK)
    assert Path(f"/proc/{pid}/cwd").readlink() == run_dir
    output = Path(worker.process_record(TASK).stdout)
    assert output.read_text().splitlines() == [
        f"pre zookeeper {run_dir} in {run_dir}",
        f"at {run_dir}: a zookeeper yes",
    ]


def test_secrets_of_the_workers_environment_do_not_reach_a_task(
    tmp_path: Path, console: ConsoleDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_TOKEN", "x")
    daemon = WorkerProcess(tmp_path / "host1", console)
    try:
        daemon.start()
        found = Path(f"/proc/{run(console)}/environ").read_bytes().split(b"\0")
        assert b"PATH=" + os.environ["PATH"].encode() in found
        assert not [pair for pair in found if pair.startswith(b"SOME_TOKEN=")]
    finally:
        daemon.clean_up()


def test_a_pre_sh_that_fails_with_exit_keeps_the_task_from_starting(
    worker: WorkerProcess, console: ConsoleDouble
) -> None:
    bootstrap(console, files={"pre.sh": "echo no licence; exit 3\n"})
    report = console.ask("start", StartArgs(TASK))
    assert report.outcome is Outcome.FAILED and "exit code 3" in report.message and "no licence" in report.output


def test_output_is_rotated_by_size_and_count(small_outputs: WorkerProcess, console: ConsoleDouble) -> None:
    line = "x" * 99
    run(console, bash(f"while :; do for i in {{1..30}}; do echo {shlex.quote(line)}; done; sleep 0.05; done"))
    output = Path(small_outputs.process_record(TASK).stdout)

    def names() -> list[str]:
        return sorted(path.name for path in output.parent.iterdir() if not path.name.startswith("."))

    rotated: set[tuple[int, int]] = set()
    seen: set[str] = set()

    def has_rotated_often() -> bool:
        seen.update(names())
        newest = output.with_name(f"{output.name}.1")
        if newest.exists():
            found = newest.stat()
            rotated.add((found.st_ino, found.st_mtime_ns))
        return len(rotated) >= 4

    both = [output.name, f"{output.name}.1", f"{output.name}.2"]
    ends(has_rotated_often, console, lambda: rotated)
    ends(lambda: names() == both, console, names)  # not while one moves to the next name
    assert seen <= set(both) and output.with_name(f"{output.name}.2").stat().st_size > 8192


def test_output_of_older_starts_is_purged_while_the_task_runs(
    small_outputs: WorkerProcess, console: ConsoleDouble
) -> None:
    bootstrap(console)
    folder = small_outputs.layout.stdout_dir(TASK)
    for number in range(5):
        old = folder / f"zookeeper_2020010{number + 1}-000000.out"
        old.write_text("old\n")
        os.utime(old, (number, number))
    assert console.ask("start", StartArgs(TASK)).outcome is Outcome.DONE
    current = Path(small_outputs.process_record(TASK).stdout)
    kept = {current.name, "zookeeper_20200104-000000.out", "zookeeper_20200105-000000.out"}
    ends(lambda: {path.name for path in folder.iterdir()} == kept, console, lambda: list(folder.iterdir()))
    stop(console)
    assert current.exists()
