"""Facts of HBase 2 from its daemons' ``/jmx``: masters, region servers, regions, operations, replication. PURE."""

import re
from collections.abc import Iterator
from typing import Any

from minos_common.facts import Fact
from minos_worker.stats.facts.reader import Told, hadoop_beans, numbers, texts
from minos_worker.stats.readers import PageFailed

_REGION = re.compile(r"Namespace_(.+?)_table_(.+)_region_([0-9a-f]{32}|\d+)_metric_(\w+)")
_TABLE = re.compile(r"Namespace_(.+?)_table_(.+)_metric_(.+)")
_OPERATION = re.compile(
    r"(.+?)_(num_ops|min|max|mean|median|25th_percentile|75th_percentile|90th_percentile|95th_percentile"
    r"|98th_percentile|99th_percentile|99\.9th_percentile)"
)
_OPERATION_NUMBERS = {
    "num_ops": "count", "min": "min", "max": "max", "mean": "mean", "median": "p50", "75th_percentile": "p75",
    "95th_percentile": "p95", "99th_percentile": "p99", "99.9th_percentile": "p999",
}  # fmt: skip
_REQUESTS = {
    "Get", "Put", "PutBatch", "Delete", "DeleteBatch", "ScanTime", "Increment", "Append", "CheckAndPut", "CheckAndDelete",
    "CheckAndMutate",
}  # fmt: skip
"""What clients ask of a server; the other histograms are of its own work."""
_REGION_NUMBERS = {
    "readRequestCount": "read_requests", "writeRequestCount": "write_requests", "cpRequestCount": "coprocessor_requests",
    "filteredReadRequestCount": "filtered_reads", "storeFileSize": "store_file_bytes", "memStoreSize": "memstore_bytes",
    "storeFileCount": "store_files", "storeCount": "stores", "compactionsQueuedCount": "compactions_queued",
    "lastMajorCompactionAge": "compacted_ms", "maxCompactionQueueSize": "compaction_queue", "replicaid": "replica",
}  # fmt: skip
_SERVER_NUMBERS = {
    "readRequestCount": "read_requests", "writeRequestCount": "write_requests", "totalRequestCount": "requests",
    "storeFileSize": "store_file_bytes", "memStoreSize": "memstore_bytes", "regionCount": "regions",
    "storeFileCount": "store_files", "storeCount": "stores", "percentFilesLocal": "local_percent",
    "blockCacheCountHitPercent": "cache_hit_percent", "compactionQueueLength": "compaction_queue",
    "flushQueueLength": "flush_queue", "hlogFileCount": "wal_files", "hlogFileSize": "wal_bytes",
    "regionServerStartTime": "started_ms",
}  # fmt: skip
_SERVER_TEXTS = {
    "tag.serverName": "name",
    "tag.Hostname": "host",
    "tag.zookeeperQuorum": "quorum",
    "tag.clusterId": "id",
}
_MASTER_NUMBERS = {
    "numRegionServers": "live_servers", "numDeadRegionServers": "dead_servers", "averageLoad": "average_load",
    "clusterRequests": "requests", "masterActiveTime": "active_ms", "masterStartTime": "started_ms",
}  # fmt: skip
_MASTER_TEXTS = {**_SERVER_TEXTS, "tag.liveRegionServers": "live", "tag.deadRegionServers": "dead"}
_PEER_NUMBERS = {
    "sizeOfLogQueue": "log_queue", "ageOfLastShippedOp_num_ops": "aged", "ageOfLastShippedOp_max": "age_ms",
    "isInitializing": "initializing", "logEditsRead": "edits_read",
    "logEditsFiltered": "edits_filtered", "logReadInBytes": "read_bytes", "shippedOps": "shipped_ops",
    "shippedBatches": "shipped_batches", "shippedBytes": "shipped_bytes",
    "failedBatches": "failed_batches", "sizeOfHFileRefsQueue": "file_queue",
}  # fmt: skip


def hbase_master(body: bytes) -> Iterator[Told]:
    """One fact of kind "master": what it is, and which servers it knows. Raises PageFailed."""
    for keys, bean in hadoop_beans(body):
        if (keys.get("name"), keys.get("sub")) == ("Master", "Server"):
            told = texts(bean, _MASTER_TEXTS)
            told["role"] = "active" if bean.get("tag.isActiveMaster") == "true" else "backup"
            yield "master", Fact(told.get("name", ""), numbers(bean, _MASTER_NUMBERS), told)


def hbase_regionserver(body: bytes) -> Iterator[Told]:
    """Facts of kind "server", "region", "operation", "table-operation", "peer". Raises PageFailed."""
    beans = {
        keys["sub"]: bean for keys, bean in hadoop_beans(body) if keys.get("name") == "RegionServer" and "sub" in keys
    }
    server = beans.get("Server", {})
    name = str(server.get("tag.serverName", ""))
    regions = list(_regions(beans.get("Regions", {}), name))
    if not server or (server.get("regionCount") and not regions):
        # HBase takes all of its beans away and makes them anew when a region comes or goes: that is not having none.
        raise PageFailed("its page has no regions at this moment, as while HBase makes it anew")
    yield "server", Fact(name, numbers(server, _SERVER_NUMBERS), texts(server, _SERVER_TEXTS))
    yield from (("operation", _of_server(fact, name)) for fact in _operations(server))
    yield from (("region", fact) for fact in regions)
    yield from (("table-operation", fact) for fact in _table_operations(beans.get("TableLatencies", {})))
    yield from (("peer", fact) for fact in _peers(beans.get("Replication", {})))


def _table(namespace: str, qualifier: str) -> str:
    """A table as HBase's shell calls it."""
    return qualifier if namespace == "default" else f"{namespace}:{qualifier}"


def _regions(bean: dict[str, Any], server: str) -> Iterator[Fact]:
    found: dict[str, Fact] = {}
    for attribute, value in bean.items():
        match = _REGION.fullmatch(attribute)
        if match is None or not isinstance(value, int | float):
            continue
        namespace, table, region, metric = match.groups()
        about = {"table": _table(namespace, table), "namespace": namespace, "region": region, "server": server}
        fact = found.setdefault(region, Fact(region, {}, about))
        if metric in _REGION_NUMBERS:
            fact.numbers[_REGION_NUMBERS[metric]] = float(value)
    return iter(found.values())


def _operations(bean: dict[str, Any]) -> Iterator[Fact]:
    found: dict[str, Fact] = {}
    for attribute, value in bean.items():
        match = _OPERATION.fullmatch(attribute)
        if match is None or not isinstance(value, int | float) or match[2] not in _OPERATION_NUMBERS:
            continue
        fact = found.setdefault(match[1], Fact(match[1], {}, {"operation": match[1]}))
        fact.numbers[_OPERATION_NUMBERS[match[2]]] = float(value)
    return (fact for fact in found.values() if "count" in fact.numbers)


def _of_server(fact: Fact, server: str) -> Fact:
    """The fact with the kind of its operation and, of what clients ask, the server's address beside its name."""
    asked = fact.key in _REQUESTS
    fact.texts["group"] = "requests" if asked else "own work"
    if asked and server:
        fact.texts["operation_of_server"] = f"{fact.key}@{':'.join(server.split(',')[:2])}"
    return fact


def _table_operations(bean: dict[str, Any]) -> Iterator[Fact]:
    tables: dict[str, dict[str, Any]] = {}
    for attribute, value in bean.items():
        match = _TABLE.fullmatch(attribute)
        if match is not None:
            tables.setdefault(_table(match[1], match[2]), {})[match[3]] = value
    for table, values in tables.items():
        for fact in _operations(values):
            operation = fact.key.removesuffix("Time")
            about = {"table": table, "operation": operation, "operation_of_table": f"{table}/{operation}"}
            yield Fact(f"{table}/{operation}", fact.numbers, about)


def _peers(bean: dict[str, Any]) -> Iterator[Fact]:
    """Queues by peer; one that was taken over from a server that is gone is called "<peer>-<its name>"."""
    found: dict[str, Fact] = {}
    for attribute, value in bean.items():
        source, _, rest = attribute.partition(".")
        queue, dot, metric = rest.rpartition(".")
        if source.lower() != "source" or not dot or metric not in _PEER_NUMBERS or not isinstance(value, int | float):
            continue
        peer, taken_over, _ = queue.partition("-")
        about = {"peer": peer, "queue": queue, "recovered": "yes" if taken_over else "no"}
        found.setdefault(queue, Fact(queue, {}, about)).numbers[_PEER_NUMBERS[metric]] = float(value)
    return iter(found.values())
