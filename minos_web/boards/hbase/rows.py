"""PURE. Facts of an HBase as rows: tables, regions, servers, operations."""

from collections.abc import Iterable, Mapping, Sequence

from minos_common.facts import Fact
from minos_web.boards.tables import Column, Plan, Row, Value
from minos_web.catalog.facts import Total
from minos_web.monitor.derived import Group, totals

READS, WRITES = "read_requests_per_second", "write_requests_per_second"
SIZES = ("store_file_bytes", "memstore_bytes")
SYSTEM = ("hbase",)
"""Namespaces that are HBase's own."""
SUMS = Total(name="sums", sums=(READS, WRITES, "read_requests", "write_requests", "store_files", *SIZES))
BY_TABLE = Total(name="table", by="table", sums=SUMS.sums)

_LOAD = (
    Column(READS, "Reads", "per_second", bar=True),
    Column(WRITES, "Writes", "per_second", bar=True),
    Column("store_file_bytes", "Store files", "bytes", bar=True),
    Column("memstore_bytes", "Memstore", "bytes", bar=True),
)
TABLES = Plan(
    "Tables", "table",
    (
        Column("table", "Table"), *_LOAD, Column("regions", "Regions", "count"), Column("servers", "Servers", "count"),
        Column("availability", "Available", "percent"),
    ),
    "-load", ("table",),
)  # fmt: skip
REGIONS = Plan(
    "Regions", "region",
    (
        Column("region", "Region"), Column("table", "Table"), Column("server", "Server"), *_LOAD,
        Column("read_requests", "Reads so far", "count", bar=True),
        Column("write_requests", "Writes so far", "count", bar=True),
        Column("store_files", "Files", "count"),
    ),
    f"-{READS}", ("region", "table", "server"),
)  # fmt: skip
SERVERS = Plan(
    "Region servers", "region server",
    (
        Column("server", "Server"), *_LOAD, Column("regions", "Regions", "count", bar=True),
        Column("local_percent", "Local", "percent"), Column("cache_hit_percent", "Cache hits", "percent"),
        Column("compaction_queue", "Compactions queued", "count"), Column("flush_queue", "Flushes queued", "count"),
    ),
    "server", ("server",),
)  # fmt: skip
_TIMES = tuple(
    Column(name, title, "ms")
    for name, title in (
        ("mean", "Mean"), ("p75", "75 %"), ("p95", "95 %"), ("p99", "99 %"), ("p999", "99.9 %"), ("max", "Longest"),
    )
)  # fmt: skip
OPERATIONS = Plan(
    "Operations", "operation",
    (
        Column("operation", "Operation"), Column("count_per_second", "How often", "per_second", bar=True),
        Column("count", "Since the start", "count"), *_TIMES,
    ),
    "-count_per_second", ("operation",),
)  # fmt: skip
LATENCIES = Total(
    name="operation", by="operation", sums=("count_per_second", "count"), smallest=("min",),
    largest=("max", "p75", "p95", "p99", "p999"), means={"mean": "count_per_second"},
)  # fmt: skip


def is_system(table: str) -> bool:
    """Whether a table is HBase's own."""
    return table.partition(":")[0] in SYSTEM and ":" in table


def is_test(cluster: str, table: str) -> bool:
    """Whether a cluster or table is one of tests, by its name."""
    return "tst" in cluster or "test" in cluster or "longhaul" in table or "test" in table


def table_rows(regions: Sequence[Fact], available: Mapping[str, float]) -> list[Row]:
    """One row for each table of the regions; ``available`` in percent, where somebody says so."""
    servers: dict[str, set[str]] = {}
    for fact in regions:
        servers.setdefault(fact.texts.get("table", ""), set()).add(fact.texts.get("server", ""))
    rows = []
    for table, group in totals(regions, BY_TABLE).items():
        cells: dict[str, Value] = {name: group.numbers.get(name) for name in SUMS.sums}
        cells |= {"table": table, "regions": float(group.count), "servers": float(len(servers[table]))}
        cells["availability"] = available.get(table)
        cells["load"] = _load(group)
        rows.append(Row(cells, notes=partly(group)))
    return rows


def _load(group: Group) -> float | None:
    known = [group.numbers[name] for name in (READS, WRITES) if name in group.numbers]
    return sum(known) if known else None


def partly(group: Group) -> dict[str, str]:
    """What to say of sums that are of some only, as regions that have just moved have no rate yet."""
    return {
        name: f"of {known:,} of {group.count:,}"
        for name, known in group.known.items()
        if known < group.count and name in (READS, WRITES)
    }


def region_rows(regions: Iterable[Fact]) -> list[Row]:
    """One row for each region."""
    rows = []
    for fact in regions:
        cells: dict[str, Value] = {**fact.numbers}
        cells |= {"region": fact.key, "table": fact.texts.get("table"), "server": address(fact.texts.get("server", ""))}
        rows.append(Row(cells))
    return rows


def address(server: str) -> str:
    """ "host:port" of "host,port,startcode"."""
    return ":".join(server.split(",")[:2])


def operation_rows(facts: Iterable[Fact]) -> list[Row]:
    """One row for each operation that was ever done: sums and weighted means over servers, and the slowest one's percentiles."""
    rows = []
    for operation, group in totals(facts, LATENCIES).items():
        if group.numbers.get("count"):
            idle = group.numbers.get("count_per_second") == 0
            notes = {column.name: "not asked for in the last seconds" for column in _TIMES} if idle else {}
            rows.append(Row({**group.numbers, "operation": operation}, notes=notes))
    return rows
