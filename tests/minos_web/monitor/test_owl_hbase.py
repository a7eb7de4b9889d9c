"""Tables, region servers and clusters of HBase in Owl's keys and units."""

from typing import Any

from minos_common.facts import Fact
from minos_web.monitor.owl_hbase import points_of_servers, points_of_tables
from minos_web.monitor.owl_shapes import metrics_shape


def region(key: str, table: str, reads: float | None, writes: float) -> Fact:
    numbers = {"write_requests_per_second": writes} | ({} if reads is None else {"read_requests_per_second": reads})
    return Fact(key, numbers, {"table": table})


def operation(table: str, name: str, rate: float, mean: float, least: float, most: float) -> Fact:
    numbers = {"count_per_second": rate, "mean": mean, "min": least, "max": most, "count": 9.0}
    return Fact(f"{table}/{name}", numbers, {"table": table, "operation": name})


def shaped(points: Any) -> dict[str, Any]:
    found = metrics_shape(points, 0)
    assert found is not None
    return {
        f"{group}.{key}": (one["value"], one["unit"])
        for groups in found["data"].values()
        for group, keys in groups.items()
        for key, one in keys.items()
    }


def test_rates_of_tables_are_those_of_their_regions() -> None:
    regions = [region("1", "t", 1.5, 2.0), region("2", "t", 2.5, 0.0), region("3", "ns:u", None, 1.0)]
    assert shaped(points_of_tables("c", regions, [])) == {
        "t.readRequestsCountPerSec": (4, "qps"),
        "t.writeRequestsCountPerSec": (2, "qps"),
        "ns:u.writeRequestsCountPerSec": (1, "qps"),
    }


def test_operations_are_weighed_and_told_in_microseconds() -> None:
    """OC-33, OC-71; how often is told as it was, not divided by ten."""
    told = [operation("t", "get", 3.0, 2.0, 1.0, 9.0), operation("t", "get", 1.0, 6.0, 0.5, 7.0), operation("u", "get", 1.0, 1.0, 1.0, 1.0)]  # fmt: skip
    found = shaped(points_of_tables("c", [region("1", "t", 0.0, 0.0)], told))
    assert found["t.get_NumOps"] == (4, "ops")
    assert found["t.get_AvgTime"] == (3000, "us")
    assert found["t.get_MinTime"] == (500, "us")
    assert found["t.get_MaxTime"] == (9000, "us")
    assert not any(key.startswith("u.") for key in found)


def test_nothing_done_has_no_time() -> None:
    idle = Fact("t/get", {"count_per_second": 0.0, "count": 5.0}, {"table": "t", "operation": "get"})
    found = shaped(points_of_tables("c", [region("1", "t", 0.0, 0.0)], [idle]))
    assert found["t.get_NumOps"] == (0, "ops") and "t.get_AvgTime" not in found


def test_servers_by_host_and_the_cluster() -> None:
    servers = [
        Fact(f"h{n},16020,1", {"read_requests_per_second": 1.0 * n, "write_requests_per_second": 1.0}, {"name": f"h{n},16020,1"})
        for n in (1, 2)
    ]  # fmt: skip
    assert shaped(points_of_servers("c", servers)) == {
        "h1.readRequestsCountPerSec": (1, "qps"),
        "h1.writeRequestsCountPerSec": (1, "qps"),
        "h2.readRequestsCountPerSec": (2, "qps"),
        "h2.writeRequestsCountPerSec": (1, "qps"),
        "Cluster.readRequestsCountPerSec": (3, "qps"),
        "Cluster.writeRequestsCountPerSec": (2, "qps"),
    }
