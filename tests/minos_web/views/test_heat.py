"""Heat maps: shades, groups, and what is unknown because it is old or was never told."""

import re
import time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.models.hosts import Host
from minos_web.models.inventory import Machine
from minos_web.views.heat_scale import SHADES, Cell, Scale, grouped, scale_of, summary_of
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts


@pytest.mark.parametrize(
    ("values", "unit", "low", "high"),
    [
        ([], "count", 0, 1),
        ([5.0, 20.0], "count", 0, 20),
        ([-5.0, 20.0], "count", -5, 20),
        ([0.0], "bytes", 0, 1),
        ([3.0, 4.0], "percent", 0, 100),
        ([300.0], "percent", 0, 300),
        ([-2.0, -1.0], "count", -2, 0),
    ],
)
def test_scales(values: list[float], unit: str, low: float, high: float) -> None:
    assert scale_of(values, unit) == Scale(low, high)


@pytest.mark.parametrize(
    ("value", "shade"), [(0, 1), (12.4, 1), (12.5, 2), (50, 5), (99.9, 8), (100, 8), (140, 8), (-3, 1)]
)
def test_shades(value: float, shade: int) -> None:
    assert Scale(0, 100).shade(value) == shade
    assert len(Scale(0, 100).begins()) == SHADES


def test_groups_and_their_order() -> None:
    cells = [
        Cell("c", "r2", "", 1.0),
        Cell("b", "r1", "", None, "old"),
        Cell("a", "r1", "", 1.0),
        Cell("d", "r1", "", 3.0),
    ]
    assert [(group, [cell.name for cell in some]) for group, some in grouped(cells, False)] == [
        ("r1", ["a", "b", "d"]), ("r2", ["c"]),
    ]  # fmt: skip
    assert [cell.name for cell in grouped(cells, True)[0][1]] == ["d", "a", "b"]
    found = summary_of(cells)
    assert (found.low, found.middle, found.high, found.unknown, found.total) == (1, 1, 3, 1, 4)
    assert summary_of([]).low is None


@pytest.fixture
def measured(session: Session) -> list[Host]:
    """One host that is hot, one whose figures are old, one that never told any; the first stands in a rack."""
    hot, old, _silent = hosts = add_hosts(session)
    hot.figures, hot.figures_at = (
        {"host.cpu_percent": 93.0, "host.load1": 6.0, "host.disk_percent:/x": 5.0},
        time.time(),
    )
    hot.facts = {"cores": 4}
    old.figures, old.figures_at = {"host.cpu_percent": 7.0}, time.time() - 3600
    session.add(Machine(host="host-31", rack="r<1>", created_at=1.0, changed_at=1.0, changed_by="eve"))
    session.commit()
    return hosts


def squares(browser: Browser, url: str) -> dict[str, tuple[str, str]]:
    """Name -> (shade, value in words)."""
    return {
        one.select_one(".mn-heat__name").text: (
            re.findall(r"mn-heat__cell--(\w+)", " ".join(one["class"]))[0],
            one.select_one(".mn-heat__value").text,
        )
        for one in browser.get(url).html.select("a.mn-heat__cell")
    }


def test_hosts_by_rack(testapp: Browser, measured: list[Host]) -> None:
    assert squares(testapp, "/hosts/heat") == {
        "host-31": ("8", "93 %"), "host-32": ("unknown", "?"), "host-33": ("unknown", "?"),
    }  # fmt: skip
    page = testapp.get("/hosts/heat")
    assert [one["aria-label"] for one in page.html.select(".mn-heat__group")] == ["Rack 127.0.0", "Rack r<1>"]
    assert "2 unknown" in page.text and "its figures are old" in page.text and "no figures yet" in page.text
    assert page.html.select_one("a.mn-heat__cell--8")["href"] == "/hosts/host-31"
    figures = [one["value"] for one in page.html.select("#figure option")]
    assert figures == ["host.cpu_percent", "host.load1_per_core", "host.load1"], "none of parts, by their titles"


@pytest.mark.parametrize(
    ("figure", "value"),
    [("host.load1_per_core", "1.5"), ("host.load1", "6"), ("nonsense", "93 %"), ("host.disk_percent:/x", "93 %")],
)
def test_any_figure(testapp: Browser, measured: list[Host], figure: str, value: str) -> None:
    assert squares(testapp, f"/hosts/heat?figure={figure}")["host-31"][1] == value


def test_without_hosts_and_without_figures(testapp: Browser, session: Session) -> None:
    assert "No approved host" in testapp.get("/hosts/heat").text
    add_hosts(session)
    session.commit()
    assert "No host has told a figure yet" in testapp.get("/hosts/heat").text


def test_a_thousand_hosts(testapp: Browser, session: Session) -> None:
    hosts = add_hosts(session, [f"10.{at // 100}.0.{at % 100}" for at in range(100)])
    for at in range(900):
        hosts.append(
            Host(
                name=f"n{at}",
                address=f"10.9.{at // 200}.{at % 200}",
                public_key=f"k{at}",
                state="approved",
                first_seen=1.0,
            )
        )
    for at, host in enumerate(hosts):
        host.figures, host.figures_at = {"host.cpu_percent": at / 10}, time.time()
    session.add_all(hosts)
    session.commit()
    page = testapp.get("/hosts/heat?order=value")
    found = page.html.select("a.mn-heat__cell")
    assert len(found) == 1000 and len([one for one in found if "tabindex" not in one.attrs]) == len(
        page.html.select(".mn-heat__group")
    )
    assert page.html.select_one(".mn-heat--dense")


def test_tasks_of_a_cluster(testapp: Browser, session: Session, console: Console) -> None:
    add_hosts(session)
    add_cluster(session, console)
    session.commit()
    assert "No task has told a figure yet" in testapp.get("/clusters/zookeeper/dptst/heat").text
    for task in session.scalars(select(Task)):
        told: dict[str, Any] = {"task.cpu_percent": 40.0, "zookeeper.znodes": 7.0, "zookeeper.received": 1e6}
        task.figures, task.figures_at = told if task.number else {}, time.time()
    session.commit()
    url = "/clusters/zookeeper/dptst/heat"
    found = squares(testapp, url)
    assert found["1 on 127.0.0.32"] == ("4", "40 %")
    assert found["0 on 127.0.0.31"] == ("unknown", "?")
    figures = [one["value"] for one in testapp.get(url).html.select("#figure option")]
    assert set(figures) == {"task.cpu_percent", "zookeeper.znodes"}, "a counter's value says nothing"
