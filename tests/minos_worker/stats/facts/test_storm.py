"""What a nimbus of Storm 2.8 tells of its topologies, as it told it (shortened)."""

import json
from typing import Any

import pytest

from minos_common.facts import Fact
from minos_worker.stats.facts.storm import storm_nimbus
from minos_worker.stats.readers import PageFailed


def part(special: dict[str, Any], **more: Any) -> dict[str, Any]:
    common = {"executors": 1, "tasks": 1, "emitted": 40, "transferred": 40, "acked": 20, "failed": 0}
    return {"common": common, "specific": special, "last_error": None, **more}


def a_page(**more: Any) -> dict[str, Any]:
    return {"spouts": {}, "bolts": {}, "stats": None, "workers": [], **more}


def told(ever: dict[str, Any], window: dict[str, Any]) -> dict[str, list[Fact]]:
    topology = {
        "id": "counts-1-9", "name": "counts", "num_tasks": 5, "num_executors": 5, "num_workers": 2, "uptime": 60,
        "status": "ACTIVE", "owner": "root",
    }  # fmt: skip
    found: dict[str, list[Fact]] = {}
    body = json.dumps({"topologies": [{"topology": topology, "ever": ever, "window": window}]}).encode()
    for kind, fact in storm_nimbus(body):
        found.setdefault(kind, []).append(fact)
    return found


def test_a_topology() -> None:
    ever = a_page(stats={"acked": {":all-time": 3000, "600": 5}, "failed": {}, "emitted": None})
    window = a_page(stats={"complete_ms": {"600": 12.5}})
    assert told(ever, window)["topology"] == [
        Fact(
            "counts",
            {
                "workers": 2.0,
                "executors": 5.0,
                "tasks": 5.0,
                "uptime_seconds": 60.0,
                "acked": 3000.0,
                "complete_ms": 12.5,
            },
            {"topology": "counts", "id": "counts-1-9", "status": "ACTIVE", "owner": "root"},
        )
    ]


def test_what_never_failed_is_told_by_its_spouts() -> None:
    ever = a_page(stats={"failed": {}}, spouts={"a": part({}), "b": part({})})
    assert told(ever, a_page())["topology"][0].numbers["failed"] == 0.0


def test_parts_count_for_all_time_and_are_timed_now() -> None:
    bolt = {"execute_ms": 9.0, "process_ms": 9.0, "executed": 700, "capacity": 0.9}
    now = {"execute_ms": 0.5, "process_ms": 0.25, "executed": 7, "capacity": 0.1}
    spout = {"spout": {"complete_ms": 99.0}, "bolt": None}
    found = told(
        a_page(spouts={"events": part(spout)}, bolts={"count": part({"bolt": bolt})}),
        a_page(spouts={"events": part({"spout": {"complete_ms": 0.0}})}, bolts={"count": part({"bolt": now})}),
    )
    [one], [other] = found["bolt"], found["spout"]
    assert one.texts == {"topology": "counts", "part": "count"}
    assert {name: one.numbers[name] for name in ("executed", "execute_ms", "process_ms", "capacity", "acked")} == {
        "executed": 700.0, "execute_ms": 0.5, "process_ms": 0.25, "capacity": 0.1, "acked": 20.0,
    }  # fmt: skip
    assert other.key == "counts/events" and "complete_ms" not in other.numbers  # nothing was completed in ten minutes


def test_errors_and_workers() -> None:
    error = {"text": "java.lang.RuntimeException: <b>no\n\tat x", "at": 1500, "host": "h", "port": 6700}
    workers = [
        {"host": "h", "port": 6700, "executors": 3, "uptime": 9, "memory_mb": 64.0},
        {"host": "h", "port": 1, "uptime": 0},
    ]
    found = told(a_page(bolts={"count": part({}, last_error=error)}, workers=workers), a_page())
    assert found["error"] == [
        Fact(
            "counts/count", {"at": 1500.0},
            {"topology": "counts", "part": "count", "error": "java.lang.RuntimeException: <b>no", "where": "h:6700"},
        )
    ]  # fmt: skip
    assert [(one.key, one.texts["state"], one.numbers.get("memory_bytes")) for one in found["worker"]] == [
        ("counts/h:6700", "heard", 64.0 * 1024**2), ("counts/h:1", "silent", None),
    ]  # fmt: skip


@pytest.mark.parametrize("body", [b"{}", b"[]", b"junk"])
def test_other_pages_are_refused(body: bytes) -> None:
    with pytest.raises(PageFailed):
        list(storm_nimbus(body))
