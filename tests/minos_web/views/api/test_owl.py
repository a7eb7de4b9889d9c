"""Owl's shapes: what tools of old read, over what the console knows."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_common.states import TaskState
from minos_web.catalog.description import Chart, Figure, Job, Service, Status
from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.models.counters import Counter
from minos_web.models.hosts import Host
from minos_web.monitor.owl_shapes import Point, config_shape, counters_shape, group_of, key_of, legal, metrics_shape
from tests.minos_web.scene import add_cluster, add_hosts
from tests.minos_web.views.api.test_openapi import fits


@pytest.fixture
def program(api_as: Callable[[str], TestApp]) -> TestApp:
    return api_as("viewer")


@pytest.fixture
def task(session: Session, console: Console) -> Task:
    """A task that is well, with a described figure, a word, one of its process, and one that nobody described."""
    now = time.time()
    add_hosts(session)
    add_cluster(session, console)
    task = session.scalars(select(Task).where(Task.number == 0)).one()
    task.state, task.wanted, task.pid = TaskState.RUNNING, "running", 4711
    task.figures = {"task.rss_bytes": 5e6, "zookeeper.znodes": 7.0, "zookeeper.latency_avg": 0.5}
    task.texts, task.figures_at = {"zookeeper.role": "leader"}, now
    session.commit()
    return task


def test_metrics_of_a_task_that_is_well(program: TestApp, task: Task) -> None:
    before = int(time.time())
    answer = program.get("/api/v1/owl/metrics")
    assert answer.content_type == "application/json"
    assert fits(answer.json, "/owl/metrics") == []
    assert before <= answer.json["timestamp"] <= time.time()
    assert answer.json["data"] == {
        f"host-31-{task.base_port}": {
            "task": {"rss_bytes": {"type": 0, "unit": "", "value": 5000000}},
            "zookeeper-zookeeper": {
                "znodes": {"type": 0, "unit": "", "value": 7},
                "latency_avg": {"type": 0, "unit": "ms", "value": 0.5},
            },
        }
    }


@pytest.mark.parametrize("what", ["silent", "stopped", "old", "no answer"])
def test_nothing_is_told_of_what_is_not_well(program: TestApp, session: Session, task: Task, what: str) -> None:
    match what:
        case "silent":
            session.get_one(Host, task.host_id).beat_at = time.time() - 900
        case "stopped":
            task.state, task.wanted = TaskState.STOPPED, "stopped"
        case "old":
            task.figures_at = time.time() - 900
        case _:
            task.figures_error = "http://x does not answer"
    session.commit()
    for url in ("/api/v1/owl/metrics", "/monitor/metrics/"):
        answer = program.get(url)
        assert (answer.body, answer.content_type) == (b"", "application/json")


def test_indent_is_for_people(program: TestApp, task: Task) -> None:
    plain, indented = program.get("/api/v1/owl/metrics"), program.get("/api/v1/owl/metrics?indent")
    assert "\n" not in plain.text and "\n  " in indented.text
    assert plain.json["data"] == indented.json["data"]
    assert "\n" in program.get("/monitor/metrics_config/?indent=1").text


def test_the_addresses_of_old_answer_the_same(program: TestApp, task: Task, anonymous: TestApp) -> None:
    for name in ("metrics", "metrics_config", "counters"):
        old, new = program.get(f"/monitor/{name}/").json, program.get(f"/api/v1/owl/{name}").json
        for one in (old, new):
            if isinstance(one, dict):
                one.pop("timestamp", None)
        assert old == new
        assert anonymous.get(f"/monitor/{name}/", status=401).content_type == "application/json"


def test_config_names_what_metrics_name(program: TestApp, task: Task) -> None:
    config = program.get("/api/v1/owl/metrics_config").json
    assert fits(config, "/owl/metrics_config") == []
    assert len({tuple(sorted(one.items())) for one in config}) == len(config) > 20
    named = {(one["group"], one["key"]) for one in config}
    told = program.get("/api/v1/owl/metrics").json["data"][f"host-31-{task.base_port}"]
    assert ("zookeeper-zookeeper", "latency_avg") in named
    assert "latency_avg" in told["zookeeper-zookeeper"]
    assert {("NameNode", "MissingBlocks"), ("HBase", "readRequestCount")} & named


@pytest.mark.parametrize(
    ("beans", "source", "group", "key"),
    [
        ("NameNode", "FSNamesystem.MissingBlocks", "NameNode", "MissingBlocks"),
        ("HBase", "RegionServer.Server.readRequestCount", "HBase", "readRequestCount"),
        ("HBase", "RegionServer.Server.a~b", "HBase", "a-b"),
        ("NameNode", "Memory.HeapMemoryUsage.used", "s-j", "ours"),
        ("", "kafka.server:type=KafkaServer,name=BrokerState/Value", "s-j", "ours"),
    ],
)
def test_groups_and_keys_are_those_of_the_beans(beans: str, source: str, group: str, key: str) -> None:
    figure = Figure("ours", source, "Ours")
    job = Job("j", status=Status("hadoop-jmx", "http", beans=beans, figures=(figure,)))
    service = Service("s", "a", (job,))
    assert (group_of(service, job, figure), key_of(job, figure)) == (group, key)


def test_chart_definitions_are_told_once() -> None:
    figures = (Figure("a", "X.A", "A", unit="bytes"), Figure("b", "X.B", "B"))
    job = Job("j", status=Status("hadoop-jmx", "http", beans="S", figures=figures))
    charts = (Chart("one", "j", ("a", "b"), "ops/s"), Chart("two", "j", ("b",), "ops/s"), Chart("none", "j", ("c",)))
    assert config_shape([Service("s", "a", (job,), charts=charts)]) == [
        {"group": "S", "key": "A", "unit": "bytes"},
        {"group": "S", "key": "B", "unit": "ops/s"},
    ]


def test_the_shape_of_metrics() -> None:
    points = [Point("e", "g", "k", 1.0, "ops"), Point("e", "g", "l", 0.5), Point("t-1", "Cluster", "k", 2.0)]
    assert metrics_shape(points, 12.7) == {
        "timestamp": 12,
        "data": {
            "e": {"g": {"k": {"type": 0, "unit": "ops", "value": 1}, "l": {"type": 0, "unit": "", "value": 0.5}}},
            "t-1": {"Cluster": {"k": {"type": 0, "unit": "", "value": 2}}},
        },
    }
    assert metrics_shape([], 12.7) is None


@pytest.mark.parametrize(("text", "key"), [("a b:c", "a_b_c"), ("bolt-1.x/y_z", "bolt-1.x/y_z"), ("über", "_ber")])
def test_illegal_characters_become_underscores(text: str, key: str) -> None:
    assert legal(text) == key


def counter(name: str, endpoint: str, age: float) -> Counter:
    return Counter(group="g", name=name, endpoint=endpoint, value=2.0, unit="ops", at=time.time() - age)


def test_counters_of_just_now(program: TestApp, session: Session) -> None:
    assert program.get("/api/v1/owl/counters").json == {}
    session.add_all([counter("new", "e1", 1), counter("new", "e2", 1), counter("late", "e1", 30)])
    session.commit()
    answer: dict[str, Any] = program.get("/api/v1/owl/counters").json
    assert fits(answer, "/owl/counters") == []
    one = {"g": {"new": {"value": 2, "unit": "ops"}}}
    assert answer == {"e1": one, "e2": one}
    assert counters_shape([]) == {}
