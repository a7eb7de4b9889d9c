"""Tables of an HBase: all of a cluster's, one of them, those of all clusters."""

from dataclasses import replace
from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.facts import Fact
from minos_web.boards.board import (
    Board,
    Charts,
    Said,
    answer,
    board_cluster,
    csv_answer,
    known,
    series_chart,
    silences,
    told,
)
from minos_web.boards.hbase.rows import (
    READS,
    REGIONS,
    SIZES,
    SUMS,
    TABLES,
    WRITES,
    is_system,
    is_test,
    region_rows,
    table_rows,
)
from minos_web.boards.tables import Chip, Column, Plan, Row, chip, table
from minos_web.models.clusters import Cluster, Task
from minos_web.models.counters import Counter
from minos_web.models.row_counts import RowCount
from minos_web.monitor.counters import FRESH_SECONDS
from minos_web.monitor.derived import metric, totals
from minos_web.security.permissions import Permission
from minos_web.views.presenting import utc

COMPARED = 12
"""Lines in one comparing chart: those of the busiest tables."""
SERVICE = "hbase"


@view_config(route_name="hbase_tables", renderer="board.mako", permission=Permission.VIEW)
def tables_page(request: Request) -> dict[str, Any] | Response:
    """Every table of a cluster with its part of the load; the busiest compared over time."""
    cluster = board_cluster(request, SERVICE)
    found = told(request, cluster, "region")
    rows = [_linked(request, cluster, row) for row in table_rows(found.facts, availability(request, cluster))]
    wanted, kind = request.GET, request.GET.get("kind", "")
    system = [row for row in rows if is_system(str(row.cells["table"]))]
    user = [row for row in rows if not is_system(str(row.cells["table"]))]
    chips = [chip("user tables", len(user), wanted, "kind", "user")]
    chips.append(chip("system tables", len(system), wanted, "kind", "system"))
    shown = {"user": user, "system": system}.get(kind, rows)
    busiest = sorted(user, key=lambda row: -float(row.cells["load"] or 0))[:COMPARED]
    board = Board(
        "hbase-tables", "Tables", at=found.at, silences=silences(found, request.now),
        lead="Reads and writes are those of the last seconds; bars compare the rows of a column.",
        more=("The tables of all clusters", request.route_path("hbase_all_tables")),
        tables=[table(TABLES, shown, wanted, chips)],
        charts=_comparison(request, cluster, [str(row.cells["table"]) for row in busiest]),
    )  # fmt: skip
    return answer(request, cluster, board)


def _linked(request: Request, cluster: Cluster, row: Row) -> Row:
    url = request.route_path("hbase_table", service=SERVICE, cluster=cluster.name, table=row.cells["table"])
    return replace(row, links={"table": url})


def _comparison(request: Request, cluster: Cluster, names: list[str]) -> list[Charts]:
    if not names:
        return []
    charts = [
        series_chart(
            request, cluster, (f"compare-{number}", title, unit),
            {metric(SERVICE, "table", name, one): one for one in names},
        )
        for number, (name, title, unit) in enumerate(
            ((READS, "Reads", "per_second"), (WRITES, "Writes", "per_second"), ("store_file_bytes", "Store files", "bytes"))
        )
    ]  # fmt: skip
    note = "one line for each user table" if len(names) < COMPARED else f"the {COMPARED} busiest user tables"
    return [Charts("Compared", charts, note)]


@view_config(route_name="hbase_table", renderer="board.mako", permission=Permission.VIEW)
def table_page(request: Request) -> dict[str, Any] | Response:
    """One table: its sums, its history, how its load is spread over its regions."""
    cluster, name = board_cluster(request, SERVICE), request.matchdict["table"]
    found = told(request, cluster, "region")
    mine = [(task, fact) for task, fact in found.fresh if fact.texts.get("table") == name]
    if not mine and not found.silent:
        raise HTTPNotFound(f"{cluster.name} has no table {name}.")
    operations = [fact for fact in told(request, cluster, "table-operation").facts if fact.texts.get("table") == name]
    sums = totals([fact for _, fact in mine], SUMS)
    numbers = sums[""].numbers if sums else {}
    said = [
        Said("Reads", known(numbers.get(READS), "per_second")),
        Said("Writes", known(numbers.get(WRITES), "per_second")),
        Said("Store files", known(numbers.get("store_file_bytes"), "bytes")),
        Said("Memstore", known(numbers.get("memstore_bytes"), "bytes")),
        Said("Regions", f"{len(mine):,}" if mine else "unknown"),
        Said("Available", known(availability(request, cluster).get(name), "percent"), note=_says_availability(cluster, name)),
    ]  # fmt: skip
    plan = replace(REGIONS, columns=[column for column in REGIONS.columns if column.name != "table"])
    board = Board(
        "hbase-tables", name, said=said, at=found.at, silences=silences(found, request.now),
        above=[("Tables", request.route_path("hbase_tables", service=SERVICE, cluster=cluster.name))],
        tables=[table(plan, regions_linked(request, cluster, mine), request.GET)],
        charts=[Charts("History", _history(request, cluster, name)), *_operation_charts(request, cluster, name, operations)],
    )  # fmt: skip
    return answer(request, cluster, board)


def regions_linked(request: Request, cluster: Cluster, regions: list[tuple[Task, Fact]]) -> list[Row]:
    """Rows of regions whose tables and servers are links."""
    rows = []
    for (task, _), row in zip(regions, region_rows(fact for _, fact in regions), strict=True):
        at = {"service": SERVICE, "cluster": cluster.name}
        links = {
            "server": request.route_path("hbase_server", number=task.number, **at),
            "table": request.route_path("hbase_table", table=row.cells["table"], **at),
        }
        rows.append(replace(row, links=links))
    return rows


def _history(request: Request, cluster: Cluster, name: str) -> list[Any]:
    requests = {metric(SERVICE, "table", READS, name): "reads", metric(SERVICE, "table", WRITES, name): "writes"}
    sizes = {
        metric(SERVICE, "table", one, name): title
        for one, title in zip(SIZES, ("store files", "memstore"), strict=True)
    }
    return [
        series_chart(request, cluster, ("requests", "Requests", "per_second"), requests),
        series_chart(request, cluster, ("sizes", "Size", "bytes"), sizes),
    ]


def _operation_charts(request: Request, cluster: Cluster, name: str, facts: list[Fact]) -> list[Charts]:
    done = sorted({fact.texts["operation"] for fact in facts if fact.numbers.get("count") and "Size" not in fact.key})
    if not done:
        return []
    often = {metric(SERVICE, "table_operation", "count_per_second", f"{name}/{one}"): one for one in done}
    means = {metric(SERVICE, "table_operation", "mean", f"{name}/{one}"): one for one in done}
    return [
        Charts("Operations", [
            series_chart(request, cluster, ("operations", "How often", "per_second"), often),
            series_chart(request, cluster, ("means", "Mean time", "ms"), means),
        ], "means are weighted by how often each server did it")
    ]  # fmt: skip


def availability(request: Request, cluster: Cluster) -> dict[str, float]:
    """Table -> percent of availability, as programs push it (counter <table>-Availability of infra-hbase-<cluster>)."""
    ending = "-Availability"
    session: Session = request.db
    fresh = select(Counter.name, Counter.value).where(
        Counter.group == f"infra-hbase-{cluster.name}", Counter.at >= request.now - FRESH_SECONDS
    )
    return {name.removesuffix(ending): value for name, value in session.execute(fresh) if name.endswith(ending)}


def _says_availability(cluster: Cluster, table: str) -> str:
    return f"what a program says with the counter {table}-Availability of infra-hbase-{cluster.name}"


ALL = Plan(
    "User tables of all clusters", "table",
    (
        Column("table", "Table"), Column("cluster", "Cluster"), Column("bytes", "Data", "bytes", bar=True),
        *(Column(name, title, "per_second", bar=True) for name, title in ((READS, "Reads"), (WRITES, "Writes"))),
        Column("regions", "Regions", "count"), Column("rows", "Rows", "count"),
    ),
    "-bytes", ("table", "cluster"),
)  # fmt: skip


@view_config(route_name="hbase_all_tables", renderer="hbase_all_tables.mako", permission=Permission.VIEW)
def all_tables_page(request: Request) -> dict[str, Any] | Response:
    """User tables of all clusters; those of tests are left out until they are asked for (``tests=1``)."""
    rows, silent, oldest = [], [], None
    clusters = request.db.scalars(
        select(Cluster).filter_by(service=SERVICE, retired=False).order_by(Cluster.name)
    ).all()
    for cluster in clusters:
        found = told(request, cluster, "region")
        silent += [f"{cluster.name}, {text}" for text in silences(found, request.now)]
        oldest = min((at for at in (oldest, found.at) if at is not None), default=None)
        counted = _counted(request, cluster)
        for row in table_rows(found.facts, {}):
            if not is_system(str(row.cells["table"])):
                rows.append(_of_cluster(request, cluster, row, counted.get(str(row.cells["table"]))))
    tests = [row for row in rows if is_test(str(row.cells["cluster"]), str(row.cells["table"]))]
    shown = rows if request.GET.get("tests") == "1" else [row for row in rows if row not in tests]
    chips: list[Chip] = [chip("with those of tests", len(tests), request.GET, "tests", "1")]
    found_table = table(ALL, shown, request.GET, chips)
    if "csv" in request.GET:
        return csv_answer("hbase-tables", found_table)
    return {
        "section": "clusters", "title": "HBase tables", "table": found_table, "silences": silent, "at": oldest,
        "clusters": len(clusters),
    }  # fmt: skip


def _counted(request: Request, cluster: Cluster) -> dict[str, RowCount]:
    """Table -> how many rows it had when they were counted last."""
    counted = select(RowCount).where(RowCount.cluster_id == cluster.id, RowCount.rows.is_not(None))
    return {one.table: one for one in request.db.scalars(counted)}


def _of_cluster(request: Request, cluster: Cluster, row: Row, counted: RowCount | None) -> Row:
    known = [row.cells.get(name) for name in SIZES]
    both = [one for one in known if isinstance(one, int | float)]
    cells = {**row.cells, "cluster": cluster.name, "bytes": sum(both) if len(both) == len(SIZES) else None}
    cells["rows"] = float(counted.rows) if counted and counted.rows is not None else None
    notes = {**row.notes, "rows": f"counted {utc(counted.counted_at)}"} if counted else row.notes
    at = {"service": SERVICE, "cluster": cluster.name}
    links = {
        "table": request.route_path("hbase_table", table=row.cells["table"], **at),
        "cluster": request.route_path("hbase_tables", **at),
        "rows": request.route_path("hbase_row_counting", **at),
    }
    return replace(row, cells=cells, links=links, notes=notes)
