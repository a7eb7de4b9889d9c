"""What Storm's nimbus tells its clients, over Thrift: the same that Storm's own web page shows."""

import contextlib
import functools
import io
import socket
import struct
import time
from collections.abc import Iterator, Sequence
from typing import Any

INTERFACE = """
struct Supervisor { 3: i32 num_workers, 4: i32 num_used_workers }
struct Topology {
    1: string id, 2: string name, 3: i32 num_tasks, 4: i32 num_executors, 5: i32 num_workers, 6: i32 uptime,
    7: string status, 514: string owner
}
struct Nimbus_ { 1: string host, 2: i32 port, 4: bool is_leader, 5: string version }
struct Cluster { 1: list<Supervisor> supervisors, 3: list<Topology> topologies, 4: list<Nimbus_> nimbuses }
struct Stats {
    1: map<string, i64> emitted, 2: map<string, i64> transferred, 3: map<string, double> complete_ms,
    4: map<string, i64> acked, 5: map<string, i64> failed
}
struct Common {
    1: i32 executors, 2: i32 tasks, 3: i64 emitted, 4: i64 transferred, 5: i64 acked, 6: i64 failed
}
struct Bolt { 1: double execute_ms, 2: double process_ms, 3: i64 executed, 4: double capacity }
struct Spout { 1: double complete_ms }
struct Specific { 1: Bolt bolt, 2: Spout spout }
struct Error { 1: string text, 2: i32 at, 3: string host, 4: i32 port }
struct Component { 2: Common common, 3: Specific specific, 4: Error last_error }
struct Worker {
    1: string supervisor, 2: string host, 3: i32 port, 6: i32 executors, 9: i32 uptime, 524: double memory_mb,
    526: double cpu
}
struct Page {
    9: map<string, Component> spouts, 10: map<string, Component> bolts, 12: Stats stats, 16: list<Worker> workers
}
exception Refused { 1: string msg }
exception NotAlive { 1: string msg }
service Nimbus {
    Cluster getClusterInfo() throws (1: Refused refused)
    Page getTopologyPageInfo(1: string id, 2: string window, 3: bool with_system)
        throws (1: NotAlive gone, 2: Refused refused)
}
"""
"""The part of Storm's interface that is used, by its numbers; whatever else stands in an answer is skipped."""
WINDOW = "600"
"""Latencies and capacities are those of the last ten minutes."""
EVER = ":all-time"
LEADER = "leader"
COUNTERS = ("emitted", "transferred", "acked", "failed")


class NimbusFailed(Exception):
    """It did not answer, or not in its words; the text says why."""


@functools.cache
def _interface() -> Any:
    """Read when the first nimbus is asked: most workers have none."""
    import thriftpy2

    return thriftpy2.load_fp(io.StringIO(INTERFACE), "nimbus_thrift")


def ask(address: str, timeout: float) -> dict[str, Any]:
    """Figures and words of the nimbus at ``address`` ("host:port") within ``timeout`` seconds. Raises NimbusFailed."""
    host, port, deadline = *host_and_port(address), time.monotonic() + timeout
    with talking(address, timeout) as client:
        cluster = client.getClusterInfo()
        role = role_of(cluster, host, port)
        # Another one has not got what topologies are made of.
        pages = list(_pages(client, cluster, deadline)) if role == LEADER else []
    return {"role": role} | figures(cluster, pages, time.time())


@contextlib.contextmanager
def talking(address: str, timeout: float) -> Iterator[Any]:
    """A client of the nimbus at ``address``, each answer within ``timeout`` seconds. Raises NimbusFailed, also for what goes
    wrong in between.
    """
    from thriftpy2.protocol.exc import TProtocolException
    from thriftpy2.rpc import client_context
    from thriftpy2.thrift import TException
    from thriftpy2.transport import TFramedTransportFactory

    try:
        host, port = host_and_port(address)
        with client_context(
            _interface().Nimbus, host, port, trans_factory=TFramedTransportFactory(),
            socket_family=socket.AF_INET6 if ":" in host else socket.AF_INET,
            connect_timeout=int(min(2.0, timeout) * 1000), socket_timeout=int(timeout * 1000),
        ) as client:  # fmt: skip
            yield client
    except (TException, TProtocolException, OSError, ValueError, EOFError, struct.error) as error:
        raise NimbusFailed(f"{address} does not answer as a nimbus does: {_said(error)}") from error


def host_and_port(address: str) -> tuple[str, int]:
    """The two parts of "host:port"."""
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


def gone() -> type[Exception]:
    """What nimbus says of a topology that ended."""
    found: type[Exception] = _interface().NotAlive
    return found


def _pages(client: Any, cluster: Any, deadline: float) -> Iterator[Any]:
    """What is told of each topology; one that ended meanwhile is left out."""
    for topology in cluster.topologies:
        if time.monotonic() > deadline:
            raise NimbusFailed(f"it has {len(cluster.topologies)} topologies, and took too long to tell of them all")
        with contextlib.suppress(_interface().NotAlive):
            yield client.getTopologyPageInfo(topology.id, WINDOW, False)


def role_of(cluster: Any, host: str, port: int) -> str:
    """Whether the nimbus at this address leads, as the one that was asked knows it."""
    roles = {(one.host, one.port): one.is_leader for one in cluster.nimbuses}
    if (host, port) not in roles:
        return "unknown to itself"
    return LEADER if roles[host, port] else "follower"


def figures(cluster: Any, pages: Sequence[Any], now: float) -> dict[str, Any]:
    """Sums over supervisors, topologies and their parts, by our names; ``now`` in seconds since 1970."""
    stats = [page.stats for page in pages if page.stats]
    bolts = [part for page in pages for part in (page.bolts or {}).values()]
    parts = [*bolts, *(part for page in pages for part in (page.spouts or {}).values())]
    heard = [worker.uptime or 0 for page in pages for worker in page.workers or ()]
    errors = [part.last_error.at for part in parts if part.last_error and part.last_error.at]
    versions = {one.version for one in cluster.nimbuses if one.version}
    found = {
        "version": ", ".join(sorted(versions)),
        "supervisors": len(cluster.supervisors),
        "slots": sum(one.num_workers for one in cluster.supervisors),
        "used_slots": sum(one.num_used_workers for one in cluster.supervisors),
        "topologies": len(cluster.topologies),
        "executors": sum(one.num_executors for one in cluster.topologies),
        "tasks": sum(one.num_tasks for one in cluster.topologies),
        "workers": sum(uptime > 0 for uptime in heard),
        "silent_workers": sum(uptime <= 0 for uptime in heard),
        "latency": max((one.complete_ms or {}).get(WINDOW, 0.0) for one in stats) if stats else 0.0,
        "capacity": max((_capacity(bolt) for bolt in bolts), default=0.0),
        "errors": sum(now - at <= int(WINDOW) for at in errors),
    }
    return found | {name: sum((getattr(one, name) or {}).get(EVER, 0) for one in stats) for name in COUNTERS}


def _capacity(bolt: Any) -> float:
    special = bolt.specific.bolt if bolt.specific else None
    return (special.capacity or 0.0) if special else 0.0


def _said(error: Exception) -> str:
    return (getattr(error, "msg", None) or getattr(error, "message", None) or str(error) or type(error).__name__)[:200]
