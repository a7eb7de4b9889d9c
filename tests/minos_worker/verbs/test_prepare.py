"""prepare with a real worker: directories, packages, files, actions, refusals."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from minos_common.states import Outcome, TaskState
from minos_common.verbs import CleanArgs, OneTimeAction, ShowArgs, StartArgs
from minos_common.words import TaskName
from minos_worker import markers
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import SLEEPER, TASK, WorkerProcess, bash, bootstrap, prepare_args, run
from tests.minos_worker.package_server import PackageServer, tarball

OTHER = TaskName("kafka", "dptst-x", "broker")


@pytest.fixture
def server() -> Iterator[PackageServer]:
    it = PackageServer(tarball({"lib/zk.jar": os.urandom(300_000), "conf/x": b"1"}))
    yield it
    it.close()


def nothing_visible(worker: WorkerProcess) -> bool:
    """No package, whole or in part, below the package root."""
    return not [path for path in worker.layout.package.rglob("*") if path.is_file() and path.name != ".lock"]


def test_bootstrap_lays_everything_out(worker: WorkerProcess, console: ConsoleDouble, server: PackageServer) -> None:
    bootstrap(console, package=server.source(), files={"zoo.cfg": "tickTime=2000\n", "pre.sh": ""})
    layout, run_dir = worker.layout, worker.layout.run_dir(TASK)
    folder = layout.package / "zookeeper" / "dptst" / "r1-20260101-000000"
    assert (folder / "zookeeper-3.9.3.tar.gz").read_bytes() == server.body
    assert (run_dir / "package").readlink() == folder / "zookeeper-3.9.3"
    assert (run_dir / "package/lib/zk.jar").stat().st_size == 300_000
    assert (layout.package / "zookeeper/dptst/current").readlink() == folder / "zookeeper-3.9.3"
    assert (run_dir / "log").readlink() == layout.log_dir(TASK)
    assert (run_dir / "data").readlink() == layout.data_dir(TASK, 0)
    assert (run_dir / "zoo.cfg").read_text() == "tickTime=2000\n"
    assert (run_dir / "start.sh").stat().st_mode & 0o777 == 0o750
    assert (layout.slot_dir(TASK) / "task.json").stat().st_mode & 0o777 == 0o600
    for path in (run_dir, layout.log_dir(TASK), layout.data_dir(TASK, 0)):
        found = markers.get(path)
        assert found is not None and found.task == TASK
    status = console.wait_status(TASK, lambda status: status.bootstrapped)
    assert status.package == server.source().package and status.state is TaskState.STOPPED


def test_a_second_bootstrap_is_refused(worker: WorkerProcess, console: ConsoleDouble) -> None:
    bootstrap(console)
    report = console.ask("prepare", prepare_args())
    assert report.outcome is Outcome.REFUSED and "already bootstrapped" in report.message


def test_without_bootstrap_the_task_must_be_known(worker: WorkerProcess, console: ConsoleDouble) -> None:
    report = console.ask("prepare", prepare_args(bootstrap=False))
    assert report.outcome is Outcome.REFUSED and "not bootstrapped" in report.message
    assert not worker.layout.run_dir(TASK).exists()


@pytest.mark.parametrize("which", ["log", "data"])
def test_directories_that_hold_something_are_named_and_left_alone(
    worker: WorkerProcess, console: ConsoleDouble, which: str
) -> None:
    place = worker.layout.log_dir(TASK) if which == "log" else worker.layout.data_dir(TASK, 0)
    place.mkdir(parents=True)
    (place / "precious").write_text("x")
    report = console.ask("prepare", prepare_args())
    assert report.outcome is Outcome.REFUSED and str(place) in report.message
    assert (place / "precious").exists() and not worker.layout.run_dir(TASK).exists()


def test_files_that_are_no_longer_described_are_removed_and_others_stay(
    worker: WorkerProcess, console: ConsoleDouble
) -> None:
    bootstrap(console, files={"a.cfg": "1", "b.cfg": "2"})
    own = worker.layout.run_dir(TASK) / "written-by-the-task"
    own.write_text("x")
    console.ask("prepare", prepare_args(bootstrap=False, files={"b.cfg": "3"}))
    run_dir = worker.layout.run_dir(TASK)
    assert not (run_dir / "a.cfg").exists() and (run_dir / "b.cfg").read_text() == "3" and own.exists()


@pytest.mark.parametrize("name", ["../x", "a/b", "start.sh", ".minos", "stdout", "data", "", "x" * 200, "-x", "log"])
def test_files_with_names_that_are_not_theirs_are_refused(
    worker: WorkerProcess, console: ConsoleDouble, name: str
) -> None:
    report = console.ask("prepare", prepare_args(files={name: "1"}))
    assert report.outcome is Outcome.REFUSED, report
    assert not worker.layout.run_dir(TASK).exists()


@pytest.mark.parametrize(
    "task",
    [
        TaskName("../etc", "dptst", "zookeeper"),
        TaskName("zookeeper", "..", "zookeeper"),
        TaskName("zookeeper", "dptst", "a/b"),
        TaskName("zookeeper", "dptst", "zookeeper", -1),
        TaskName("", "", ""),
        TaskName("zookeeper", "dptst\0", "zookeeper"),
    ],
)
def test_names_that_could_become_other_paths_are_refused(
    worker: WorkerProcess, console: ConsoleDouble, task: TaskName
) -> None:
    for verb, args in (("prepare", prepare_args(task=task)), ("clean", CleanArgs(task))):
        report = console.ask(verb, args)
        assert report.outcome is Outcome.REFUSED, report


def test_a_data_directory_that_the_host_does_not_have(worker: WorkerProcess, console: ConsoleDouble) -> None:
    report = console.ask("prepare", prepare_args(data_dir_indexes=(0, 3)))
    assert report.outcome is Outcome.REFUSED and "this host has 1" in report.message


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"sha256": "0" * 64}, "SHA-256"), ({"size": 17}, "17"), ({"ticket": "old"}, "ticket")],
)
def test_a_package_that_does_not_fit_is_never_visible(
    worker: WorkerProcess, console: ConsoleDouble, server: PackageServer, changes: dict[str, object], words: str
) -> None:
    report = console.ask("prepare", prepare_args(package=server.source(**changes)))
    assert report.outcome is Outcome.FAILED and words in report.message
    assert nothing_visible(worker)
    shown = console.ask("show", ShowArgs(TASK))
    assert shown.outcome is Outcome.REFUSED
    assert console.ask("prepare", prepare_args(package=server.source())).outcome is Outcome.DONE


def test_a_broken_tarball_is_never_visible(worker: WorkerProcess, console: ConsoleDouble) -> None:
    server = PackageServer(b"\x1f\x8bthis is no tarball" * 100)
    report = console.ask("prepare", prepare_args(package=server.source()))
    server.close()
    assert report.outcome is Outcome.FAILED and "damaged" in report.message
    assert nothing_visible(worker)


def test_another_package_under_the_same_name_is_refused(
    worker: WorkerProcess, console: ConsoleDouble, server: PackageServer
) -> None:
    bootstrap(console, package=server.source())
    other = PackageServer(tarball({"lib/other.jar": b"2"}))
    report = console.ask("prepare", prepare_args(bootstrap=False, package=other.source()))
    other.close()
    assert report.outcome is Outcome.FAILED and "another package" in report.message
    assert (worker.layout.run_dir(TASK) / "package/lib/zk.jar").exists()


def test_a_new_package_is_switched_to_under_a_running_task(
    worker: WorkerProcess, console: ConsoleDouble, server: PackageServer
) -> None:
    spec = bash("exec sleep 1000", environment={"HOME_OF_IT": "$package_dir"})
    pid = run(console, spec, package=server.source())
    new = PackageServer(tarball({"lib/new.jar": b"2"}))
    report = console.ask("prepare", prepare_args(spec, bootstrap=False, package=new.source(revision="r2")))
    new.close()
    assert report.outcome is Outcome.DONE, report
    assert (worker.layout.run_dir(TASK) / "package/lib/new.jar").exists()
    environ = Path(f"/proc/{pid}/environ").read_bytes()
    old = next(entry for entry in environ.split(b"\0") if entry.startswith(b"HOME_OF_IT=")).split(b"=")[1].decode()
    assert (Path(old) / "lib/zk.jar").exists()  # what it runs from is still there


def test_a_slow_package_holds_up_neither_beats_nor_other_tasks(
    worker: WorkerProcess, console: ConsoleDouble, server: PackageServer
) -> None:
    server.hold.set()
    slow = console.send("prepare", prepare_args(package=server.source()))
    console.wait(lambda: server.asked)
    beats = len(console.beats)
    run(console, task=OTHER)
    waiting = console.send("start", StartArgs(TASK))  # waits its turn behind the fetch
    console.wait(lambda: len(console.beats) >= beats + 5)
    gaps = [later[0] - earlier[0] for earlier, later in zip(console.beats, console.beats[1:], strict=False)]
    assert max(gaps[beats - 1 :]) < 1.0
    assert not [report for report in console.reports if report.command_id in (slow, waiting)]
    server.hold.clear()
    assert console.report(slow).outcome is Outcome.DONE
    assert console.report(waiting).outcome is Outcome.DONE


def test_a_fetch_can_be_cancelled(worker: WorkerProcess, console: ConsoleDouble, server: PackageServer) -> None:
    server.hold.set()
    slow = console.send("prepare", prepare_args(package=server.source()))
    console.wait(lambda: server.asked)
    console.cancel(slow)
    threading.Timer(0.3, server.hold.clear).start()
    report = console.report(slow)
    assert report.outcome is Outcome.CANCELLED
    assert nothing_visible(worker)


def test_a_worker_killed_in_a_fetch_goes_on_where_it_was(
    worker: WorkerProcess, console: ConsoleDouble, server: PackageServer
) -> None:
    server.hold.set()
    command = console.send("prepare", prepare_args(package=server.source()))
    part = worker.layout.package / "zookeeper/dptst/r1-20260101-000000/.zookeeper-3.9.3.tar.gz.part"
    console.wait(part.exists)
    worker.kill()
    part.write_bytes(server.body[:1000])
    server.hold.clear()
    worker.start()
    assert console.report(command).outcome is Outcome.DONE
    assert server.asked[-1] == "bytes=1000-"


def test_tasks_of_a_cluster_fetch_a_package_once(
    worker: WorkerProcess, console: ConsoleDouble, server: PackageServer
) -> None:
    tasks = [TaskName("zookeeper", "dptst", "zookeeper", number) for number in range(4)]
    commands = [console.send("prepare", prepare_args(task=task, package=server.source())) for task in tasks]
    assert all(console.report(command).outcome is Outcome.DONE for command in commands)
    assert len(server.asked) == 1


# ---- actions ------------------------------------------------------------------------------------------------------


def test_write_once_writes_below_the_tasks_own_directories(worker: WorkerProcess, console: ConsoleDouble) -> None:
    bootstrap(console, actions=[OneTimeAction("write-once", path="$data_dir/myid", text="3\n")])
    assert (worker.layout.data_dir(TASK, 0) / "myid").read_text() == "3\n"


@pytest.mark.parametrize("path", ["/etc/minos-test", "$data_dir/../../../x", "myid", "$data_dir/../other/x"])
def test_write_once_writes_nowhere_else(worker: WorkerProcess, console: ConsoleDouble, path: str) -> None:
    report = console.ask("prepare", prepare_args(actions=[OneTimeAction("write-once", path=path, text="3")]))
    assert report.outcome is Outcome.FAILED and "not below" in report.message
    assert not Path("/etc/minos-test").exists()


def test_run_runs_the_start_command_with_other_arguments(worker: WorkerProcess, console: ConsoleDouble) -> None:
    spec = bash("exec sleep 1000")
    bootstrap(console, spec, actions=[OneTimeAction("run", args=["-c", "echo formatted > $data_dir/VERSION"])])
    assert (worker.layout.data_dir(TASK, 0) / "VERSION").read_text() == "formatted\n"


def test_a_run_that_fails_tells_its_output_and_the_task_is_not_bootstrapped(
    worker: WorkerProcess, console: ConsoleDouble
) -> None:
    action = OneTimeAction("run", args=["-c", "echo cannot format; exit 5"])
    report = console.ask("prepare", prepare_args(actions=[action]))
    assert report.outcome is Outcome.FAILED and "exit code 5" in report.message
    assert "cannot format" in report.output
    assert console.ask("start", StartArgs(TASK)).outcome is Outcome.REFUSED
    assert console.ask("clean", CleanArgs(TASK)).outcome is Outcome.DONE
    assert console.ask("prepare", prepare_args()).outcome is Outcome.DONE


def test_a_run_that_takes_too_long_is_killed_with_all_it_started(worker: WorkerProcess, console: ConsoleDouble) -> None:
    action = OneTimeAction("run", args=["-c", "sleep 987 & sleep 987"], wait=0.5)
    report = console.ask("prepare", prepare_args(actions=[action]))
    assert report.outcome is Outcome.FAILED and "killed" in report.message
    time.sleep(0.1)
    assert not [path for path in Path("/proc").glob("[0-9]*/cmdline") if _reads(path) == b"sleep\x00987\x00"]


def _reads(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_a_run_that_had_begun_when_the_worker_died_is_interrupted(
    worker: WorkerProcess, console: ConsoleDouble
) -> None:
    action = OneTimeAction("run", args=["-c", "echo x >> $data_dir/count; sleep 3"])
    command = console.send("prepare", prepare_args(actions=[action]))
    count = worker.layout.data_dir(TASK, 0) / "count"
    console.wait(count.exists)
    worker.kill()
    worker.start()
    report = console.report(command)
    assert report.outcome is Outcome.INTERRUPTED
    assert count.read_text() == "x\n"


def test_write_once_is_repeated_by_the_same_command_after_a_crash(
    worker: WorkerProcess, console: ConsoleDouble
) -> None:
    bootstrap(console, task=OTHER)
    once = OneTimeAction("write-once", path="$data_dir/myid", text="3\n")
    command = console.send("prepare", prepare_args(actions=[once]), command_id="the-same")
    assert console.report(command).outcome is Outcome.DONE
    worker.kill()
    # As if it had died after the write and before the record and the report.
    (worker.layout.slot_dir(TASK) / "task.json").unlink()
    import sqlite3

    with sqlite3.connect(worker.layout.worker / "journal.sqlite") as db:
        db.execute("update commands set report = null, noted = 0 where command_id = 'the-same'")
    db.close()
    console.reports.clear()
    worker.start()
    report = console.report(command)
    assert report.outcome is Outcome.DONE, report
    assert console.ask("start", StartArgs(TASK)).outcome is Outcome.DONE


def test_a_strange_action_and_a_strange_start_fail_clearly(worker: WorkerProcess, console: ConsoleDouble) -> None:
    report = console.ask("prepare", prepare_args(actions=[OneTimeAction("dance")]))
    assert report.outcome is Outcome.FAILED and "dance" in report.message
    spec = bash("true", environment={"A B": "1"})
    report = console.ask("prepare", prepare_args(spec, task=OTHER))
    assert report.outcome is Outcome.FAILED and "A B" in report.message
    assert SLEEPER.program
