"""HBase's boards over facts that tasks have told."""

import time

import pytest
from webtest import TestApp

from minos_common.facts import Fact
from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.counters import Counter
from minos_web.models.row_counts import RowCount
from tests.minos_web.boards.telling import a_cluster, tell

AT = "/clusters/hbase/lake-tables"
PAGES = ("basics", "tables", "tables/t", "regionservers", "regionservers/0", "operation-times", "replication")
HOSTILE = "<script>alert(1)</script>"


def server_of(number: int) -> str:
    return f"127.0.0.{31 + number},12900,1700000000000"


def region(number: int, table: str, server: int, **numbers: float) -> Fact:
    told = {"read_requests": 100.0, "read_requests_per_second": 2.0, "write_requests_per_second": 1.0}
    told |= {"store_file_bytes": 1024.0, "memstore_bytes": 512.0}
    return Fact(f"{number:032x}", told | numbers, {"table": table, "namespace": "x", "server": server_of(server)})


def fill(
    console: Console, ago: float = 5.0, name: str = "lake-tables", tables: tuple[str, ...] = ("t", "shop:u")
) -> None:
    """Two masters and three region servers that told everything so many seconds ago."""
    now = time.time()
    with console.writers.begin() as session:
        cluster = a_cluster(session, now, "hbase", name, {"regionserver": 3, "master": 2})
        for number, role in enumerate(("active", "backup")):
            told = {"name": server_of(number), "role": role, "quorum": "127.0.0.31:2181,127.0.0.32:2181"}
            fact = Fact(server_of(number), {"live_servers": 3.0, "dead_servers": 0.0, "average_load": 2.0}, told)
            tell(session, cluster, f"master/{number}", "master", now - ago, [fact])
        for number in range(3):
            tell_of_server(session, cluster, number, now - ago, tables)


def tell_of_server(session: object, cluster: Cluster, number: int, at: float, tables: tuple[str, ...]) -> None:
    task, place = f"regionserver/{number}", f"Get@127.0.0.{31 + number}:12900"
    numbers = {"read_requests_per_second": 7.5, "regions": 3.0, "store_file_bytes": 2048.0}
    regions = [region(100 * number + place, table, number) for place, table in enumerate((*tables, "hbase:meta"))]
    times = {
        "count": 50.0,
        "count_per_second": 5.0,
        "mean": 2.0,
        "p75": 3.0,
        "p95": 4.0,
        "p99": 9.0 + number,
        "max": 20.0,
    }
    told = {
        "server": [Fact(server_of(number), numbers, {"name": server_of(number)})],
        "region": regions,
        "operation": [Fact("Get", times, {"operation": "Get", "group": "requests", "operation_of_server": place})],
        "table-operation": [
            Fact(f"{table}/get", times, {"table": table, "operation": "get", "operation_of_table": f"{table}/get"})
            for table in tables
        ],
        "peer": [Fact("1", {"log_queue": 4.0 + number}, {"peer": "1", "queue": "1", "recovered": "no"})],
    }
    for kind, facts in told.items():
        tell(session, cluster, task, kind, at, facts)  # type: ignore[arg-type]


@pytest.fixture
def full(console: Console) -> None:
    fill(console)


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(
    ("page", "texts"),
    [
        ("basics", ["22.5/s", "127.0.0.31:12900", "127.0.0.31:2181, 127.0.0.32:2181", "backup", "path=%2Fhbase%2Flake-tables"]),
        ("tables", ["shop:u", "6/s", "3 KB", "hbase:meta", "system tables <b>1</b>"]),
        ("tables/shop:u", ["6/s", "127.0.0.33:12900", f"{201:032x}", "hbase.table_operation.mean%3Ashop%3Au%2Fget"]),
        ("regionservers", ["127.0.0.32:12900", "7.5/s", "2 KB"]),
        ("regionservers/1", ["127.0.0.32:12900", f"{101:032x}", "10 ms", "Get: how long"]),
        ("operation-times", ["15/s", "11 ms", "2 ms", "Get by table"]),
        ("replication", ["127.0.0.33:12900", "Peer 1", "hbase.peer.log_queue%3A1"]),
    ],
)  # fmt: skip
def test_what_a_board_shows(testapp: TestApp, page: str, texts: list[str]) -> None:
    shown = testapp.get(f"{AT}/{page}")
    for text in texts:
        assert text in shown, text
    assert 'aria-current="page">' in shown and "Not told now" not in shown


@pytest.mark.parametrize("page", PAGES)
def test_old_facts_are_unknown_and_it_is_said_why(testapp: TestApp, console: Console, page: str) -> None:
    fill(console, ago=300.0)
    shown = testapp.get(f"{AT}/{page}")
    assert "last told 5 min" in shown and "2/s" not in shown and "22.5/s" not in shown


@pytest.mark.parametrize("page", PAGES)
def test_a_cluster_that_told_nothing_yet(testapp: TestApp, console: Console, page: str) -> None:
    with console.writers.begin() as session:
        a_cluster(session, time.time(), "hbase", "lake-tables", {"regionserver": 3, "master": 2})
    shown = testapp.get(f"{AT}/{page}")
    assert "has told nothing yet" in shown and "0/s" not in shown


@pytest.mark.usefixtures("full")
def test_one_server_that_does_not_run_is_named(testapp: TestApp, console: Console) -> None:
    with console.writers.begin() as session:
        cluster = session.query(Cluster).one()
        next(task for task in cluster.tasks if (task.job, task.number) == ("regionserver", 2)).state = "STOPPED"
    shown = testapp.get(f"{AT}/tables")
    assert "regionserver/2: does not run (STOPPED)" in shown and "4/s" in shown


@pytest.mark.usefixtures("full")
def test_availability_is_what_a_fresh_counter_says(testapp: TestApp, console: Console) -> None:
    row = {"group": "infra-hbase-lake-tables", "endpoint": "x", "value": 99.5}
    with console.writers.begin() as session:
        session.add(Counter(name="t-Availability", at=time.time(), **row))
        session.add(Counter(name="shop:u-Availability", at=time.time() - 60, **row))
    cells = {row.split(",")[0]: row.split(",")[-1] for row in testapp.get(f"{AT}/tables?csv=all").text.splitlines()}
    assert (cells["t"], cells["shop:u"]) == ("99.5", "")


@pytest.mark.usefixtures("full")
def test_a_table_as_csv(testapp: TestApp) -> None:
    answer = testapp.get(f"{AT}/tables?csv=all&kind=user&sort=table")
    assert answer.content_type == "text/csv" and "lake-tables-hbase-tables.csv" in answer.headers["Content-Disposition"]
    assert answer.text.splitlines()[1] == "shop:u,6,3,3072,1536,3,3,"
    testapp.get(f"{AT}/tables?csv=nosuch", status=404)


@pytest.mark.usefixtures("full")
def test_filters_and_tables_that_are_not_there(testapp: TestApp) -> None:
    assert "hbase:meta" not in testapp.get(f"{AT}/tables?kind=user")
    assert "Nothing fits this filter" in testapp.get(f"{AT}/tables?q=nosuch")
    testapp.get(f"{AT}/tables/nosuch", status=404)
    testapp.get(f"{AT}/regionservers/9", status=404)
    testapp.get("/clusters/hbase/nosuch/tables", status=404)
    testapp.get("/clusters/zookeeper/lake-tables/tables", status=404)


def test_hostile_names_are_text(testapp: TestApp, console: Console) -> None:
    fill(console, tables=(HOSTILE, "u"))
    for page in ("tables", "regionservers/0", "operation-times", "tables?q=" + HOSTILE):
        assert "<script>alert" not in testapp.get(f"{AT}/{page}"), page


def test_a_thousand_regions_come_in_pages(testapp: TestApp, console: Console) -> None:
    now = time.time()
    with console.writers.begin() as session:
        cluster = a_cluster(session, now, "hbase", "lake-tables", {"regionserver": 1, "master": 1})
        tell(session, cluster, "regionserver/0", "region", now, [region(n, "t", 0) for n in range(1500)])
    page = testapp.get(f"{AT}/tables/t?page=2")
    assert "101–200 of 1,500" in page and page.text.count("<tr>") == 101


def test_tables_of_all_clusters_without_those_of_tests(testapp: TestApp, console: Console) -> None:
    fill(console)
    fill(console, name="lake-prctst", tables=("other",))
    page = testapp.get("/hbase/tables")
    assert "shop:u" in page and "hbase:meta" not in page and ">other<" not in page and "2 clusters" in page
    assert ">other<" in testapp.get("/hbase/tables?tests=1")
    assert testapp.get("/hbase/tables?tests=1&csv=all").text.startswith("table,cluster,bytes")


def test_rows_that_were_counted(testapp: TestApp, console: Console) -> None:
    fill(console)
    with console.writers.begin() as session:
        cluster = session.query(Cluster).one()
        session.add(RowCount(cluster_id=cluster.id, table="t", rows=1234567, counted_at=1_700_000_000.0))
    page = testapp.get("/hbase/tables")
    assert "1.23M" in page and "counted 2023-11-14 22:13:20 UTC" in page
    rows = [line.split(",") for line in testapp.get("/hbase/tables?csv=all&sort=table").text.splitlines()]
    assert [(row[0], row[-1]) for row in rows] == [("table", "rows"), ("shop:u", ""), ("t", "1234567")]
    assert "/hbase/tables" in testapp.get(f"{AT}/tables")


def test_no_cluster_at_all(testapp: TestApp) -> None:
    assert "Nothing is known" in testapp.get("/hbase/tables")
