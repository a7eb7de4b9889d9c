"""Which series exist, and several of them put together."""

import time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.models.counters import Counter
from minos_web.models.hosts import Host
from minos_web.monitor.series.port import Batch, Sample, SeriesName
from minos_web.monitor.series.writing import SeriesWriter
from tests.minos_web.scene import add_cluster, add_hosts
from tests.minos_web.views.api.test_openapi import fits

NAMES = "/api/v1/series/names"


def keep(session: Session, batch: str, samples: list[Sample]) -> None:
    SeriesWriter().store(session, Batch("test", batch), samples)
    session.commit()


@pytest.fixture
def measured(session: Session, console: Console) -> int:
    """Three hosts with a server each; the second of these before the last, when the time is told."""
    hosts = add_hosts(session)
    add_cluster(session, console)
    now = int(time.time()) // 10 * 10
    samples: list[Sample] = []
    for number, host in enumerate(hosts):
        task = session.scalars(select(Task).where(Task.host_id == host.id)).one()
        place = SeriesName(
            "zookeeper.received", host.name, "zookeeper", "dptst", "zookeeper", "" if task.instance < 0 else "0"
        )
        for at in range(now - 300, now, 10):
            samples.append((SeriesName("host.cpu_percent", host.name), at, float(number + 1)))
            samples.append((place, at, float(at % 1000)))
    samples.append((SeriesName("counter.shop.orders", "till-1"), now - 10, 3.0))
    keep(session, "first", samples)
    return now


def names(app: TestApp, query: str = "") -> Any:
    return app.get(f"{NAMES}?{query}").json


def test_metrics_and_labels_are_told(api_as: Any, measured: int) -> None:
    found = names(api_as("viewer"))
    assert fits(found, "/series/names") == []
    by_name = {one["name"]: one for one in found["metrics"]}
    assert list(by_name) == ["counter.shop.orders", "host.cpu_percent", "zookeeper.received"]
    assert by_name["host.cpu_percent"] == {
        "name": "host.cpu_percent", "title": "Host: CPU", "unit": "percent", "counter": False, "series": 3,
    }  # fmt: skip
    received = by_name["zookeeper.received"]
    assert received["title"].startswith("ZooKeeper: ") and received["counter"], "as the service's folder says"
    assert found["labels"]["host"] == ["host-31", "host-32", "host-33", "till-1"]
    assert found["labels"]["cluster"] == ["dptst"] and found["left_off"] == 0


@pytest.mark.parametrize(
    ("query", "metrics", "hosts"),
    [
        ("q=CPU", ["host.cpu_percent"], 4),
        ("q=zookeeper+received", ["zookeeper.received"], 4),
        ("q=none+of+it", [], 4),
        ("service=zookeeper", ["zookeeper.received"], 3),
        ("metric=counter.shop.orders&q=orders", ["counter.shop.orders"], 1),
        ("host=host-31", ["host.cpu_percent", "zookeeper.received"], 4),
        ("q=%25", [], 4),
    ],
)
def test_they_are_narrowed_down(api_as: Any, measured: int, query: str, metrics: list[str], hosts: int) -> None:
    found = names(api_as("viewer"), query)
    assert [one["name"] for one in found["metrics"]] == metrics
    assert len(found["labels"]["host"]) == hosts, "a label's own value does not narrow it down"


def test_what_does_not_fit_the_limit_is_counted(api_as: Any, measured: int) -> None:
    found = names(api_as("viewer"), "limit=1")
    assert len(found["metrics"]) == 1 and found["left_off"] == 2
    assert api_as("viewer").get(f"{NAMES}?limit=x", status=400).json["error"]["field"] == "limit"


def test_a_counter_tells_its_unit(api_as: Any, session: Session, measured: int) -> None:
    row = Counter(group="shop", name="orders", endpoint="till-1", value=3.0, unit="orders", at=1.0)
    session.add(row)
    session.commit()
    (found,) = names(api_as("viewer"), "q=shop:")["metrics"]
    assert (found["name"], found["title"], found["unit"]) == ("counter.shop.orders", "shop: orders", "orders")


def series(app: TestApp, query: str, status: int = 200) -> Any:
    return app.get(f"/api/v1/series?{query}", status=status).json


def test_sum_average_and_highest(api_as: Any, measured: int) -> None:
    app = api_as("viewer")
    span = f"from={measured - 300}&to={measured}&points=30"
    (total,) = series(app, f"metric=host.cpu_percent&{span}&combine=sum")["series"]
    assert {value for _, value in total["points"]} == {6.0} and total["labels"] == {}
    (mean,) = series(app, f"metric=host.cpu_percent&{span}&combine=average")["series"]
    assert {value for _, value in mean["points"]} == {2.0}
    top = series(app, f"metric=host.cpu_percent&{span}&combine=top&top=2")["series"]
    assert [one["labels"]["host"] for one in top] == ["host-33", "host-32"]
    assert series(app, "metric=x&combine=product", 400)["error"]["field"] == "combine"


def test_a_silent_host_makes_a_sum_unknown_until_it_is_no_host_any_more(
    api_as: Any, session: Session, measured: int
) -> None:
    load = {name: SeriesName("host.load1", name) for name in ("host-31", "host-32")}
    keep(session, "both", [(name, measured - 200, 1.0) for name in load.values()])
    keep(session, "one", [(load["host-31"], measured - 20, 1.0)])
    query = f"metric=host.load1&from={measured - 300}&to={measured}&points=30&combine=sum"
    (total,) = series(api_as("viewer"), query)["series"]
    assert total["points"] == [[measured - 200, 2.0], [measured - 20, None]]
    session.scalars(select(Host).where(Host.name == "host-32")).one().state = "revoked"
    session.commit()
    (total,) = series(api_as("viewer"), query)["series"]
    assert total["points"] == [[measured - 200, 2.0], [measured - 20, 1.0]]
