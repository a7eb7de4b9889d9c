"""What a resourcemanager of Hadoop 3.4 tells, as it told it (shortened)."""

import json
from typing import Any

import pytest

from minos_common.facts import Fact
from minos_worker.stats.facts.yarn import yarn_apps, yarn_nodes, yarn_queues
from minos_worker.stats.readers import PageFailed

APP = {
    "id": "application_1_0001", "user": "root", "name": "QuasiMonteCarlo", "queue": "root.default", "state": "RUNNING",
    "finalStatus": "UNDEFINED", "progress": 50.0, "applicationType": "MAPREDUCE", "startedTime": 1500000, "finishedTime": 0,
    "elapsedTime": 2500, "allocatedMB": 2048, "allocatedVCores": 2, "runningContainers": 2, "memorySeconds": -1,
}  # fmt: skip


def test_queues_are_called_by_their_whole_names() -> None:
    name = "Hadoop:service=ResourceManager,name=QueueMetrics"
    beans = [
        {"name": f"{name},q0=root,q1=default", "AppsRunning": 1, "AllocatedMB": 1024, "tag.Queue": "root.default"},
        {"name": f"{name},q0=root,q1=default,user=root", "AppsRunning": 1},
        {"name": name, "AppsRunning": 9},
        {"name": "Hadoop:service=ResourceManager,name=JvmMetrics", "MemHeapUsedM": 5},
    ]
    assert list(yarn_queues(json.dumps({"beans": beans}).encode())) == [
        (
            "queue",
            Fact(
                "root.default",
                {"running": 1.0, "memory_used_bytes": 1024.0**3},
                {"queue": "root.default", "parent": "root"},
            ),
        )
    ]


def test_programs() -> None:
    [(kind, fact)] = yarn_apps(json.dumps({"apps": {"app": [APP]}}).encode())
    assert (kind, fact.key) == ("app", "application_1_0001")
    assert fact.numbers == {
        "progress_percent": 50.0, "containers": 2.0, "cores": 2.0, "memory_bytes": 2.0 * 1024**3, "started_at": 1500.0,
        "elapsed_seconds": 2.5,
    }  # fmt: skip
    assert (fact.texts["name"], fact.texts["state"], fact.texts["type"]) == ("QuasiMonteCarlo", "RUNNING", "MAPREDUCE")


def test_a_program_that_ended_has_no_containers() -> None:
    ended = {
        **APP,
        "state": "FINISHED",
        "allocatedMB": -1,
        "allocatedVCores": -1,
        "runningContainers": -1,
        "finishedTime": 2e6,
    }
    [(_, fact)] = yarn_apps(json.dumps({"apps": {"app": ended}}).encode())
    assert "containers" not in fact.numbers and "memory_bytes" not in fact.numbers
    assert fact.numbers["finished_at"] == 2000.0


def test_nodes() -> None:
    node = {
        "id": "h:13002", "state": "RUNNING", "rack": "/default-rack", "nodeHostName": "h", "numContainers": 0,
        "usedMemoryMB": 0, "availMemoryMB": 1024, "usedVirtualCores": 0, "availableVirtualCores": 8,
        "lastHealthUpdate": 5000, "healthReport": "", "version": "3.4.2",
    }  # fmt: skip
    [(kind, fact)] = yarn_nodes(json.dumps({"nodes": {"node": [node]}}).encode())
    assert kind == "node" and fact.numbers == {
        "containers": 0.0, "cores_used": 0.0, "cores_free": 8.0, "memory_used_bytes": 0.0,
        "memory_free_bytes": 1024.0**3, "healthy_at": 5.0,
    }  # fmt: skip
    assert fact.texts == {"host": "h", "state": "RUNNING", "rack": "/default-rack", "version": "3.4.2"}


@pytest.mark.parametrize("page", [{"apps": None}, {"apps": {}}, {"apps": {"app": []}}, {"apps": {"app": [5]}}])
def test_none_are_none(page: Any) -> None:
    assert list(yarn_apps(json.dumps(page).encode())) == []


def test_a_standby_tells_of_none() -> None:
    assert list(yarn_apps(b"This is standby RM. The redirect url is: http://h:13001/ws/v1/cluster/apps\n")) == []


@pytest.mark.parametrize("body", [b"{}", b"<html>", b"[]"])
def test_other_pages_are_refused(body: bytes) -> None:
    for reader in (yarn_apps, yarn_nodes, yarn_queues):
        with pytest.raises(PageFailed):
            list(reader(body))
