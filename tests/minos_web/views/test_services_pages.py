"""Pages of the catalog: what services say, and folders that cannot be read."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from minos_web.catalog.loader import SHIPPED, load_catalog
from minos_web.console import Console
from minos_web.monitor.series.port import Batch, SeriesName
from minos_web.monitor.series.writing import SeriesWriter
from tests.minos_web.conftest import Browser


@pytest.fixture
def viewer(browser_as: Callable[[str], Browser]) -> Browser:
    """Somebody who may only look."""
    return browser_as("viewer")


def test_every_service_has_a_page(viewer: Browser, console: Console) -> None:
    listed = viewer.get("/services").text
    for name, service in console.catalog.services.items():
        assert service.title in listed
        page = viewer.get(f"/services/{name}").text
        assert all(gate.title.partition("'")[0] in page for gate in service.gates)
        assert all(f">{command.name}<" in page for command in service.commands)
    assert "Cannot be used" not in listed
    viewer.get("/services/nosuch", status=404)


def test_a_broken_folder_is_told_and_the_rest_goes_on(viewer: Browser, console: Console, tmp_path: Path) -> None:
    for name, text in (("ours", 'artifact = "x"\n[[jobs]]\nname = "one"\n'), ("bad", 'artifact = "x"\njobs = 3\n')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "service.toml").write_text(text)
    found = load_catalog((SHIPPED, tmp_path))
    console.catalog.services.update({"ours": found["ours"]})
    console.catalog.own.add("ours")
    console.catalog.problems.extend(found.problems)
    try:
        listed = viewer.get("/services").text
        assert "Cannot be used" in listed and "<b>bad</b>/service.toml, jobs" in listed
        assert "this site" in listed and viewer.get("/services/ours").text.count("of this site") == 1
    finally:
        console.catalog.services.pop("ours")
        console.catalog.own.clear()
        console.catalog.problems.clear()


def test_clusters_of_a_service_are_compared(viewer: Browser, session: Session) -> None:
    """OP-11: reads and writes a second, a line for each cluster."""
    assert "Compared" not in viewer.get("/services/hbase").text
    now = int(time.time())
    name = SeriesName("hbase.cluster.read_requests_per_second", "", "hbase", "tst-a")
    SeriesWriter().store(session, Batch("facts", "1"), [(name, now, 5.0)])
    session.commit()
    page = viewer.get("/services/hbase")
    for rate in ("read", "write"):
        assert f"metric=hbase.cluster.{rate}_requests_per_second&amp;service=hbase" in page.text
    assert "Compared" not in viewer.get("/services/zookeeper").text
