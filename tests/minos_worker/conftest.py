"""A console and a worker, both real, for each test that asks for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.minos_worker.console_double import ConsoleDouble
from tests.minos_worker.hosts import WorkerProcess


@pytest.fixture
def console(tmp_path: Path) -> Iterator[ConsoleDouble]:
    double = ConsoleDouble(tmp_path)
    yield double
    double.close()


@pytest.fixture
def worker(tmp_path: Path, console: ConsoleDouble) -> Iterator[WorkerProcess]:
    daemon = WorkerProcess(tmp_path / "host1", console)
    yield daemon.start()
    daemon.clean_up()
