"""Facts of an HBase as rows."""

import pytest

from minos_common.facts import Fact
from minos_web.boards.hbase.rows import address, is_system, is_test, operation_rows, region_rows, table_rows

READS = "read_requests_per_second"


def region(key: str, table: str, server: str = "h,1,9", **numbers: float) -> Fact:
    return Fact(key, numbers, {"table": table, "server": server})


def test_tables_are_sums_of_their_regions() -> None:
    regions = [
        region("1", "t", read_requests_per_second=2, store_file_bytes=10),
        region("2", "t", "g,1,9", read_requests_per_second=3, store_file_bytes=20),
        region("3", "u", store_file_bytes=5),
    ]
    first, second = table_rows(regions, {"t": 99.5})
    assert {name: first.cells[name] for name in (READS, "store_file_bytes", "regions", "servers", "availability")} == {
        READS: 5.0, "store_file_bytes": 30.0, "regions": 2.0, "servers": 2.0, "availability": 99.5,
    }  # fmt: skip
    assert second.cells[READS] is None and second.cells["availability"] is None and second.cells["load"] is None


def test_a_sum_of_some_says_so() -> None:
    regions = [region("1", "t", read_requests_per_second=2), region("2", "t")]
    row = table_rows(regions, {})[0]
    assert (row.cells[READS], row.notes) == (2.0, {READS: "of 1 of 2"})


def test_regions_name_their_server_by_its_address() -> None:
    row = region_rows([region("1", "t", "host.example,16020,1700000000000", store_files=3)])[0]
    assert row.cells == {"region": "1", "table": "t", "server": "host.example:16020", "store_files": 3}
    assert address("odd") == "odd"


def test_operations_that_never_were_are_left_out_and_percentiles_are_the_slowest_servers() -> None:
    def get(**numbers: float) -> Fact:
        return Fact("Get", numbers, {"operation": "Get"})

    facts = [
        get(count=100, count_per_second=9, mean=1, p99=5),
        get(count=50, count_per_second=1, mean=11, p99=80),
        Fact("Put", {"count": 0.0}, {"operation": "Put"}),
    ]
    rows = operation_rows(facts)
    assert [row.cells["operation"] for row in rows] == ["Get"]
    assert rows[0].cells["mean"] == 2.0 and rows[0].cells["p99"] == 80 and rows[0].cells["count"] == 150


@pytest.mark.parametrize(
    ("table", "system"),
    [("hbase:meta", True), ("hbase:acl", True), ("hbase", False), ("t", False), ("shop:hbase", False)],
)
def test_system_tables(table: str, system: bool) -> None:
    assert is_system(table) is system


@pytest.mark.parametrize(
    ("cluster", "table", "test"),
    [("dptst-x", "t", True), ("test", "t", True), ("dpsrv", "longhaul1", True), ("dpsrv", "a_test", True), ("dpsrv", "t", False)],
)  # fmt: skip
def test_tables_of_tests(cluster: str, table: str, test: bool) -> None:
    assert is_test(cluster, table) is test
