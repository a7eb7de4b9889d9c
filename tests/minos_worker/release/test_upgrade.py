"""A worker becomes another release of itself, or goes back; its tasks never notice."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from minos_common.states import Outcome, TaskState
from minos_common.verbs import StartArgs, UpgradeArgs
from minos_common.version import VERSION
from minos_common.words import Report
from minos_worker.process.tree import all_processes
from minos_worker.release import record as records
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import TASK, WorkerProcess, bash, bootstrap, prepare_args, run, stop
from tests.minos_worker.package_server import PackageServer
from tests.minos_worker.release.wheels import changed_wheel, pids_with, release_of, source_of

TRIAL = 3.0


@pytest.fixture
def server() -> Iterator[PackageServer]:
    server = PackageServer(b"")
    yield server
    server.close()


@pytest.fixture
def worker(tmp_path: Path, console: ConsoleDouble) -> Iterator[WorkerProcess]:
    daemon = WorkerProcess(tmp_path / "host1", console, trial_seconds=TRIAL)
    yield daemon.start()
    daemon.clean_up()
    for pid in pids_with(str(daemon.ini)):  # a worker that a guard started is no child of ours
        os.kill(pid, signal.SIGKILL)


def upgrade(console: ConsoleDouble, server: PackageServer, wheel: bytes, version: str) -> tuple[Report, str]:
    """Ask for an upgrade; the report and the release's name."""
    source = source_of(server, wheel, version)
    return console.ask("upgrade", UpgradeArgs(source), 120, 90), release_of(source)


def test_an_upgrade_keeps_the_process_and_touches_no_task(
    worker: WorkerProcess, console: ConsoleDouble, server: PackageServer
) -> None:
    pid = run(console)
    before = worker.process_record(TASK)
    report, release = upgrade(console, server, changed_wheel("7.1"), "7.1")
    assert report.outcome is Outcome.DONE, report
    assert report.data == {"version": "7.1", "release": release}
    hello = console.hellos[-1]
    assert (hello.version, hello.facts.release, hello.worker_starts) == ("7.1", release, 2)
    assert worker.process is not None and worker.process.poll() is None, "the daemon is the same process still"
    assert worker.process_record(TASK) == before
    status = console.wait_status(TASK, lambda s: s.state is TaskState.RUNNING)
    assert (status.pid, status.restarts) == (pid, 0)
    assert stop(console).outcome is Outcome.DONE
    console.wait(lambda: pids_with("--guard") == [], 10)  # it looks four times a second whether the trial is over


def test_a_release_stays_the_one_to_run_and_older_ones_are_cleared_away(
    worker: WorkerProcess, console: ConsoleDouble, server: PackageServer
) -> None:
    names = []
    for number in range(3):
        report, name = upgrade(console, server, changed_wheel(f"7.{number}"), f"7.{number}")
        assert report.outcome is Outcome.DONE, report
        names.append(name)
    releases = worker.layout.worker / "releases"
    console.wait(lambda: sorted(path.name for path in releases.iterdir()) == names[1:], 5)
    worker.kill()
    worker.start()
    assert console.hellos[-1].version == "7.2"
    again, _ = upgrade(console, server, changed_wheel("7.2"), "7.2")
    assert again.outcome is Outcome.DONE and len(console.hellos) == 5, "what runs already is not started again"
    back, _ = upgrade(console, server, changed_wheel("7.1"), "7.1")
    assert back.outcome is Outcome.DONE and console.hellos[-1].version == "7.1"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("minos_worker/agent/loop.py", "import queue\n", "import queue\nimport nowhere_at_all\n"), "ended with 1"),
        (("minos_worker/__main__.py", "import sys\n", "import sys\nraise SystemExit(3)\n"), "ended with 3"),
        (("minos_worker/lifecycle.py", "import ", "def broken(:\nimport "), "ended with 1"),
    ],
    ids=["import", "exit", "syntax"],
)
def test_a_release_that_fails_its_own_check_is_not_tried(
    worker: WorkerProcess, console: ConsoleDouble, server: PackageServer, change: tuple[str, str, str], words: str
) -> None:
    report, _ = upgrade(console, server, changed_wheel("8", *change), "8")
    assert report.outcome is Outcome.FAILED and words in report.message
    assert ("Error" in report.output) == ("with 1" in words)
    assert len(console.hellos) == 1
    assert list((worker.layout.worker / "releases").iterdir()) == []


def test_what_is_no_wheel_is_refused_and_leaves_nothing(
    worker: WorkerProcess, console: ConsoleDouble, server: PackageServer
) -> None:
    report, _ = upgrade(console, server, b"PK\x03\x04 nonsense", "8")
    assert report.outcome is Outcome.FAILED and "wheel cannot be read" in report.message
    assert list((worker.layout.worker / "releases").iterdir()) == []


CRASHES = (
    "minos_worker/__main__.py",
    '    """Put the parts together',
    '    os._exit(9)\n    """Put the parts together',
)
MUTE = (
    "minos_worker/agent/loop.py",
    "    def _hello(self) -> Hello:\n",
    "    def _hello(self) -> Hello:\n        raise OSError\n",
)
HANGS = (
    "minos_worker/__main__.py",
    '    """Put the parts together',
    '    import time\n\n    time.sleep(999)\n    """Put the parts together',
)


@pytest.mark.parametrize(
    ("change", "words"),
    [(CRASHES, "it died, and nothing started it again"), (MUTE, "did not reach the console in time"), (HANGS, "hung")],
    ids=["crashes", "is mute", "hangs"],
)
def test_a_release_that_does_not_come_up_is_given_up_by_itself(
    worker: WorkerProcess, console: ConsoleDouble, server: PackageServer, change: tuple[str, str, str], words: str
) -> None:
    pid = run(console)
    good, _ = upgrade(console, server, changed_wheel("7.1"), "7.1")
    assert good.outcome is Outcome.DONE
    report, _ = upgrade(console, server, changed_wheel("8", *change), "8")
    assert report.outcome is Outcome.FAILED and words in report.message, report
    assert "went back to 7.1-" in report.message
    assert console.hellos[-1].version == "7.1"
    status = console.wait_status(TASK, lambda s: s.state is TaskState.RUNNING)
    assert (status.pid, status.restarts) == (pid, 0) and pid in all_processes()
    assert records.load(worker.layout.worker).trial is None
    console.wait(lambda: pids_with("--guard") == [], 10)
    assert stop(console).outcome is Outcome.DONE, "the worker that came back is a whole one"


def test_a_crash_of_the_first_upgrade_brings_the_installed_worker_back(
    worker: WorkerProcess, console: ConsoleDouble, server: PackageServer
) -> None:
    report, _ = upgrade(console, server, changed_wheel("8", *CRASHES), "8")
    assert report.outcome is Outcome.FAILED and "went back to the installed release" in report.message
    assert console.hellos[-1].version == VERSION


def test_a_worker_that_is_restarted_from_outside_gives_a_crashing_release_up(
    worker: WorkerProcess, console: ConsoleDouble, server: PackageServer
) -> None:
    """As systemd does: at once, again and again."""
    worker.end()
    worker.ini.write_text(worker.ini.read_text().replace(f"trial_seconds = {TRIAL}", "trial_seconds = 60"))
    worker.start()
    source = source_of(server, changed_wheel("8", *CRASHES), "8")
    command = console.send("upgrade", UpgradeArgs(source), 120)
    starts = 0
    while not any(hello.worker_starts == 3 for hello in console.hellos):
        assert worker.process is not None
        assert worker.process.wait(30) == 9
        starts += 1
        assert starts < 6
        hellos = len(console.hellos)
        with worker.log.open("ab") as log:
            worker.process = subprocess.Popen(
                [sys.executable, "-m", "minos_worker", str(worker.ini)], stdout=log, stderr=log
            )
        console.wait(lambda: len(console.hellos) > hellos or worker.process.poll() is not None, 30)  # noqa: B023
    report = console.report(command)
    assert report.outcome is Outcome.FAILED and "never reached the console" in report.message


def test_an_upgrade_waits_for_what_is_under_way_and_takes_nothing_new(
    worker: WorkerProcess, console: ConsoleDouble, server: PackageServer, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    spec = bash("exec sleep 1000")
    bootstrap(console, spec)
    hook = prepare_args(spec, bootstrap=False)
    hook.files = {"pre.sh": f"read line < {gate}\n"}
    assert console.ask("prepare", hook).outcome is Outcome.DONE
    start = console.send("start", StartArgs(TASK))
    console.wait(lambda: any(p.command_id == start for p in console.progress), 10)
    command = console.send("upgrade", UpgradeArgs(source_of(server, changed_wheel("7.1"), "7.1")), 120)
    console.wait(lambda: any(p.command_id == command and "nothing else" in p.message for p in console.progress), 30)
    assert len(console.hellos) == 1
    gate.write_text("go\n")
    assert console.report(start).outcome is Outcome.DONE
    assert console.report(command).outcome is Outcome.DONE
    assert console.hellos[-1].version == "7.1"


def test_a_second_upgrade_meanwhile_is_refused(
    worker: WorkerProcess, console: ConsoleDouble, server: PackageServer
) -> None:
    wheel = changed_wheel("7.1")
    source = source_of(server, wheel, "7.1")
    server.hold.set()
    first = console.send("upgrade", UpgradeArgs(source), 120)
    console.wait(lambda: any(p.command_id == first and p.message == "fetching" for p in console.progress), 10)
    second = console.ask("upgrade", UpgradeArgs(source))
    assert second.outcome is Outcome.REFUSED and "another upgrade" in second.message
    server.hold.clear()
    assert console.report(first).outcome is Outcome.DONE


def test_a_kill_in_the_middle_of_an_upgrade_ends_on_one_side(
    worker: WorkerProcess, console: ConsoleDouble, server: PackageServer
) -> None:
    """Killed at another moment each time: afterwards the report says what really runs."""
    pid = run(console)
    for number, wanted in enumerate(("fetching", "unpacking", "checking", "checking", "checking")):
        version = f"7.{number}"
        command = console.send("upgrade", UpgradeArgs(source_of(server, changed_wheel(version), version)), 120)
        console.wait(lambda: any(p.command_id == command and p.message == wanted for p in console.progress), 20)  # noqa: B023
        worker.kill()
        worker.start()
        report = console.report(command, 60)
        assert report.outcome is Outcome.DONE, report
        assert console.hellos[-1].version == version
    status = console.wait_status(TASK, lambda s: s.state is TaskState.RUNNING)
    assert (status.pid, status.restarts) == (pid, 0)
