"""What a job manager of Flink 1.20 tells, as it told it (shortened)."""

import json

import pytest

from minos_common.facts import Fact
from minos_worker.stats.facts.flink import flink_programs, flink_taskmanagers
from minos_worker.stats.readers import PageFailed

MANAGER = {
    "id": "taskmanager-0", "path": "pekko.tcp://flink@127.0.0.22:15100/user/rpc/taskmanager_0", "dataPort": 15101,
    "jmxPort": -1, "timeSinceLastHeartbeat": 1764565000000, "slotsNumber": 2, "freeSlots": 1,
    "totalResource": {"cpuCores": 1.0, "taskHeapMemory": 64},
    "hardware": {"cpuCores": 2, "physicalMemory": 8333430784, "freeMemory": 201326592, "managedMemory": 33554432},
    "memoryConfiguration": {"taskHeap": 67108864, "managedMemory": 33554432, "networkMemory": 33554432, "totalProcessMemory": 369098752},
}  # fmt: skip
PROGRAM = {
    "jid": "0ea", "name": "WordCount", "start-time": 1000, "end-time": -1, "duration": 2500, "state": "RUNNING",
    "last-modification": 1, "tasks": {"total": 3, "running": 2, "finished": 1, "failed": 0, "canceled": 0, "created": 0},
}  # fmt: skip


def test_task_managers() -> None:
    assert list(flink_taskmanagers(json.dumps({"taskmanagers": [MANAGER]}).encode())) == [
        (
            "taskmanager",
            Fact(
                "taskmanager-0",
                {
                    "slots": 2.0, "free_slots": 1.0, "data_port": 15101.0, "heard_at": 1764565000.0, "heap_bytes": 67108864.0,
                    "managed_bytes": 33554432.0, "network_bytes": 33554432.0, "memory_bytes": 369098752.0,
                },
                {"address": "127.0.0.22:15100"},
            ),
        )
    ]  # fmt: skip


def test_a_program_that_runs_has_no_end() -> None:
    [(kind, fact)] = flink_programs(json.dumps({"jobs": [PROGRAM]}).encode())
    assert (kind, fact.key, fact.texts) == ("program", "0ea", {"name": "WordCount", "state": "RUNNING"})
    assert fact.numbers == {
        "started_at": 1.0, "elapsed_seconds": 2.5, "tasks": 3.0, "tasks_running": 2.0, "tasks_finished": 1.0,
        "tasks_failed": 0.0, "tasks_cancelled": 0.0,
    }  # fmt: skip


def test_none_are_none_and_what_is_not_told_is_left_out() -> None:
    assert list(flink_programs(b'{"jobs": []}')) == []
    assert list(flink_taskmanagers(b'{"taskmanagers": [{"id": "x"}, 5]}')) == [("taskmanager", Fact("x"))]


@pytest.mark.parametrize("body", [b"{}", b"<html>", b"[]", b'{"jobs": 5, "taskmanagers": null}'])
def test_other_pages_are_refused(body: bytes) -> None:
    for reader in (flink_programs, flink_taskmanagers):
        with pytest.raises(PageFailed):
            list(reader(body))
