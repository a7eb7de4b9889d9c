"""keep-keytabs with a real worker: who may read them, what is never written down, and when they go."""

from pathlib import Path

from minos_common.states import Outcome
from minos_common.verbs import CleanArgs, KeytabsArgs
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import TASK, WorkerProcess, bootstrap

SECRET = b"\x05\x02 the key of a daemon"


def holding(root: Path) -> list[str]:
    """Files below a directory that hold the secret."""
    files = [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
    return sorted(path.name for path in files if SECRET in path.read_bytes())


def test_they_lie_in_the_run_directory_and_nowhere_else(worker: WorkerProcess, console: ConsoleDouble) -> None:
    report = console.ask("keep-keytabs", KeytabsArgs(TASK, {"zk.keytab": SECRET}))
    assert (report.outcome, report.message) == (Outcome.DONE, "zk.keytab")
    path = worker.layout.run_dir(TASK) / "zk.keytab"
    assert path.read_bytes() == SECRET and path.stat().st_mode & 0o777 == 0o400
    bootstrap(console)
    assert console.ask("keep-keytabs", KeytabsArgs(TASK, {"zk.keytab": SECRET + b"2"})).outcome is Outcome.DONE
    assert path.read_bytes() == SECRET + b"2", "a newer one takes its place"
    assert holding(worker.layout.worker.parent) == ["zk.keytab"], "neither journal nor record holds it"
    assert console.ask("clean", CleanArgs(TASK)).outcome is Outcome.DONE
    assert holding(worker.layout.worker.parent) == []


def test_other_names_are_refused(worker: WorkerProcess, console: ConsoleDouble) -> None:
    for name in ("zk.cfg", "../zk.keytab", "start.sh"):
        report = console.ask("keep-keytabs", KeytabsArgs(TASK, {name: SECRET}))
        assert report.outcome is Outcome.REFUSED, name
    assert not worker.layout.run_dir(TASK).exists()


def test_a_run_directory_of_somebody_else_gets_none(worker: WorkerProcess, console: ConsoleDouble) -> None:
    run_dir = worker.layout.run_dir(TASK)
    run_dir.parent.mkdir(parents=True, exist_ok=True)
    elsewhere = worker.layout.app / "elsewhere"
    elsewhere.mkdir()
    run_dir.symlink_to(elsewhere)
    report = console.ask("keep-keytabs", KeytabsArgs(TASK, {"zk.keytab": SECRET}))
    assert report.outcome is Outcome.FAILED
    assert list(elsewhere.iterdir()) == []
