"""What explains what, as tables."""

import pytest

from minos_web.monitor.alerts.folding import Ground, Open, fold, lost_at_once

CONSOLE = Open("console", "hosts-lost", "console", level="error")
RACK = Open("rack", "rack-lost", "rack", part="r1", level="error")
HOST = Open("host", "host-lost", "host", "a", level="error")
OTHER = Open("other", "host-lost", "host", "b", level="error")
DISK = Open("disk", "disk-space", "host", "a")
CLUSTER = Open("hdfs", "cluster-health", "cluster", cluster="hdfs/lake", level="error")
ZOOKEEPER = Open("zk", "cluster-health", "cluster", cluster="zookeeper/lake")
HBASE = Open("hbase", "cluster-health", "cluster", cluster="hbase/lake", level="error")
TASK = Open("task", "task-down", "task", "a", "hdfs/lake")
HEAP = Open("heap", "heap", "task", "c", "hdfs/lake")
DEAD = Open("dead", "hdfs-dead-datanodes", "cluster", cluster="hdfs/lake")
MISSING = Open("missing", "hdfs-missing-blocks", "cluster", cluster="hdfs/lake", level="error", alone=True)
RACKS = {"a": "r1", "b": "r1", "c": "r2"}


def with_(one: Open, **other: object) -> Open:
    return Open(**{**{name: getattr(one, name) for name in one.__dataclass_fields__}, **other})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("alerts", "ground", "found"),
    [
        ([DISK, TASK, CLUSTER], Ground(), {"task": "hdfs"}),
        ([HOST, DISK, TASK], Ground(lost={"a"}), {"disk": "host", "task": "host"}),
        # A cluster suffers from a host when nothing else of it is unwell.
        ([HOST, CLUSTER], Ground(lost={"a"}, unwell={"hdfs/lake": {"a"}}), {"hdfs": "host"}),
        ([HOST, CLUSTER], Ground(lost={"a"}, unwell={"hdfs/lake": {"a", "c"}}), {}),
        ([HOST, CLUSTER], Ground(lost={"a"}, unwell={"hdfs/lake": {"c"}}), {}),
        ([HOST, DEAD], Ground(lost={"a"}, unwell={"hdfs/lake": {"a", "c"}}), {"dead": "host"}),
        ([HOST, OTHER, CLUSTER], Ground(lost={"a", "b"}, unwell={"hdfs/lake": {"a", "b"}}), {"hdfs": "host"}),
        ([DEAD, CLUSTER], Ground(), {"dead": "hdfs"}),
        ([DEAD, with_(CLUSTER, level="warning")], Ground(), {}),
        ([with_(DEAD, follows=True), with_(CLUSTER, level="warning")], Ground(), {"dead": "hdfs"}),
        ([Open("silent", "task-silent", "task", "a", "hdfs/lake"), with_(CLUSTER, level="warning")], Ground(), {"silent": "hdfs"}),
        # Lost data are told whatever else is wrong.
        ([HOST, MISSING, CLUSTER], Ground(lost={"a"}, unwell={"hdfs/lake": {"a"}}), {"hdfs": "host"}),
        # A rack, and all at once.
        (
            [RACK, HOST, OTHER, CLUSTER], Ground(RACKS, {"a", "b"}, (), {"hdfs/lake": {"a", "b"}}),
            {"host": "rack", "other": "rack", "hdfs": "rack"},
        ),
        (
            [CONSOLE, RACK, HOST, OTHER, CLUSTER], Ground(RACKS, {"a", "b"}, {"a", "b"}, {"hdfs/lake": {"a", "b"}}),
            {"host": "console", "other": "console", "rack": "console", "hdfs": "console"},
        ),
        ([CONSOLE, HOST, OTHER], Ground(RACKS, {"a", "b"}, {"b"}), {"other": "console"}),
        # Those that need a cluster that is unwell.
        (
            [ZOOKEEPER, CLUSTER, HBASE], Ground(needs={"hdfs/lake": ["zookeeper/lake"], "hbase/lake": ["hdfs/lake"]}),
            {"hdfs": "zk", "hbase": "hdfs"},
        ),
        ([CLUSTER, HBASE], Ground(needs={"hdfs/lake": ["hbase/lake"], "hbase/lake": ["hdfs/lake"]}), {"hdfs": "hbase"}),
        # A task of a cluster that is down, whatever it is; of one that is degraded only that it does not run.
        ([CLUSTER, HEAP], Ground(), {"heap": "hdfs"}),
        ([with_(CLUSTER, level="warning"), HEAP, TASK], Ground(), {"task": "hdfs"}),
        # What is over since a moment still explains what it explained.
        ([with_(HOST, over=True), with_(DISK, parent="host"), TASK], Ground(), {"disk": "host"}),
        # What waits for too long explains nothing.
        ([with_(HOST, holds=False), DISK], Ground(lost={"a"}), {}),
    ],
)  # fmt: skip
def test_causes(alerts: list[Open], ground: Ground, found: dict[str, str]) -> None:
    assert fold(alerts, ground) == found


@pytest.mark.parametrize(
    ("lost", "hosts", "found"),
    [
        ({}, 10, []),
        ({"a": 0.0}, 1, []),
        ({"a": 0.0}, 3, []),
        ({"a": 0.0, "b": 59.0, "c": 30.0}, 9, ["a", "c", "b"]),
        ({"a": 0.0, "b": 59.0, "c": 30.0}, 10, []),
        ({"a": 0.0, "b": 61.0, "c": 122.0, "d": 183.0}, 5, []),
        ({"a": 0.0, "b": 100.0, "c": 101.0, "d": 102.0}, 9, ["b", "c", "d"]),
    ],
)
def test_lost_at_once(lost: dict[str, float], hosts: int, found: list[str]) -> None:
    assert lost_at_once(lost, hosts) == found


def test_fifty_hosts_are_many_of_however_many() -> None:
    assert len(lost_at_once({str(number): number / 10 for number in range(50)}, 10_000)) == 50
    assert lost_at_once({str(number): number / 10 for number in range(49)}, 10_000) == []
