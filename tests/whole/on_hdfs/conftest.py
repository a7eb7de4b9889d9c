"""One HDFS that serves the tests of all that lives on it: bringing one up takes fourteen daemons and more than a minute."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.whole.ensemble import Ensemble
from tests.whole.filesystem import Filesystem
from tests.whole.site import Site, a_site, free_base_port

BLOCKS = 9
"""Hundreds of ports: ZooKeeper's, four of HDFS, four for what lives on it."""


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Console and three workers; quotas are read in rounds, rows are counted at any hour."""
    addresses = ["127.0.0.21", "127.0.0.22", "127.0.0.23"]
    own = {"quota_seconds": 3600, "row_count_start_hour": 0, "row_count_end_hour": 0}
    with a_site(tmp_path_factory.mktemp("site"), addresses, **own) as made:
        yield made


@pytest.fixture(scope="package")
def base_port(site: Site) -> int:
    """Of ZooKeeper; HDFS has the four hundred ports after its own, and what lives on it those from ``base_port + 500``."""
    return free_base_port([host.address for host in site.hosts], blocks=BLOCKS)


@pytest.fixture(scope="package")
def files(site: Site, base_port: int, zookeeper_package: Path, hadoop_package: Path) -> Filesystem:
    """An HDFS that serves."""
    ensemble = Ensemble.described(site, zookeeper_package, base_port, "pond")
    password = {"cleanup_password": "sesame-7"}
    done = ensemble.operate("bootstrap", options=password)
    assert done["state"] == "done", done["message"]
    made = Filesystem.described(site, hadoop_package, base_port + 100, "pond-files")
    done = made.operate("bootstrap", options=password)
    assert done["state"] == "done", done["message"]
    made.serves()
    return made
