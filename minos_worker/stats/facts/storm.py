"""Facts of Storm from its nimbus: topologies, spouts, bolts, workers, errors. PURE."""

from collections.abc import Iterator
from typing import Any

from minos_common.facts import Fact
from minos_worker.stats.facts.reader import Told, json_page, numbers, texts
from minos_worker.stats.nimbus import EVER, WINDOW
from minos_worker.stats.readers import PageFailed

_COUNTERS = {name: name for name in ("acked", "failed", "emitted", "transferred")}
_PARTS = {"executors": "executors", "tasks": "tasks"} | _COUNTERS
_MEGABYTE = 1024 * 1024


def storm_nimbus(body: bytes) -> Iterator[Told]:
    """Facts of kind "topology" (by name), "spout" and "bolt" ("topology/part"), "worker" ("topology/host:port") and "error"
    (the last one of each part). Counters count since the workers began, latencies are means over ten minutes.
    """
    page = json_page(body)
    if not isinstance(page, dict) or not isinstance(page.get("topologies"), list):
        raise PageFailed("this is not what is asked of a nimbus")
    for one in page["topologies"]:
        name = str(one["topology"].get("name") or one["topology"].get("id"))
        yield "topology", _topology(name, one)
        for kind in ("spout", "bolt"):
            recent = one["window"].get(f"{kind}s") or {}
            for part, stats in (one["ever"].get(f"{kind}s") or {}).items():
                yield kind, _part(name, part, kind, stats, recent.get(part) or {})
                if stats.get("last_error"):
                    yield "error", _error(name, part, stats["last_error"])
        for worker in one["ever"].get("workers") or ():
            yield "worker", _worker(name, worker)


def _topology(name: str, one: dict[str, Any]) -> Fact:
    told, stats = one["topology"], one["ever"].get("stats") or {}
    found = numbers(
        told, {"num_workers": "workers", "num_executors": "executors", "num_tasks": "tasks", "uptime": "uptime_seconds"}
    )
    for counter in _COUNTERS:
        count = (stats.get(counter) or {}).get(EVER)
        if count is None and counter in ("acked", "failed"):  # what never happened Storm leaves out: its spouts tell
            count = _of_spouts(one["ever"].get("spouts") or {}, counter)
        if count is not None:
            found[counter] = float(count)
    latency = ((one["window"].get("stats") or {}).get("complete_ms") or {}).get(WINDOW)
    if latency:  # 0 says that nothing was completed in these ten minutes
        found["complete_ms"] = float(latency)
    return Fact(name, found, {"topology": name} | texts(told, {"id": "id", "status": "status", "owner": "owner"}))


def _of_spouts(spouts: dict[str, Any], counter: str) -> int | None:
    counts = [(spout.get("common") or {}).get(counter) for spout in spouts.values()]
    known = [int(count) for count in counts if count is not None]
    return sum(known) if known and len(known) == len(counts) else None


def _part(topology: str, name: str, kind: str, ever: dict[str, Any], recent: dict[str, Any]) -> Fact:
    found = numbers(ever.get("common") or {}, _PARTS)
    special, now = _special(ever, kind), _special(recent, kind)
    found |= numbers(special, {"executed": "executed"})
    latencies = numbers(now, {f"{one}_ms": f"{one}_ms" for one in ("complete", "process", "execute")})
    found |= {one: value for one, value in latencies.items() if value}
    found |= numbers(now, {"capacity": "capacity"})
    return Fact(f"{topology}/{name}", found, {"topology": topology, "part": name})


def _special(stats: dict[str, Any], kind: str) -> dict[str, Any]:
    found = (stats.get("specific") or {}).get(kind)
    return found if isinstance(found, dict) else {}


def _error(topology: str, part: str, error: dict[str, Any]) -> Fact:
    where = f"{error.get('host')}:{error.get('port')}" if error.get("host") else ""
    first = str(error.get("text") or "").strip().partition("\n")[0]
    about = {"topology": topology, "part": part, "error": first, "where": where}
    return Fact(
        f"{topology}/{part}", numbers(error, {"at": "at"}), {name: text for name, text in about.items() if text}
    )


def _worker(topology: str, worker: dict[str, Any]) -> Fact:
    where = f"{worker.get('host')}:{worker.get('port')}"
    found = numbers(worker, {"executors": "executors", "uptime": "uptime_seconds", "cpu": "cpu_percent"})
    if worker.get("memory_mb") is not None:
        found["memory_bytes"] = float(worker["memory_mb"]) * _MEGABYTE
    state = "heard" if (worker.get("uptime") or 0) > 0 else "silent"
    return Fact(f"{topology}/{where}", found, {"topology": topology, "worker": where, "state": state})
