"""Masters and region servers of an HBase: the basics of a cluster, its servers, one of them, replication."""

from dataclasses import replace
from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from minos_common.facts import Fact
from minos_web.boards.board import (
    Board,
    Charts,
    Said,
    answer,
    board_cluster,
    known,
    series_chart,
    silences,
    summed,
    told,
)
from minos_web.boards.hbase.rows import OPERATIONS, READS, REGIONS, SERVERS, WRITES, address, operation_rows
from minos_web.boards.hbase.tables import SERVICE, regions_linked
from minos_web.boards.tables import Column, Plan, Row, table
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.monitor.derived import metric
from minos_web.monitor.facts import Told
from minos_web.security.permissions import Permission
from minos_web.views.presenting import figure, utc

MASTERS = Plan(
    "Masters", "master",
    (
        Column("master", "Master"), Column("role", "Role"), Column("since", "Started"), Column("own", "Its own page"),
    ),
    "master", ("master",),
)  # fmt: skip

_OF_SERVER = replace(REGIONS, columns=[column for column in REGIONS.columns if column.name != "server"])


@view_config(route_name="hbase_basics", renderer="board.mako", permission=Permission.VIEW)
def basics_page(request: Request) -> dict[str, Any] | Response:
    """Who leads, how much is asked, what it stands on."""
    cluster = board_cluster(request, SERVICE)
    masters, servers = told(request, cluster, "master"), told(request, cluster, "server")
    active = next(((task, fact) for task, fact in masters.fresh if fact.texts.get("role") == "active"), None)
    board = Board(
        "hbase-basics", "Basics", at=servers.at, said=_basics(request, cluster, active, servers),
        silences=silences(masters, request.now) + silences(servers, request.now),
        tables=[table(MASTERS, [_master(request, cluster, task, fact) for task, fact in masters.fresh], request.GET)],
        charts=[Charts("History", [
            series_chart(request, cluster, ("requests", "Requests", "per_second"), _of_cluster(READS, WRITES)),
            series_chart(request, cluster, ("sizes", "Size", "bytes"), _of_cluster("store_file_bytes", "memstore_bytes")),
        ])],
    )  # fmt: skip
    return answer(request, cluster, board)


_WORDS = {READS: "reads", WRITES: "writes", "store_file_bytes": "store files", "memstore_bytes": "memstore"}


def _of_cluster(*numbers: str) -> dict[str, str]:
    return {metric(SERVICE, "cluster", number): _WORDS[number] for number in numbers}


def _basics(request: Request, cluster: Cluster, active: tuple[Task, Fact] | None, servers: Told) -> list[Said]:
    fact = active[1] if active else Fact("")
    figures = active[0].figures if active else {}
    regions = summed(one.numbers.get("regions") for one in servers.facts)
    said = [
        Said("Active master", address(fact.key) if active else "unknown"),
        Said("Reads", known(summed(one.numbers.get(READS) for one in servers.facts), "per_second")),
        Said("Writes", known(summed(one.numbers.get(WRITES) for one in servers.facts), "per_second")),
        Said("Region servers", _count(fact, "live_servers"), note=f"and {_count(fact, 'dead_servers')} dead"),
        Said("Regions", "unknown" if regions is None else f"{regions:,.0f}", note=f"{figure(fact.numbers.get('average_load'), 'count')} per server"),
        Said("In transition", known(figures.get("hbase.in_transition"), "count")),
        Said("Store files", known(summed(one.numbers.get("store_file_bytes") for one in servers.facts), "bytes")),
    ]  # fmt: skip
    return said + _below(request, cluster, fact)


def _below(request: Request, cluster: Cluster, fact: Fact) -> list[Said]:
    """What it stands on: its quorum, with the way to what it keeps there, and the clusters that it needs."""
    needs = [tuple(one.partition("/")[::2]) for one in cluster.needs or ()]
    tree = next((name for service, name in needs if service == "zookeeper"), None)
    link = ""
    if tree:
        path = {"path": f"/hbase/{cluster.name}"}
        link = request.route_path("zookeeper_tree", service="zookeeper", cluster=tree, _query=path)
    said = [Said("Quorum", fact.texts.get("quorum", "unknown").replace(",", ", "), link)]
    for service, name in needs:
        said.append(
            Said("Stands on", f"{service} {name}", request.route_path("cluster", service=service, cluster=name))
        )
    return said


def _count(fact: Fact, name: str) -> str:
    value = fact.numbers.get(name)
    return "unknown" if value is None else f"{value:,.0f}"


def _master(request: Request, cluster: Cluster, task: Task, fact: Fact) -> Row:
    started = fact.numbers.get("started_ms")
    cells = {
        "master": address(fact.key), "role": fact.texts.get("role"), "own": task.http_url or None,
        "since": utc(started / 1000) if started else None,
    }  # fmt: skip
    own = request.route_path("task", service=SERVICE, cluster=cluster.name, job=task.job, number=task.number)
    return Row(cells, {"master": own, "own": task.http_url})


@view_config(route_name="hbase_servers", renderer="board.mako", permission=Permission.VIEW)
def servers_page(request: Request) -> dict[str, Any] | Response:
    """Every region server with its part of the load."""
    cluster = board_cluster(request, SERVICE)
    found = told(request, cluster, "server")
    rows = [_server(request, cluster, task, fact) for task, fact in found.fresh]
    at = {"job": "regionserver", "rate": "1"}
    board = Board(
        "hbase-servers", "Region servers", at=found.at, silences=silences(found, request.now),
        tables=[table(SERVERS, rows, request.GET)],
        charts=[Charts("Compared", [
            series_chart(request, cluster, ("reads", "Reads", "per_second"), {"hbase.reads": "reads"}, **at),
            series_chart(request, cluster, ("writes", "Writes", "per_second"), {"hbase.writes": "writes"}, **at),
        ], "one line for each region server")],
    )  # fmt: skip
    return answer(request, cluster, board)


def _server(request: Request, cluster: Cluster, task: Task, fact: Fact) -> Row:
    url = request.route_path("hbase_server", service=SERVICE, cluster=cluster.name, number=task.number)
    return Row({**fact.numbers, "server": address(fact.key)}, {"server": url})


@view_config(route_name="hbase_server", renderer="board.mako", permission=Permission.VIEW)
def server_page(request: Request) -> dict[str, Any] | Response:
    """One region server: its regions, and how long what it is asked takes."""
    cluster, number = board_cluster(request, SERVICE), int(request.matchdict["number"])
    task = next((one for one in cluster.tasks if (one.job, one.number) == ("regionserver", number)), None)
    if task is None:
        raise HTTPNotFound(f"{cluster.name} has no region server {number}.")
    servers = _only(told(request, cluster, "server"), task)
    fact = servers.facts[0] if servers.facts else None
    regions = [pair for pair in told(request, cluster, "region").fresh if pair[0].id == task.id]
    operations = _only(told(request, cluster, "operation"), task).facts
    board = Board(
        "hbase-servers", address(fact.key) if fact else f"regionserver/{number}", at=servers.at,
        above=[("Region servers", request.route_path("hbase_servers", service=SERVICE, cluster=cluster.name))],
        silences=silences(servers, request.now), said=_said_of(request, task, fact),
        tables=[
            table(_OF_SERVER, regions_linked(request, cluster, regions), request.GET),
            table(replace(OPERATIONS, prefix="op-"), operation_rows(operations), request.GET),
        ],
        charts=[_server_history(request, cluster, task), *_times(request, cluster, fact, operations)],
    )  # fmt: skip
    return answer(request, cluster, board)


def _only(found: Told, task: Task) -> Told:
    return Told([one for one in found.tasks if one.task.id == task.id])


def _said_of(request: Request, task: Task, fact: Fact | None) -> list[Said]:
    numbers = fact.numbers if fact else {}
    page = request.route_path("task", service=SERVICE, cluster=task.cluster.name, job=task.job, number=task.number)
    said = [
        Said("Task", f"{task.job}/{task.number}", page),
        Said("Reads", known(numbers.get(READS), "per_second")),
        Said("Writes", known(numbers.get(WRITES), "per_second")),
        Said("Regions", known(numbers.get("regions"), "count")),
        Said("Store files", known(numbers.get("store_file_bytes"), "bytes")),
        Said("Memstore", known(numbers.get("memstore_bytes"), "bytes")),
        Said("Data on its own host", known(numbers.get("local_percent"), "percent")),
    ]
    return [*said, Said("Its own page", task.http_url, task.http_url, outside=True)] if task.http_url else said


def _server_history(request: Request, cluster: Cluster, task: Task) -> Charts:
    where = {"job": task.job, "rate": "1"}
    host = request.db.get(Host, task.host_id) if task.host_id else None
    where |= {"host": host.name} if host else {}
    where |= {"task": str(task.instance)} if task.instance >= 0 else {}
    metrics = {"hbase.reads": "reads", "hbase.writes": "writes"}
    return Charts("History", [series_chart(request, cluster, ("requests", "Requests", "per_second"), metrics, **where)])


def _times(request: Request, cluster: Cluster, server: Fact | None, operations: list[Fact]) -> list[Charts]:
    """For each operation that clients ask of it: how often, and how long the slow ones take."""
    groups = []
    for fact in sorted(operations, key=lambda one: -one.numbers.get("count", 0)):
        place = fact.texts.get("operation_of_server")
        if server is not None and place and fact.numbers.get("count"):
            often = {metric(SERVICE, "server_operation", "count_per_second", place): fact.key}
            slow = {
                metric(SERVICE, "server_operation", number, place): title
                for number, title in (("p75", "75 %"), ("p95", "95 %"), ("p99", "99 %"), ("p999", "99.9 %"))
            }
            groups.append(Charts(fact.key, [
                series_chart(request, cluster, (f"often-{fact.key}", f"{fact.key}: how often", "per_second"), often),
                series_chart(request, cluster, (f"slow-{fact.key}", f"{fact.key}: how long", "ms"), slow),
            ]))  # fmt: skip
    return groups
