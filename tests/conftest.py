"""What tests of several rooms need: a real ZooKeeper package, a disk that is soon full."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def zookeeper_package() -> Path:
    """A real ZooKeeper tarball; assembled once and kept below var/packages."""
    return _assembled("zookeeper")


@pytest.fixture(scope="session")
def hadoop_package() -> Path:
    """A real Hadoop tarball; assembled once and kept below var/packages."""
    return _assembled("hadoop")


@pytest.fixture(scope="session")
def hbase_package() -> Path:
    """A real HBase tarball; assembled once and kept below var/packages."""
    return _assembled("hbase")


@pytest.fixture(scope="session")
def kafka_package() -> Path:
    """A real Kafka tarball; assembled once and kept below var/packages."""
    return _assembled("kafka")


@pytest.fixture(scope="session")
def flink_package() -> Path:
    """A real Flink tarball; assembled once and kept below var/packages."""
    return _assembled("flink")


@pytest.fixture(scope="session")
def storm_package() -> Path:
    """A real Storm tarball; assembled once and kept below var/packages."""
    return _assembled("apache-storm")


def _assembled(name: str) -> Path:
    command = [sys.executable, str(TOP / "packages" / "assemble.py"), name]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=TOP)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip().splitlines()[-1])


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
