"""bring: a package lies ready on a host, and nothing that runs notices."""

from collections.abc import Iterator

import pytest

from minos_common.states import Outcome
from minos_common.verbs import BringArgs
from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import TASK, WorkerProcess, bootstrap
from tests.minos_worker.package_server import PackageServer, tarball


@pytest.fixture
def server() -> Iterator[PackageServer]:
    it = PackageServer(tarball({"lib/a.jar": b"1"}))
    yield it
    it.close()


def test_a_host_without_tasks_has_it_afterwards(
    worker: WorkerProcess, console: ConsoleDouble, server: PackageServer
) -> None:
    for _ in range(2):
        report = console.ask("bring", BringArgs(TASK, server.source()))
        assert report.outcome is Outcome.DONE and report.message.startswith("unpacked in "), report
    paths = worker.layout.package_paths(TASK, server.source().package)
    assert (paths.unpacked / "lib" / "a.jar").read_bytes() == b"1"
    assert not paths.current.exists()
    assert len(server.asked) == 1, "what is there is not fetched again"


def test_what_a_task_has_stays(worker: WorkerProcess, console: ConsoleDouble, server: PackageServer) -> None:
    bootstrap(console, package=server.source())
    newer = PackageServer(tarball({"lib/b.jar": b"2"}))
    report = console.ask("bring", BringArgs(TASK, newer.source(revision="r2")))
    newer.close()
    assert report.outcome is Outcome.DONE, report
    old = worker.layout.package_paths(TASK, server.source().package)
    assert old.current.resolve() == old.unpacked
    assert (worker.layout.run_dir(TASK) / "package").resolve() == old.unpacked


def test_a_wrong_one_is_told_and_leaves_nothing(
    worker: WorkerProcess, console: ConsoleDouble, server: PackageServer
) -> None:
    source = server.source(sha256="0" * 64)
    report = console.ask("bring", BringArgs(TASK, source))
    assert report.outcome is Outcome.FAILED and "SHA-256" in report.message
    assert not worker.layout.package_paths(TASK, source.package).unpacked.exists()
