"""How long what an HBase is asked takes, over all its servers and compared by table; replication to its peers."""

from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from minos_common.facts import Fact
from minos_web.boards.board import Board, Charts, answer, board_cluster, series_chart, silences, told
from minos_web.boards.hbase.rows import OPERATIONS, address, operation_rows
from minos_web.boards.hbase.tables import COMPARED, SERVICE
from minos_web.boards.tables import Column, Plan, Row, Value, chip, table
from minos_web.catalog.facts import Total
from minos_web.models.clusters import Cluster
from minos_web.monitor.derived import metric, totals
from minos_web.security.permissions import Permission

_PERCENTILES = (("mean", "mean"), ("p75", "75 %"), ("p95", "95 %"), ("p99", "99 %"), ("p999", "99.9 %"))


@view_config(route_name="hbase_operations", renderer="board.mako", permission=Permission.VIEW)
def operations_page(request: Request) -> dict[str, Any] | Response:
    """Every operation: how often, and how long it takes."""
    cluster = board_cluster(request, SERVICE)
    found = told(request, cluster, "operation")
    asked = [fact for fact in found.facts if fact.texts.get("group") == "requests"]
    own = [fact for fact in found.facts if fact.texts.get("group") != "requests"]
    chips = [chip("what servers do by themselves", len(operation_rows(own)), request.GET, "kind", "own")]
    rows = operation_rows(own if request.GET.get("kind") == "own" else asked)
    board = Board(
        "hbase-operations", "Operations", at=found.at, silences=silences(found, request.now),
        lead="Times are of the last seconds. Means are weighted by how often each server did it; percentiles are those of the slowest server, since they cannot be added up.",
        tables=[table(OPERATIONS, rows, request.GET, chips)],
        charts=_charts(request, cluster, asked),
    )  # fmt: skip
    return answer(request, cluster, board)


def _charts(request: Request, cluster: Cluster, facts: list[Fact]) -> list[Charts]:
    by_table = [fact for fact in told(request, cluster, "table-operation").facts if fact.numbers.get("count")]
    groups = []
    for row in sorted(operation_rows(facts), key=lambda one: -float(one.cells["count"] or 0)):
        name = str(row.cells["operation"])
        often = {metric(SERVICE, "operation", "count_per_second", name): name}
        slow = {metric(SERVICE, "operation", number, name): title for number, title in _PERCENTILES}
        charts = [
            series_chart(request, cluster, (f"often-{name}", f"{name}: how often", "per_second"), often),
            series_chart(request, cluster, (f"slow-{name}", f"{name}: how long", "ms"), slow),
        ]
        groups.append(Charts(name, charts + _of_tables(request, cluster, name, by_table)))
    return groups


def _of_tables(request: Request, cluster: Cluster, operation: str, facts: list[Fact]) -> list[Any]:
    """The same operation compared by table: how often, and the mean."""
    called = operation[:1].lower() + operation[1:].removesuffix("Time")
    mine = [fact for fact in facts if fact.texts.get("operation") == called]
    busiest = sorted(
        totals(mine, Total(name="x", by="table", sums=("count",))).items(), key=lambda one: -one[1].numbers["count"]
    )
    names = [table for table, _ in busiest[:COMPARED]]
    if len(names) < 2:
        return []
    return [
        series_chart(
            request, cluster, (f"{number}-{operation}", f"{operation} by table: {title}", unit),
            {metric(SERVICE, "table_operation", number, f"{table}/{called}"): table for table in names},
        )
        for number, title, unit in (("count_per_second", "how often", "per_second"), ("mean", "mean", "ms"))
    ]  # fmt: skip


PEERS = Plan(
    "Queues", "queue",
    (
        Column("peer", "Peer"), Column("server", "Region server"), Column("from", "Taken over from"),
        Column("log_queue", "Logs waiting", "count", bar=True), Column("age_ms", "Oldest shipped", "ms"),
        Column("edits_read_per_second", "Edits read", "per_second"),
        Column("edits_filtered_per_second", "Filtered", "per_second"),
        Column("shipped_ops_per_second", "Shipped", "per_second"),
        Column("shipped_batches_per_second", "Batches", "per_second"),
        Column("read_bytes_per_second", "Log read", "bytes_per_second"),
        Column("failed_batches", "Failed batches", "count"),
    ),
    "-log_queue", ("peer", "server", "from"),
    empty="No region server has told of a peer in the last two minutes: this cluster replicates to nobody, or they tell nothing.",
)  # fmt: skip
_PEER_CHARTS = (
    ("log_queue", "Logs waiting", "count"), ("age_ms", "Age of what was shipped last", "ms"),
    ("edits_read_per_second", "Edits read", "per_second"), ("edits_filtered_per_second", "Edits filtered", "per_second"),
    ("shipped_ops_per_second", "Operations shipped", "per_second"), ("shipped_batches_per_second", "Batches shipped", "per_second"),
    ("read_bytes_per_second", "Log read", "bytes_per_second"),
)  # fmt: skip


@view_config(route_name="hbase_replication", renderer="board.mako", permission=Permission.VIEW)
def replication_page(request: Request) -> dict[str, Any] | Response:
    """Queues to every peer, on every region server."""
    cluster = board_cluster(request, SERVICE)
    found = told(request, cluster, "peer")
    servers = {task.id: address(fact.key) for task, fact in told(request, cluster, "server").fresh}
    rows = [_queue(fact, servers.get(task.id, f"{task.job}/{task.number}")) for task, fact in found.fresh]
    peers = sorted({fact.texts["peer"] for fact in found.facts})
    board = Board(
        "hbase-replication", "Replication", at=found.at, silences=silences(found, request.now),
        tables=[table(PEERS, rows, request.GET)],
        charts=[_peer_charts(request, cluster, peer) for peer in peers[:COMPARED]],
    )  # fmt: skip
    return answer(request, cluster, board)


def _queue(fact: Fact, server: str) -> Row:
    gone = fact.texts["queue"].partition("-")[2]
    cells: dict[str, Value] = {
        **fact.numbers,
        "peer": fact.texts["peer"],
        "server": server,
        "from": address(gone) if gone else "–",
    }
    idle = fact.numbers.get("aged_per_second") == 0
    return Row(cells, notes={"age_ms": "nothing was shipped in the last seconds"} if idle else {})


def _peer_charts(request: Request, cluster: Cluster, peer: str) -> Charts:
    charts = [
        series_chart(
            request, cluster, (f"{number}-{place}", title, unit), {metric(SERVICE, "peer", number, peer): title}
        )
        for place, (number, title, unit) in enumerate(_PEER_CHARTS)
    ]
    return Charts(f"Peer {peer}", charts, "all region servers together, without queues taken over")
