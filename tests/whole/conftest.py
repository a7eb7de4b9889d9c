"""Fixtures of whole-system tests: a real ZooKeeper package, and sites to put it on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.whole.ensemble import Ensemble
from tests.whole.site import Site, a_site, free_base_port


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Console and three workers."""
    with a_site(tmp_path_factory.mktemp("site"), ["127.0.0.21", "127.0.0.22", "127.0.0.23"]) as made:
        yield made


@pytest.fixture(scope="module")
def ensemble(site: Site, zookeeper_package: Path) -> Ensemble:
    """A described, not yet bootstrapped three-server cluster with its package in the store."""
    return Ensemble.described(site, zookeeper_package, free_base_port([host.address for host in site.hosts]))
