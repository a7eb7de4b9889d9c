"""clear-log with a real worker and real tasks that go on writing."""

from pathlib import Path

from minos_common.states import Outcome, TaskState
from minos_common.verbs import ClearLogArgs, ListLogsArgs, ReadLogArgs, StartArgs
from minos_common.words import TaskName
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import TASK, WorkerProcess, bash, bootstrap, run, stop

WRITER = "n=0; while :; do echo line $n; n=$((n+1)); sleep 0.01; done"


def outputs(console: ConsoleDouble) -> list[str]:
    files = console.ask("list-logs", ListLogsArgs(TASK)).data["files"]
    return [file["name"] for file in files if file["name"].startswith("stdout/")]


def test_a_task_writes_on_into_an_emptied_file(worker: WorkerProcess, console: ConsoleDouble) -> None:
    run(console, bash(WRITER))
    current = Path(worker.process_record(TASK).stdout)
    own_log = worker.layout.log_dir(TASK) / "zk.log"
    own_log.write_text("the service's own")
    console.wait(lambda: current.stat().st_size > 500)
    first = console.ask("read-log", ReadLogArgs(TASK)).data
    report = console.ask("clear-log", ClearLogArgs(TASK))
    assert report.outcome is Outcome.DONE and report.data["files"] == 1 and report.data["bytes"] >= 500
    console.wait(lambda: current.stat().st_size > 0)
    text = current.read_bytes()
    assert text.startswith(b"line ") and b"\0" not in text and not text.startswith(b"line 0\n")
    assert own_log.read_text() == "the service's own"
    after = console.ask("read-log", ReadLogArgs(TASK, offset=first["next_offset"])).data
    assert after["file"] == first["file"] and after["cleared"] and after["cut_at"] > first["cut_at"] == 0.0


def test_output_of_earlier_starts_goes_and_a_repeat_is_harmless(worker: WorkerProcess, console: ConsoleDouble) -> None:
    run(console, bash("echo up; exec sleep 1000"))
    folder = worker.layout.stdout_dir(TASK)
    for name in ("zookeeper_20200101-000000.out", "zookeeper_20200101-000000.out.1"):
        (folder / name).write_text("old")
    assert console.ask("clear-log", ClearLogArgs(TASK)).data["files"] == 3
    assert len(outputs(console)) == 1
    report = console.ask("clear-log", ClearLogArgs(TASK))
    assert report.outcome is Outcome.DONE and "no output" in report.message
    stop(console)
    assert console.ask("clear-log", ClearLogArgs(TASK)).outcome is Outcome.DONE


def test_clearing_while_it_starts_again_and_again_loses_no_file_that_is_written_to(
    worker: WorkerProcess, console: ConsoleDouble
) -> None:
    """The file of a life that begins just now must not be deleted under it: it would go on writing into nothing."""
    bootstrap(console, bash("echo alive; exec sleep 1000"))
    for _ in range(6):
        started = console.send("start", StartArgs(TASK))
        clears = [console.send("clear-log", ClearLogArgs(TASK)) for _ in range(30)]
        assert all(console.report(clear).outcome is Outcome.DONE for clear in clears)
        assert console.report(started).data["status"]["state"] == TaskState.RUNNING
        record = worker.process_record(TASK)
        there = Path(f"/proc/{record.pid}/fd/1").stat()
        assert there.st_nlink == 1 and Path(record.stdout).stat().st_ino == there.st_ino
        stop(console)


def test_a_task_that_is_not_here_has_nothing_to_clear(worker: WorkerProcess, console: ConsoleDouble) -> None:
    report = console.ask("clear-log", ClearLogArgs(TaskName("hdfs", "dptst-x", "datanode")))
    assert report.outcome is Outcome.DONE and report.data == {"files": 0, "bytes": 0}


def test_other_tasks_keep_their_output(worker: WorkerProcess, console: ConsoleDouble) -> None:
    other = TaskName("zookeeper", "other", "zookeeper")
    run(console, bash("echo mine; exec sleep 1000"))
    run(console, bash("echo theirs; exec sleep 1000"), other)
    console.ask("clear-log", ClearLogArgs(TASK))
    assert console.ask("read-log", ReadLogArgs(other)).data["text"] == "theirs\n"
