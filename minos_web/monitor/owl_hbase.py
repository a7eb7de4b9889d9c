"""Tables, region servers and whole clusters of HBase as Owl told them, from the facts that region servers tell."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.facts import Fact
from minos_web.catalog.facts import Total
from minos_web.models.clusters import Cluster
from minos_web.monitor.derived import totals
from minos_web.monitor.exposition import Around
from minos_web.monitor.facts import told_of
from minos_web.monitor.owl_shapes import Point

HBASE, CLUSTER = "hbase", "Cluster"
_RATES = {
    "read_requests_per_second": "readRequestsCountPerSec",
    "write_requests_per_second": "writeRequestsCountPerSec",
}
_TIMES = {"mean": "AvgTime", "min": "MinTime", "max": "MaxTime"}
_MICROSECONDS = 1000.0
"""In a millisecond, in which HBase 2 tells times."""
_BY_TABLE = Total("table", by="table", sums=tuple(_RATES))
_WHOLE = Total("cluster", sums=tuple(_RATES))


def of_hbase(session: Session, around: Around) -> Iterator[Point]:
    """Everything of every HBase cluster that its servers told lately; endpoint is the cluster's name."""
    service = around.services.get(HBASE)
    for cluster in session.scalars(select(Cluster).filter_by(service=HBASE, retired=False).order_by(Cluster.name)):
        told = {
            kind: told_of(session, service, cluster, kind, around.now).facts
            for kind in ("region", "server", "operation", "table-operation")
        }
        yield from points_of_tables(cluster.name, told["region"], told["table-operation"])
        yield from points_of_servers(cluster.name, told["server"])
        yield from _operations(cluster.name, CLUSTER, told["operation"])


def points_of_tables(endpoint: str, regions: Sequence[Fact], operations: Sequence[Fact]) -> Iterator[Point]:
    """Of each table whose regions are told: its rates, and its operations."""
    for table, group in sorted(totals(regions, _BY_TABLE).items()):
        yield from _rates(endpoint, table, group.numbers)
        yield from _operations(endpoint, table, [one for one in operations if one.texts.get("table") == table])


def points_of_servers(endpoint: str, servers: Sequence[Fact]) -> Iterator[Point]:
    """The rates of each server, under the host of its name, and of all together."""
    for server in servers:
        yield from _rates(endpoint, server.texts.get("name", server.key).partition(",")[0], server.numbers)
    for group in totals(servers, _WHOLE).values():
        yield from _rates(endpoint, CLUSTER, group.numbers)


def _rates(endpoint: str, group: str, numbers: dict[str, float]) -> Iterator[Point]:
    for ours, theirs in _RATES.items():
        if ours in numbers:
            yield Point(endpoint, group, theirs, numbers[ours], "qps")


def _operations(endpoint: str, group: str, facts: Sequence[Fact]) -> Iterator[Point]:
    """Per operation how often a second, and how long in microseconds; no time where nothing was done."""
    rule = Total(
        "operation", by="operation", sums=("count_per_second",), smallest=("min",), largest=("max",),
        means={"mean": "count_per_second"},
    )  # fmt: skip
    for operation, found in sorted(totals(facts, rule).items()):
        if "count_per_second" in found.numbers:
            yield Point(endpoint, group, f"{operation}_NumOps", found.numbers["count_per_second"], "ops")
        for ours, theirs in _TIMES.items():
            if ours in found.numbers:
                yield Point(endpoint, group, f"{operation}_{theirs}", found.numbers[ours] * _MICROSECONDS, "us")
