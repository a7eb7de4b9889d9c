"""A console and a worker, both real, for each test that asks for them."""

import subprocess
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


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB; making one takes root."""
    place = tmp_path / "small"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", place], capture_output=True, check=False)
    if made.returncode != 0:
        pytest.skip("a file system of our own cannot be mounted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)
