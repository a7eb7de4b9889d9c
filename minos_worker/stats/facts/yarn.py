"""Facts of YARN: queues from the resourcemanager's ``/jmx``, programs and nodemanagers from its REST pages. PURE."""

from collections.abc import Iterator, Mapping
from typing import Any

from minos_common.facts import Fact
from minos_worker.stats.facts.reader import Told, hadoop_beans, json_page, numbers, texts
from minos_worker.stats.readers import PageFailed

_MEGABYTE = 1024 * 1024
_QUEUE_NUMBERS = {
    "AppsSubmitted": "submitted", "AppsRunning": "running", "AppsPending": "pending", "AppsCompleted": "completed",
    "AppsKilled": "killed", "AppsFailed": "failed", "ActiveUsers": "users", "ActiveApplications": "active",
    "AllocatedContainers": "containers", "AllocatedVCores": "cores_used", "AvailableVCores": "cores_free",
    "PendingContainers": "containers_pending", "PendingVCores": "cores_pending", "ReservedContainers": "containers_reserved",
    "AggregateContainersAllocated": "containers_given", "AggregateContainersReleased": "containers_returned",
    "AggregateContainersPreempted": "containers_preempted", "GuaranteedVCores": "cores_guaranteed",
}  # fmt: skip
_QUEUE_MEGABYTES = {
    "AllocatedMB": "memory_used_bytes", "AvailableMB": "memory_free_bytes", "PendingMB": "memory_pending_bytes",
    "ReservedMB": "memory_reserved_bytes", "GuaranteedMB": "memory_guaranteed_bytes",
}  # fmt: skip
_QUEUE_PARTS = ("q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9")
_APP_TEXTS = {
    "name": "name", "user": "user", "queue": "queue", "state": "state", "finalStatus": "final", "applicationType": "type",
    "diagnostics": "diagnostics",
}  # fmt: skip
_APP_NUMBERS = {
    "progress": "progress_percent", "runningContainers": "containers", "allocatedVCores": "cores",
    "memorySeconds": "memory_seconds", "vcoreSeconds": "core_seconds", "queueUsagePercentage": "queue_percent",
    "priority": "priority", "preemptedResourceMB": "preempted_mb",
}  # fmt: skip
_NODE_TEXTS = {
    "nodeHostName": "host", "state": "state", "rack": "rack", "version": "version", "nodeHTTPAddress": "page",
    "healthReport": "report",
}  # fmt: skip
_NODE_NUMBERS = {"numContainers": "containers", "usedVirtualCores": "cores_used", "availableVirtualCores": "cores_free"}
_NODE_MEGABYTES = {"usedMemoryMB": "memory_used_bytes", "availMemoryMB": "memory_free_bytes"}


def yarn_queues(body: bytes) -> Iterator[Told]:
    """Facts of kind "queue", by the whole name ("root.default"), from ``/jmx``. Raises PageFailed."""
    for keys, bean in hadoop_beans(body):
        if keys.get("name") != "QueueMetrics" or "user" in keys or "q0" not in keys:
            continue
        name = ".".join(keys[part] for part in _QUEUE_PARTS if part in keys)
        found = numbers(bean, _QUEUE_NUMBERS) | _of_megabytes(bean, _QUEUE_MEGABYTES)
        yield "queue", Fact(name, found, {"queue": name, "parent": name.rpartition(".")[0]})


def yarn_apps(body: bytes) -> Iterator[Told]:
    """Facts of kind "app", by its id, from ``/ws/v1/cluster/apps``. Raises PageFailed."""
    for app in _listed(body, "apps", "app"):
        found = numbers(app, _APP_NUMBERS) | _of_megabytes(app, {"allocatedMB": "memory_bytes"})
        found = {name: value for name, value in found.items() if value >= 0}  # -1 stands for: not running any more
        for theirs, ours in (("startedTime", "started_at"), ("finishedTime", "finished_at")):
            at = app.get(theirs)
            if isinstance(at, int | float) and at > 0:
                found[ours] = at / 1000
        if isinstance(app.get("elapsedTime"), int | float):
            found["elapsed_seconds"] = app["elapsedTime"] / 1000
        yield "app", Fact(str(app.get("id", "")), found, texts(app, _APP_TEXTS))


def yarn_nodes(body: bytes) -> Iterator[Told]:
    """Facts of kind "node", by its id ("host:port"), from ``/ws/v1/cluster/nodes``. Raises PageFailed."""
    for node in _listed(body, "nodes", "node"):
        found = numbers(node, _NODE_NUMBERS) | _of_megabytes(node, _NODE_MEGABYTES)
        at = node.get("lastHealthUpdate")
        if isinstance(at, int | float) and at > 0:
            found["healthy_at"] = at / 1000
        yield "node", Fact(str(node.get("id", "")), found, texts(node, _NODE_TEXTS))


def _of_megabytes(values: Mapping[str, Any], named: Mapping[str, str]) -> dict[str, float]:
    return {name: value * _MEGABYTE for name, value in numbers(values, named).items()}


def _listed(body: bytes, outer: str, inner: str) -> Iterator[dict[str, Any]]:
    """The objects of ``{outer: {inner: [...]}}``; the page says null for none. A standby answers with words, not JSON."""
    if body.lstrip()[:20].startswith(b"This is standby RM"):
        return
    page = json_page(body)
    if not isinstance(page, dict) or outer not in page:
        raise PageFailed(f"the page is not that of a resourcemanager: it has no {outer!r}")
    listed = (page[outer] or {}).get(inner) or []
    yield from (one for one in (listed if isinstance(listed, list) else [listed]) if isinstance(one, dict))
