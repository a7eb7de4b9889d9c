"""Why nobody hears of an alert, as a table."""

import pytest

from minos_web.monitor.alerts.muting import Calm, Heard, Quiet, Underway, why_muted

NOW = 10_000.0
NOTE = {"reason": "disk", "by": "ann", "at": 0.0, "until": None}
OVER = {"reason": "disk", "by": "ann", "at": 0.0, "until": NOW - 1}
HOST = Heard("disk-space", "host", "", "", "", "a", NOW - 60)
TASK = Heard("task-down", "task", "hdfs", "hdfs/lake", "datanode", "a", NOW - 60)
CLUSTER = Heard("cluster-health", "cluster", "hdfs", "hdfs/lake", "", "", NOW - 60)
CONSOLE = Heard("console-disk", "console", "", "", "", "", NOW - 60)
RUNS = Underway(7, "restart", "hdfs/lake", NOW - 100)
UPGRADE = Underway(8, "upgrade", "", NOW - 100)


@pytest.mark.parametrize(
    ("alert", "calm", "why"),
    [
        (HOST, Calm(), ""),
        (HOST, Calm(host_notes={"a": NOTE}), "maintenance by ann: disk"),
        (HOST, Calm(host_notes={"a": OVER}), ""),
        (HOST, Calm(host_notes={"b": NOTE}), ""),
        (TASK, Calm(host_notes={"a": NOTE}), "maintenance by ann: disk"),
        (TASK, Calm(cluster_notes={"hdfs/lake": {"": NOTE}}), "maintenance by ann: disk"),
        (TASK, Calm(cluster_notes={"hdfs/lake": {"datanode": NOTE}}), "maintenance by ann: disk"),
        (TASK, Calm(cluster_notes={"hdfs/lake": {"namenode": NOTE}}), ""),
        (CLUSTER, Calm(cluster_notes={"hdfs/lake": {"": NOTE}}), "maintenance by ann: disk"),
        (CLUSTER, Calm(cluster_notes={"hdfs/lake": {"datanode": NOTE}}), ""),
        (CLUSTER, Calm({"a": NOTE}, worked_on={"hdfs/lake": {"a"}}), "maintenance by ann: disk"),
        (CLUSTER, Calm({"a": NOTE}, unwell={"hdfs/lake": {"b"}}, worked_on={"hdfs/lake": {"a"}}), ""),
        (TASK, Calm(operations=[RUNS]), "operation 7 (restart) is at work"),
        (CLUSTER, Calm(operations=[RUNS]), "operation 7 (restart) is at work"),
        (HOST, Calm(operations=[RUNS]), ""),
        (HOST, Calm(operations=[UPGRADE]), "operation 8 (upgrade) is at work"),
        (TASK, Calm(operations=[UPGRADE]), ""),
        (CONSOLE, Calm(operations=[RUNS, UPGRADE]), ""),
        (TASK, Calm(operations=[Underway(7, "restart", "hdfs/lake", NOW - 10)]), ""),
        (TASK, Calm(operations=[Underway(7, "restart", "hdfs/other", NOW - 100)]), ""),
        (TASK, Calm(operations=[Underway(7, "restart", "hdfs/lake", NOW - 100, NOW - 119)]), "operation 7 (restart) has just ended"),
        (TASK, Calm(operations=[Underway(7, "restart", "hdfs/lake", NOW - 500, NOW - 121)]), ""),
        (TASK, Calm(silences=[Quiet("bob", "known", NOW + 1)]), "silenced by bob until 1970-01-01 02:46 UTC: known"),
        (TASK, Calm(silences=[Quiet("bob", "known", NOW)]), ""),
        (TASK, Calm(silences=[Quiet("bob", "", NOW + 1, service="hdfs", cluster="lake")]), "silenced by bob until 1970-01-01 02:46 UTC"),
        (TASK, Calm(silences=[Quiet("bob", "", NOW + 1, cluster="other")]), ""),
        (TASK, Calm(silences=[Quiet("bob", "", NOW + 1, rule="heap")]), ""),
        (HOST, Calm(silences=[Quiet("bob", "", NOW + 1, host="a", rule="disk-space")]), "silenced by bob until 1970-01-01 02:46 UTC"),
        (HOST, Calm(silences=[Quiet("bob", "", NOW + 1, job="datanode")]), ""),
    ],
)  # fmt: skip
def test_why(alert: Heard, calm: Calm, why: str) -> None:
    assert why_muted(alert, calm, NOW) == why
