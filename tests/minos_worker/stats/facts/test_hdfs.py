"""What a namenode of Hadoop 3.4 tells, as it told it (shortened)."""

import json
from typing import Any

import pytest

from minos_common.facts import Fact
from minos_worker.stats.facts.hdfs import hdfs_namenode
from minos_worker.stats.readers import PageFailed


def told(kind: str, **beans: dict[str, Any]) -> list[Fact]:
    listed = [{"name": f"Hadoop:service=NameNode,name={name}", **bean} for name, bean in beans.items()]
    page = json.dumps({"beans": listed}).encode()
    return [fact for one, fact in hdfs_namenode(page) if one == kind]


def test_the_namenode_itself() -> None:
    system = {"tag.HAState": "active", "tag.Hostname": "h", "CapacityTotal": 100, "MissingBlocks": 0, "Snapshots": 3}
    info = {"SoftwareVersion": "3.4.2", "Safemode": ""}
    assert told("namenode", FSNamesystem=system, NameNodeInfo=info) == [
        Fact("h", {"capacity_bytes": 100.0, "missing": 0.0}, {"role": "active", "version": "3.4.2"})
    ]


def test_datanodes_of_all_lists() -> None:
    live = {"a:1": {"capacity": 10, "used": 1, "adminState": "Decommission In Progress"}, "b:1": {"capacity": 20}}
    leaving = {"a:1": {"underReplicatedBlocks": 7, "decommissionOnlyReplicas": 2}}
    info = {
        "LiveNodes": json.dumps(live),
        "DeadNodes": json.dumps({"c:1": {"decommissioned": True, "lastContact": 99}}),
        "DecomNodes": json.dumps(leaving),
    }
    assert told("datanode", NameNodeInfo=info) == [
        Fact(
            "a:1",
            {"capacity_bytes": 10.0, "used_bytes": 1.0, "under_replicated": 7.0, "only_replicas": 2.0},
            {"admin_state": "Decommission In Progress", "state": "decommissioning"},
        ),
        Fact("b:1", {"capacity_bytes": 20.0}, {"state": "live"}),
        Fact("c:1", {"contact_seconds": 99.0}, {"state": "dead", "admin_state": "Decommissioned"}),
    ]


def test_operations() -> None:
    bean = {"CreateFileOps": 39, "GetListingOps": 4, "TransactionsNumOps": 9, "FsImageLoadTime": 5, "name": "x"}
    assert told("operation", NameNodeActivity={key: one for key, one in bean.items() if key != "name"}) == [
        Fact("CreateFile", {"count": 39.0}, {"operation": "CreateFile"}),
        Fact("GetListing", {"count": 4.0}, {"operation": "GetListing"}),
    ]


def test_operations_by_user() -> None:
    ops = [{"opType": "*", "topUsers": [{"user": "a/b", "count": 3}]}, {"opType": "mkdirs", "topUsers": []}]
    top = {"windows": [{"windowLenMs": 300000, "ops": ops}]}
    assert told("user-operation", FSNamesystemState={"TopUserOpCounts": json.dumps(top)}) == [
        Fact(
            "all operations/a/b/5 min", {"count": 3.0, "minutes": 5.0},
            {"operation": "all operations", "user": "a/b", "window": "5 min"},
        )
    ]  # fmt: skip


@pytest.mark.parametrize("listed", [None, "", "junk", "[]", "{", 5, '{"a": 5}'])
def test_lists_that_are_none(listed: Any) -> None:
    assert told("datanode", NameNodeInfo={"LiveNodes": listed}) == []
    assert told("user-operation", FSNamesystemState={"TopUserOpCounts": listed}) == []


def test_other_pages_are_refused() -> None:
    with pytest.raises(PageFailed):
        list(hdfs_namenode(b"{}"))
