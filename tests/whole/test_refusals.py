"""Bad input at the whole system: each a clear message, nothing half-done."""

import socket
from pathlib import Path

import pytest

from tests.whole.ensemble import Ensemble
from tests.whole.site import Site, free_base_port


@pytest.fixture
def fresh(site: Site, zookeeper_package: Path, request: pytest.FixtureRequest) -> Ensemble:
    name = f"r{abs(hash(request.node.name)) % 10**6}tst"
    return Ensemble.described(site, zookeeper_package, free_base_port([h.address for h in site.hosts]), name)


def untouched(ensemble: Ensemble) -> bool:
    """No worker made anything for this cluster."""
    return not any(list((h.root / "app" / "zookeeper" / ensemble.name).glob("**/*")) for h in ensemble.site.hosts)


def test_a_taken_port_stops_the_bootstrap_before_anything_moves(fresh: Ensemble) -> None:
    with socket.create_server((fresh.site.hosts[1].address, fresh.base_port)):
        done = fresh.operate("bootstrap")
    assert done["state"] == "failed"
    assert str(fresh.base_port) in done["message"]
    assert untouched(fresh)
    assert {s["state"] for w in done["waves"][1:] for s in w["steps"]} == {"skipped"}


def test_a_data_directory_that_is_not_empty_stops_the_bootstrap(fresh: Ensemble) -> None:
    precious = fresh.site.hosts[2].root / "data" / "zookeeper" / fresh.name / "zookeeper" / "precious"
    precious.parent.mkdir(parents=True)
    precious.write_text("data")
    done = fresh.operate("bootstrap")
    assert done["state"] == "failed"
    assert "not empty" in done["message"]
    assert precious.read_text() == "data"


def test_a_host_that_is_not_there_is_named(fresh: Ensemble) -> None:
    text = fresh.text.replace(fresh.site.hosts[0].address, "127.0.0.99")
    fresh.site.api.put_text(f"config/conf/zookeeper/zookeeper-{fresh.name}.cfg", text)
    with pytest.raises(RuntimeError, match=r"no approved host has the address 127\.0\.0\.99"):
        fresh.operate("bootstrap")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("base_port=", "base_port=1", "line 7: .*base_port"),
        ("jobs=zookeeper", "jobs=zookeper", "line 4: .*zookeper"),
        ("[zookeeper]", "[zookeepers]", "line 4: .*zookeeper"),
        ("-Xmx96m", "-Xmx%{cluster.nam}", "line 12: .*nam"),
    ],
)
def test_a_broken_cluster_file_is_not_saved(fresh: Ensemble, old: str, new: str, message: str) -> None:
    with pytest.raises(RuntimeError, match=f"(?s)422.*{message}"):
        fresh.site.api.put_text(f"config/conf/zookeeper/zookeeper-{fresh.name}.cfg", fresh.text.replace(old, new, 1))


def test_a_broken_tarball_is_refused(site: Site, tmp_path: Path) -> None:
    broken = tmp_path / "zookeeper-9.9.9.tar.gz"
    broken.write_bytes(b"this is no tarball")
    with pytest.raises(RuntimeError, match="422"):
        site.api.upload(broken, "zookeeper", "broken")
