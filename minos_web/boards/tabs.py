"""Which pages of its own a service has: the tabs beside those that every cluster has."""

from dataclasses import dataclass
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request

from minos_web.boards import flink, yarn


@dataclass(frozen=True)
class Tab:
    """A page of a cluster: its route (of ``service`` and ``cluster``, and ``list`` where it is a list), what people read, and
    the names by which templates mean it; the first of them is the list's. ``range`` is the time that its charts show at first.
    """

    names: tuple[str, ...]
    route: str
    text: str
    range: str = ""

    @property
    def more(self) -> dict[str, Any]:
        """Further parts of its address."""
        query = {"_query": {"range": self.range}} if self.range else {}
        return {**({"list": self.names[0]} if self.route == "cluster_list" else {}), **query}


TABS: dict[str, tuple[Tab, ...]] = {
    "hbase": (
        Tab(("hbase-basics",), "hbase_basics", "Basics"),
        Tab(("hbase-tables",), "hbase_tables", "Tables"),
        Tab(("hbase-servers",), "hbase_servers", "Region servers"),
        Tab(("hbase-operations",), "hbase_operations", "Operations"),
        Tab(("hbase-replication",), "hbase_replication", "Replication"),
        Tab(("hbase-rows",), "hbase_row_counting", "Row counting"),
    ),
    "hdfs": (
        Tab(("hdfs-storage",), "hdfs_storage", "Storage"),
        Tab(("hdfs-operations",), "hdfs_operations", "Namenode"),
        Tab(("hdfs-quotas",), "hdfs_quotas", "Quotas", "7d"),
    ),
    "zookeeper": (Tab(("ensemble",), "zookeeper_ensemble", "Ensemble"), Tab(("tree",), "zookeeper_tree", "Tree")),
    "yarn": tuple(Tab((one.name,), "cluster_list", one.title) for one in yarn.LISTINGS),
    "flink": tuple(Tab((one.name,), "cluster_list", one.title) for one in flink.LISTINGS),
    "kafka": (
        Tab(("topics", "partitions"), "cluster_list", "Topics"),
        Tab(("groups", "lags"), "cluster_list", "Consumer groups"),
    ),
    "storm": (Tab(("topologies", "spouts", "bolts", "workers", "errors"), "cluster_list", "Topologies"),),
}
"""By service, in the order in which they stand."""


def board_tabs(_request: Request, service: str) -> tuple[Tab, ...]:
    """Tabs of a cluster of ``service``; none for one without pages of its own."""
    return TABS.get(service, ())


def includeme(config: Configurator) -> None:
    """Templates ask the request for them: a cluster's head is drawn by views, which know no board."""
    config.add_request_method(board_tabs)
