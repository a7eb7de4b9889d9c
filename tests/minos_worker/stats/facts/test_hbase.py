"""What HBase 2.5's daemons tell, as they told it (shortened)."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from minos_common.facts import Fact
from minos_worker.stats.facts.hbase import hbase_master, hbase_regionserver
from minos_worker.stats.readers import PageFailed

SERVER = "127.0.0.11,12900,1796084677375"
META, REGION = "1588230740", "426d0a3edace1658b6df9aa277a9dca9"


def page(name: str, **subs: dict[str, Any]) -> bytes:
    beans = [{"name": f"Hadoop:service=HBase,name={name},sub={sub}", **bean} for sub, bean in subs.items()]
    return json.dumps({"beans": [{"name": "java.lang:type=Memory"}, *beans]}).encode()


def of_kind(kind: str, told: Iterable[tuple[str, Fact]]) -> list[Fact]:
    return [fact for one, fact in told if one == kind]


def region(namespace: str, table: str, encoded: str, **metrics: float) -> dict[str, float]:
    return {f"Namespace_{namespace}_table_{table}_region_{encoded}_metric_{name}": n for name, n in metrics.items()}


@pytest.mark.parametrize(
    ("namespace", "table", "encoded", "called"),
    [
        ("default", "t", REGION, "t"),
        ("hbase", "meta", META, "hbase:meta"),
        ("shop_eu", "orders", REGION, "shop_eu:orders"),
        ("default", "a_region_b_metric_c", REGION, "a_region_b_metric_c"),
        ("default", "x_table_y", REGION, "x_table_y"),
        ("default", "t.1-2", REGION, "t.1-2"),
    ],
)
def test_regions_with_their_tables(namespace: str, table: str, encoded: str, called: str) -> None:
    bean = region(namespace, table, encoded, readRequestCount=13, writeRequestCount=32, memStoreSize=8794, other=1)
    body = page("RegionServer", Server={"tag.serverName": SERVER}, Regions=bean)
    assert of_kind("region", hbase_regionserver(body)) == [
        Fact(
            encoded,
            {"read_requests": 13.0, "write_requests": 32.0, "memstore_bytes": 8794.0},
            {"table": called, "namespace": namespace, "region": encoded, "server": SERVER},
        )
    ]


def test_a_server_with_its_operations() -> None:
    bean = {
        "tag.serverName": SERVER, "tag.zookeeperQuorum": "a:1,b:1", "readRequestCount": 13, "regionCount": 4,
        "Get_num_ops": 3, "Get_min": 0, "Get_max": 29, "Get_mean": 12, "Get_median": 7, "Get_75th_percentile": 29,
        "Get_99.9th_percentile": 29, "Get_98th_percentile": 29, "slowGetCount": 1, "blockCacheHitCount": 5,
    }  # fmt: skip
    regions = region("default", "t", REGION, storeCount=1)
    told = list(hbase_regionserver(page("RegionServer", Server=bean, Regions=regions)))
    assert of_kind("server", told) == [
        Fact(SERVER, {"read_requests": 13.0, "regions": 4.0}, {"name": SERVER, "quorum": "a:1,b:1"})
    ]
    numbers = {"count": 3.0, "min": 0.0, "max": 29.0, "mean": 12.0, "p50": 7.0, "p75": 29.0, "p999": 29.0}
    about = {"operation": "Get", "group": "requests", "operation_of_server": "Get@127.0.0.11:12900"}
    assert of_kind("operation", told) == [Fact("Get", numbers, about)]


def test_operations_of_tables() -> None:
    bean = {"Namespace_shop_table_t_metric_getTime_num_ops": 3, "Namespace_shop_table_t_metric_getTime_mean": 1}
    assert of_kind("table-operation", hbase_regionserver(page("RegionServer", Server={"tag.serverName": SERVER}, TableLatencies=bean))) == [
        Fact(
            "shop:t/get", {"count": 3.0, "mean": 1.0},
            {"table": "shop:t", "operation": "get", "operation_of_table": "shop:t/get"},
        )
    ]  # fmt: skip


def test_replication_by_queue() -> None:
    bean = {
        "source.sizeOfLogQueue": 9, "source.1.sizeOfLogQueue": 2, "source.1.shippedOps": 5, "sink.appliedOps": 3,
        "Source.1.ageOfLastShippedOp_max": 40, "Source.1.ageOfLastShippedOp_num_ops": 5, "Source.ageOfLastShippedOp_max": 40,
        "source.1-host,1,2.sizeOfLogQueue": 7,
    }  # fmt: skip
    assert of_kind(
        "peer", hbase_regionserver(page("RegionServer", Server={"tag.serverName": SERVER}, Replication=bean))
    ) == [
        Fact(
            "1",
            {"log_queue": 2.0, "shipped_ops": 5.0, "age_ms": 40.0, "aged": 5.0},
            {"peer": "1", "queue": "1", "recovered": "no"},
        ),
        Fact("1-host,1,2", {"log_queue": 7.0}, {"peer": "1", "queue": "1-host,1,2", "recovered": "yes"}),
    ]


@pytest.mark.parametrize(("active", "role"), [("true", "active"), ("false", "backup")])
def test_a_master(active: str, role: str) -> None:
    bean = {
        "tag.serverName": SERVER, "tag.isActiveMaster": active, "tag.liveRegionServers": "a;b", "numRegionServers": 2,
    }  # fmt: skip
    assert list(hbase_master(page("Master", Server=bean, Balancer={}))) == [
        ("master", Fact(SERVER, {"live_servers": 2.0}, {"name": SERVER, "live": "a;b", "role": role}))
    ]


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b"[]", b'{"beans": [1]}', b'{"beans": [{"no": 1}]}', b"null"])
@pytest.mark.parametrize("reader", [hbase_master, hbase_regionserver])
def test_other_pages_are_refused(reader: Any, body: bytes) -> None:
    with pytest.raises(PageFailed):
        list(reader(body))


@pytest.mark.parametrize(
    "beans", [{}, {"Regions": {}}, {"Server": {"regionCount": 3}}, {"Server": {"regionCount": 3}, "Regions": {}}]
)
def test_a_page_that_is_being_made_anew_is_no_server_without_regions(beans: dict[str, Any]) -> None:
    with pytest.raises(PageFailed, match="makes it anew"):
        list(hbase_regionserver(page("RegionServer", **beans)))
    assert of_kind("region", hbase_regionserver(page("RegionServer", Server={"regionCount": 0}))) == []
