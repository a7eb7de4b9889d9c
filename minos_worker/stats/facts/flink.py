"""Facts of Flink: task managers and programs, from the job manager's REST pages. PURE."""

import re
from collections.abc import Iterator
from typing import Any

from minos_common.facts import Fact
from minos_worker.stats.facts.reader import Told, json_page, numbers, texts
from minos_worker.stats.readers import PageFailed

_ADDRESS = re.compile(r"@([^/]+)/")
_MANAGER_NUMBERS = {"slotsNumber": "slots", "freeSlots": "free_slots", "dataPort": "data_port"}
_MEMORY_NUMBERS = {
    "totalProcessMemory": "memory_bytes", "taskHeap": "heap_bytes", "managedMemory": "managed_bytes",
    "networkMemory": "network_bytes",
}  # fmt: skip
_TASK_NUMBERS = {
    "total": "tasks", "running": "tasks_running", "finished": "tasks_finished", "failed": "tasks_failed",
    "canceled": "tasks_cancelled",
}  # fmt: skip


def flink_taskmanagers(body: bytes) -> Iterator[Told]:
    """Facts of kind "taskmanager", by its id, from ``/taskmanagers``. Raises PageFailed."""
    for one in _listed(body, "taskmanagers"):
        memory = one.get("memoryConfiguration")
        found = numbers(one, _MANAGER_NUMBERS) | numbers(memory if isinstance(memory, dict) else {}, _MEMORY_NUMBERS)
        found |= _moments(one, {"timeSinceLastHeartbeat": "heard_at"})  # it is when, whatever it is called
        address = _ADDRESS.search(str(one.get("path", "")))
        yield "taskmanager", Fact(str(one.get("id", "")), found, {"address": address[1]} if address else {})


def flink_programs(body: bytes) -> Iterator[Told]:
    """Facts of kind "program", by its id, from ``/jobs/overview``. Raises PageFailed."""
    for one in _listed(body, "jobs"):
        tasks = one.get("tasks")
        found = numbers(tasks if isinstance(tasks, dict) else {}, _TASK_NUMBERS)
        found |= _moments(one, {"start-time": "started_at", "end-time": "ended_at", "duration": "elapsed_seconds"})
        yield "program", Fact(str(one.get("jid", "")), found, texts(one, {"name": "name", "state": "state"}))


def _moments(values: dict[str, Any], named: dict[str, str]) -> dict[str, float]:
    """Milliseconds as seconds; -1 stands for: not yet."""
    return {name: value / 1000 for name, value in numbers(values, named).items() if value >= 0}


def _listed(body: bytes, name: str) -> Iterator[dict[str, Any]]:
    page = json_page(body)
    if not isinstance(page, dict) or not isinstance(page.get(name), list):
        raise PageFailed(f"the page is not that of a job manager: it has no list {name!r}")
    yield from (one for one in page[name] if isinstance(one, dict))
