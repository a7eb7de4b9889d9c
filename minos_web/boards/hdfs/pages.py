"""Boards of HDFS: where the room is, how the blocks are, who asks the namenode for what."""

from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from minos_common.facts import Fact
from minos_web.boards.board import Board, Charts, Said, answer, board_cluster, known, series_chart, silences, told
from minos_web.boards.tables import Column, Plan, Row, Value, chip, table
from minos_web.models.clusters import Cluster, Task
from minos_web.monitor.derived import metric
from minos_web.monitor.facts import Told
from minos_web.security.permissions import Permission
from minos_web.views.presenting import figure

SERVICE = "hdfs"
DATANODES = Plan(
    "Datanodes", "datanode",
    (
        Column("node", "Datanode"), Column("state", "State"), Column("used_percent", "Used", "percent", bar=True),
        Column("capacity_bytes", "Capacity", "bytes"), Column("used_bytes", "By HDFS", "bytes"),
        Column("other_bytes", "By others", "bytes"), Column("remaining_bytes", "Free", "bytes"),
        Column("blocks", "Blocks", "count"), Column("failed_volumes", "Failed disks", "count"),
        Column("contact_seconds", "Heard", "seconds"), Column("rack", "Rack"),
    ),
    "-used_percent", ("node", "state", "rack"),
)  # fmt: skip
LEAVING = (("only_replicas", "copies on it alone"), ("under_replicated", "blocks to copy"))
BLOCKS = (
    ("blocks", "Blocks", ""), ("files", "Files and directories", ""),
    ("missing", "Missing blocks", "no copy of them is anywhere"), ("missing_single", "Missing blocks of which one copy was wanted", ""),
    ("corrupt", "Corrupt blocks", ""), ("under_replicated", "Blocks with too few copies", ""),
    ("excess", "Copies too many", ""), ("pending_replication", "Copies under way", ""),
    ("pending_deletion", "Copies to be deleted", ""), ("postponed", "Put off until the other namenode is in step", ""),
    ("stale_nodes", "Datanodes not heard for a while", ""),
)  # fmt: skip


def namenode_of(found: Told) -> tuple[Task, Fact] | None:
    """The active namenode; None when none says so."""
    return next(((task, fact) for task, fact in found.fresh if fact.texts.get("role") == "active"), None)


@view_config(route_name="hdfs_storage", renderer="board.mako", permission=Permission.VIEW)
def storage_page(request: Request) -> dict[str, Any] | Response:
    """Capacity and what is used of it, blocks that need a look, every datanode."""
    cluster = board_cluster(request, SERVICE)
    namenodes, nodes = told(request, cluster, "namenode"), told(request, cluster, "datanode")
    active = namenode_of(namenodes)
    rows = [_datanode(fact) for fact in nodes.facts]
    states = sorted({str(row.cells["state"]) for row in rows})
    chips = [
        chip(state, sum(row.cells["state"] == state for row in rows), request.GET, "state", state) for state in states
    ]
    wanted = request.GET.get("state", "")
    board = Board(
        "hdfs-storage", "Storage", at=nodes.at, silences=silences(namenodes, request.now) + _leaderless(active, nodes),
        lead="As the active namenode tells it.", said=_storage(active[1] if active else Fact("")),
        tables=[table(DATANODES, [row for row in rows if wanted in ("", row.cells["state"])], request.GET, chips if len(states) > 1 or wanted else ())],
        charts=[Charts("History", _charts(request, cluster, active))],
    )  # fmt: skip
    return answer(request, cluster, board)


def _leaderless(active: tuple[Task, Fact] | None, found: Told) -> list[str]:
    return (
        []
        if active and found.tasks
        else ["no namenode says that it is active, so nothing is known of storage and datanodes"]
    )


def _storage(fact: Fact) -> list[Said]:
    numbers = fact.numbers
    capacity, used = numbers.get("capacity_bytes"), numbers.get("used_bytes")
    part = used / capacity * 100 if capacity and used is not None else None
    said = [
        Said("Capacity", known(capacity, "bytes")),
        Said("Used", known(used, "bytes"), note="" if part is None else f"{figure(part, 'percent')} of it"),
        Said("Used by others", known(numbers.get("other_bytes"), "bytes"), note="on the same disks"),
        Said("Free", known(numbers.get("remaining_bytes"), "bytes")),
        Said("Safe mode", fact.texts.get("safe_mode") or ("off" if numbers else "unknown")),
    ]
    return said + [
        Said(title, _whole(numbers.get(name)), note=note if numbers.get(name) else "") for name, title, note in BLOCKS
    ]


def _whole(value: float | None) -> str:
    return "unknown" if value is None else f"{value:,.0f}"


def _datanode(fact: Fact) -> Row:
    numbers, texts = fact.numbers, fact.texts
    capacity, remaining = numbers.get("capacity_bytes"), numbers.get("remaining_bytes")
    cells: dict[str, Value] = {**numbers, "node": fact.key, "rack": texts.get("rack")}
    cells["used_percent"] = (capacity - remaining) / capacity * 100 if capacity and remaining is not None else None
    cells["state"] = texts.get("state") if texts.get("state") != "live" else texts.get("admin_state", "live").lower()
    leaving = [f"{numbers[name]:,.0f} {title}" for name, title in LEAVING if name in numbers]
    return Row(cells, notes={"state": ", ".join(leaving)} if leaving else {})


def _charts(request: Request, cluster: Cluster, active: tuple[Task, Fact] | None) -> list[Any]:
    room = {
        metric(SERVICE, "datanodes", number, "live"): title
        for number, title in (("used_bytes", "HDFS"), ("other_bytes", "others"), ("remaining_bytes", "free"))
    }
    blocks = {
        f"hdfs.{name}": title
        for name, title in (
            ("missing_blocks", "missing"),
            ("corrupt_blocks", "corrupt"),
            ("low_redundancy", "too few copies"),
        )
    }
    return [
        series_chart(request, cluster, ("room", "Room on live datanodes", "bytes"), room),
        series_chart(request, cluster, ("blocks", "Blocks that need a look", "count"), blocks, job="namenode"),
        series_chart(request, cluster, ("files", "Files and blocks", "count"), {"hdfs.files": "files", "hdfs.blocks": "blocks"}, job="namenode"),
    ]  # fmt: skip


OPERATIONS = Plan(
    "Operations", "operation",
    (
        Column("operation", "Operation"), Column("count_per_second", "How often", "per_second", bar=True),
        Column("count", "Since the namenode began", "count", bar=True),
    ),
    "-count_per_second", ("operation",),
)  # fmt: skip
USERS = Plan(
    "Who asks most", "line",
    (
        Column("user", "User"), Column("operation", "Operation"), Column("window", "Within"),
        Column("count", "Times", "count", bar=True), Column("often", "How often", "per_second"),
    ),
    "-count", ("user", "operation"), prefix="user-",
    empty="The namenode tells of nobody: nobody asked it for anything in the last 25 minutes, or dfs.namenode.top.enabled is off.",
)  # fmt: skip
CHARTED = 8


@view_config(route_name="hdfs_operations", renderer="board.mako", permission=Permission.VIEW)
def operations_page(request: Request) -> dict[str, Any] | Response:
    """What the active namenode is asked for, how often, by whom."""
    cluster = board_cluster(request, SERVICE)
    namenodes, found = told(request, cluster, "namenode"), told(request, cluster, "operation")
    users = told(request, cluster, "user-operation").facts
    windows = sorted({fact.texts["window"] for fact in users}, key=lambda text: float(text.split()[0]))
    window = request.GET.get("window", windows[0] if windows else "")
    chips = [
        chip(one, sum(fact.texts["window"] == one for fact in users), request.GET, "window", one) for one in windows
    ]
    done = [fact for fact in found.facts if fact.numbers.get("count")]
    busiest = sorted(done, key=lambda fact: -fact.numbers["count"])[:CHARTED]
    often = {metric(SERVICE, "operation", "count_per_second", fact.key): fact.key for fact in busiest}
    board = Board(
        "hdfs-operations", "Namenode operations", at=found.at,
        silences=silences(namenodes, request.now) + _leaderless(namenode_of(namenodes), found),
        tables=[
            table(OPERATIONS, [Row({**fact.numbers, "operation": fact.key}) for fact in done], request.GET),
            table(USERS, [_user(fact) for fact in users if fact.texts["window"] == window], request.GET, chips),
        ],
        charts=[Charts("History", [series_chart(request, cluster, ("often", "How often", "per_second"), often)], f"the {len(often)} that were asked for most")] if often else [],
    )  # fmt: skip
    return answer(request, cluster, board)


def _user(fact: Fact) -> Row:
    minutes = fact.numbers.get("minutes", 0.0)
    often = fact.numbers["count"] / (minutes * 60) if minutes else None
    return Row({**fact.texts, "count": fact.numbers["count"], "often": often})
