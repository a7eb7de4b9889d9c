"""Facts of HDFS from a namenode's ``/jmx``: itself, its datanodes, who asked it for what. PURE."""

import json
from collections.abc import Iterator
from typing import Any

from minos_common.facts import Fact
from minos_worker.stats.facts.reader import Told, hadoop_beans, numbers, texts

_NODE_NUMBERS = {
    "capacity": "capacity_bytes", "used": "used_bytes", "nonDfsUsedSpace": "other_bytes", "remaining": "remaining_bytes",
    "numBlocks": "blocks", "volfails": "failed_volumes", "blockPoolUsedPercent": "used_percent",
    "lastContact": "contact_seconds", "underReplicatedBlocks": "under_replicated",
    "decommissionOnlyReplicas": "only_replicas", "underReplicateInOpenFiles": "under_replicated_open",
}  # fmt: skip
_NODE_TEXTS = {
    "xferaddr": "address",
    "infoAddr": "web",
    "adminState": "admin_state",
    "version": "version",
    "location": "rack",
}
_SYSTEM_NUMBERS = {
    "CapacityTotal": "capacity_bytes", "CapacityUsed": "used_bytes", "CapacityRemaining": "remaining_bytes",
    "CapacityUsedNonDFS": "other_bytes", "FilesTotal": "files", "BlocksTotal": "blocks", "MissingBlocks": "missing",
    "CorruptBlocks": "corrupt", "UnderReplicatedBlocks": "under_replicated", "ExcessBlocks": "excess",
    "PendingReplicationBlocks": "pending_replication", "PendingDeletionBlocks": "pending_deletion",
    "ScheduledReplicationBlocks": "scheduled_replication", "MissingReplOneBlocks": "missing_single",
    "PostponedMisreplicatedBlocks": "postponed", "TotalLoad": "connections", "StaleDataNodes": "stale_nodes",
}  # fmt: skip
_OPERATIONS = "Ops"


def hdfs_namenode(body: bytes) -> Iterator[Told]:
    """Facts of kind "namenode" (one), "datanode", "operation", "user-operation". Raises PageFailed."""
    beans = {keys["name"]: bean for keys, bean in hadoop_beans(body) if "name" in keys}
    info, system = beans.get("NameNodeInfo", {}), beans.get("FSNamesystem", {})
    if system:
        told = texts(info, {"SoftwareVersion": "version", "ClusterId": "id", "Safemode": "safe_mode"})
        told["role"] = str(system.get("tag.HAState", ""))
        yield "namenode", Fact(str(system.get("tag.Hostname", "")), numbers(system, _SYSTEM_NUMBERS), told)
    yield from (("datanode", fact) for fact in _datanodes(info))
    yield from (("operation", fact) for fact in _operations(beans.get("NameNodeActivity", {})))
    yield from (("user-operation", fact) for fact in _users(beans.get("FSNamesystemState", {})))


def _datanodes(info: dict[str, Any]) -> Iterator[Fact]:
    """Of the lists in NameNodeInfo, which are JSON within the JSON. One that is live and leaves stands in two of them."""
    found: dict[str, Fact] = {}
    for attribute, state in (("LiveNodes", "live"), ("DeadNodes", "dead"), ("DecomNodes", "decommissioning")):
        nodes = _within(info.get(attribute))
        for key, node in (nodes if isinstance(nodes, dict) else {}).items():
            if isinstance(node, dict):
                fact = found.setdefault(key, Fact(key))
                fact.numbers |= numbers(node, _NODE_NUMBERS)
                fact.texts |= texts(node, _NODE_TEXTS) | {"state": state}
                if node.get("decommissioned") is True:
                    fact.texts["admin_state"] = "Decommissioned"
    return iter(found.values())


def _operations(bean: dict[str, Any]) -> Iterator[Fact]:
    """How often each operation was asked for since the namenode began, of "CreateFileOps" as "CreateFile"."""
    for attribute, value in bean.items():
        if attribute.endswith(_OPERATIONS) and not attribute.endswith("NumOps") and isinstance(value, int | float):
            name = attribute.removesuffix(_OPERATIONS)
            yield Fact(name, {"count": float(value)}, {"operation": name})


def _users(bean: dict[str, Any]) -> Iterator[Fact]:
    """Who asked how often within each of nntop's windows; of every operation its top users only."""
    top = _within(bean.get("TopUserOpCounts"))
    for window in (top.get("windows") or []) if isinstance(top, dict) else []:
        minutes = float(window["windowLenMs"]) / 60000
        for operation in window.get("ops") or []:
            name = str(operation["opType"])
            called = "all operations" if name == "*" else name
            for user in operation.get("topUsers") or []:
                about = {"operation": called, "user": str(user["user"]), "window": f"{minutes:g} min"}
                yield Fact("/".join(about.values()), {"count": float(user["count"]), "minutes": minutes}, about)


def _within(text: Any) -> Any:
    try:
        return json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return None
