"""What tests of several rooms need: a real ZooKeeper package, a disk that is soon full."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

# How long an example takes says how busy the machine is.
settings.register_profile("minos", deadline=None)
settings.load_profile("minos")
HERE = Path(__file__).resolve().parent
TOP = HERE.parent
LONG = "tests/whole/", "tests/browser/"
LONG_SECONDS = 600
HEAVY = [
    f"tests/whole/{name}.py"
    for name in (
        *("test_flink", "test_hdfs", "test_kafka", "test_kerberos", "test_opentsdb", "test_storm"),
        *("on_hdfs/test_quotas", "on_hdfs/test_yarn", "on_hdfs/test_hbase"),
    )
]
"""In this order: quotas are of homes that nobody else has been at."""


class Lanes(LoadScopeScheduling):  # type: ignore[misc]
    """Tests of a file stay together when they are run in lanes: they may share a site. Those of the browser and of clusters
    that need the whole machine share one lane: side by side they would wait for each other longer than their patience.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return "heavy" if path in HEAVY or path.startswith("tests/browser/") else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Lanes:
    """How `pytest -n` shares the tests out."""
    return Lanes(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest begin first, so that no lane has one left at the end; whole clusters may take their time."""
    for item in items:
        if item.nodeid.startswith(LONG) and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(LONG_SECONDS))
    order = {path: number for number, path in enumerate(HEAVY)}

    def place(item: pytest.Item) -> tuple[int, bool]:
        return order.get(item.nodeid.partition("::")[0], len(order)), not item.nodeid.startswith(LONG)

    items.sort(key=place)


@pytest.fixture(scope="session")
def zookeeper_package() -> Path:
    """A real ZooKeeper tarball; assembled once and kept below var/packages."""
    return assembled("zookeeper")


@pytest.fixture(scope="session")
def hadoop_package() -> Path:
    """A real Hadoop tarball; assembled once and kept below var/packages."""
    return assembled("hadoop")


@pytest.fixture(scope="session")
def hbase_package() -> Path:
    """A real HBase tarball; assembled once and kept below var/packages."""
    return assembled("hbase")


@pytest.fixture(scope="session")
def opentsdb_package() -> Path:
    """A real OpenTSDB tarball; assembled once and kept below var/packages."""
    return assembled("opentsdb")


@pytest.fixture(scope="session")
def kafka_package() -> Path:
    """A real Kafka tarball; assembled once and kept below var/packages."""
    return assembled("kafka")


@pytest.fixture(scope="session")
def flink_package() -> Path:
    """A real Flink tarball; assembled once and kept below var/packages."""
    return assembled("flink")


@pytest.fixture(scope="session")
def storm_package() -> Path:
    """A real Storm tarball; assembled once and kept below var/packages."""
    return assembled("apache-storm")


def assembled(name: str) -> Path:
    """The tarball of a service, made from Maven Central at the first call."""
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
