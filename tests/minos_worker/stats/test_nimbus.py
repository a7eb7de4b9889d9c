"""What is read from Storm's nimbus: over a real Thrift connection, and made into figures."""

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from thriftpy2.rpc import make_server
from thriftpy2.transport import TFramedTransportFactory

from minos_common.verbs import StatusPage
from minos_worker.stats import nimbus
from minos_worker.stats.facts.storm import storm_nimbus
from minos_worker.stats.nimbus_facts import ask_topologies
from minos_worker.stats.pages import StatusPages
from minos_worker.stats.readers import PageFailed

WORDS = nimbus._interface()


def component(capacity: float | None = None, error_at: int | None = None) -> Any:
    special = WORDS.Specific(bolt=WORDS.Bolt(capacity=capacity)) if capacity is not None else None
    return WORDS.Component(specific=special, last_error=WORDS.Error(at=error_at) if error_at is not None else None)


def page(ever: int, latency: float, uptimes: tuple[int | None, ...], bolts: dict[str, Any] | None = None) -> Any:
    stats = WORDS.Stats(
        emitted={"600": 1, ":all-time": ever}, transferred={":all-time": ever}, acked={":all-time": ever // 2},
        failed={}, complete_ms={"600": latency, ":all-time": 9e9},
    )  # fmt: skip
    workers = [WORDS.Worker(host="a", port=1, uptime=uptime) for uptime in uptimes]
    return WORDS.Page(spouts={"s": component()}, bolts=bolts, stats=stats, workers=workers)


def cluster(*names: str, leader: bool = True, port: int = 1) -> Any:
    return WORDS.Cluster(
        supervisors=[WORDS.Supervisor(num_workers=4, num_used_workers=2), WORDS.Supervisor(num_workers=3, num_used_workers=0)],
        topologies=[
            WORDS.Topology(id=f"{name}-1", name=name, num_tasks=5, num_executors=3, status="ACTIVE") for name in names
        ],
        nimbuses=[WORDS.Nimbus_(host="127.0.0.1", port=port, is_leader=leader, version="2.8.3")],
    )  # fmt: skip


NOTHING = {"topologies": 0, "workers": 0, "silent_workers": 0, "latency": 0.0, "capacity": 0.0, "errors": 0, "acked": 0}


@pytest.mark.parametrize(
    ("told", "pages", "wanted"),
    [
        (cluster(), [], {"supervisors": 2, "slots": 7, "used_slots": 2, "version": "2.8.3", **NOTHING}),
        (cluster("a", "b"), [page(10, 2.5, (7,)), page(4, 1.5, (9, 0))],
         {"topologies": 2, "executors": 6, "tasks": 10, "emitted": 14, "acked": 7, "failed": 0, "latency": 2.5,
          "workers": 2, "silent_workers": 1}),
        (cluster("a"), [page(1, 0, (None,), {"b": component(0.75, 1000 - 600), "c": component(0.5, 1000 - 601)})],
         {"workers": 0, "silent_workers": 1, "capacity": 0.75, "errors": 1}),
        (cluster("a"), [WORDS.Page()], {"topologies": 1, **{k: v for k, v in NOTHING.items() if k != "topologies"}}),
    ],
    ids=["no topology", "sums of two", "a worker nobody heard of, an old error", "a page that tells nothing"],
)  # fmt: skip
def test_figures(told: Any, pages: list[Any], wanted: dict[str, Any]) -> None:
    found = nimbus.figures(told, pages, now=1000.0)
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("leader", "port", "role"), [(True, 1, "leader"), (False, 1, "follower"), (True, 2, "unknown to itself")]
)
def test_its_role_is_that_of_its_own_address(leader: bool, port: int, role: str) -> None:
    assert nimbus.role_of(cluster(leader=leader), "127.0.0.1", port) == role


class Answers:
    """A nimbus with two topologies, of which one ends while it tells of them."""

    leads = True

    def __init__(self, port: int) -> None:
        self.port, self.asked = port, []  # type: ignore[var-annotated]

    def getClusterInfo(self) -> Any:  # noqa: N802 - as Storm calls it
        return cluster("a", "gone", leader=self.leads, port=self.port)

    def getTopologyPageInfo(self, id: str, window: str, with_system: bool) -> Any:  # noqa: N802
        self.asked.append((id, window, with_system))
        if id == "gone-1":
            raise WORDS.NotAlive(msg="gone")
        return page(8, 1.0, (5,))


@pytest.fixture
def served() -> Iterator[Answers]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    answers = Answers(port)
    server = make_server(WORDS.Nimbus, answers, "127.0.0.1", port, trans_factory=TFramedTransportFactory())
    server.trans.listen()

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                server.handle(server.trans.accept())

    threading.Thread(target=serve, daemon=True).start()
    yield answers
    server.trans.close()


KEEP = {"role": "role", "topologies": "topologies", "emitted": "emitted"}


def asked(port: int) -> Any:
    return StatusPages().read(StatusPage("storm-nimbus", f"127.0.0.1:{port}", keep=KEEP), 3.0)


def test_a_leader_is_asked_for_each_topology(served: Answers) -> None:
    reading = asked(served.port)
    assert reading.texts == {"role": "leader"} and reading.figures == {"topologies": 2.0, "emitted": 8.0}
    assert served.asked == [("a-1", "600", False), ("gone-1", "600", False)]


def test_facts_are_asked_for_all_time_and_for_ten_minutes(served: Answers) -> None:
    told = json.loads(ask_topologies(f"127.0.0.1:{served.port}", 3.0))
    assert [one["topology"]["name"] for one in told["topologies"]] == ["a"]  # the other one ended meanwhile
    assert served.asked[:2] == [("a-1", ":all-time", False), ("a-1", "600", False)]
    facts = dict(storm_nimbus(json.dumps(told).encode()))
    assert facts["topology"].numbers["emitted"] == 8.0 and facts["worker"].texts["worker"] == "a:1"


def test_a_follower_tells_no_facts(served: Answers) -> None:
    served.leads = False
    assert json.loads(ask_topologies(f"127.0.0.1:{served.port}", 3.0)) == {"topologies": []}


def test_a_follower_is_not(served: Answers) -> None:
    served.leads = False
    assert asked(served.port).texts == {"role": "follower"} and served.asked == []


def test_who_does_not_answer_or_speaks_something_else_is_told(web_server: int) -> None:
    with pytest.raises(PageFailed, match="does not answer as a nimbus does"):
        asked(web_server)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(PageFailed, match="does not answer"):
        StatusPages().read(StatusPage("storm-nimbus", f"127.0.0.1:{silent.getsockname()[1]}", keep=KEEP), 0.3)


@pytest.fixture
def web_server() -> Iterator[int]:
    """Answers everything with a line of HTTP."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(100)
                    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
