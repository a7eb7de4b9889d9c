"""What Prometheus reads is true: read back with its own parser."""

import time
from collections.abc import Callable

import pytest
from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select
from sqlalchemy.orm import Session
from webtest import TestApp

from minos_common.states import TaskState
from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.models.engine_counts import REASONS, EngineCount
from minos_web.models.hosts import Host
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]
TASK = {"service": "zookeeper", "cluster": "dptst", "job": "zookeeper", "task": "0", "host": "host-31"}


def read(program: TestApp, path: str = "/metrics") -> Samples:
    text = program.get(path).text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def key(name: str, **labels: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    return name, tuple(sorted(labels.items()))


@pytest.fixture
def program(api_as: Callable[[str], TestApp]) -> TestApp:
    return api_as("viewer")


@pytest.fixture
def task(session: Session, console: Console) -> Task:
    """A running task on a host that was heard just now, both with figures."""
    now = time.time()
    host = add_hosts(session)[0]
    parts = {"host.network_sent_bytes_per_second:eth0": 3.0, "host.disk_busy_percent:sda": 4.0}
    host.figures, host.figures_at = {"host.cpu_percent": 12.5, 'host.disk_percent:/data "1"': 40.0, **parts}, now
    add_cluster(session, console)
    task = session.scalars(select(Task).where(Task.number == 0)).one()
    task.state, task.wanted, task.pid, task.restarts = TaskState.RUNNING, "running", 4711, 2
    task.figures, task.figures_at = {"task.rss_bytes": 5e6, "zookeeper.znodes": 7.0, "zookeeper.received": 9.0}, now
    session.commit()
    return task


def test_states_counts_and_figures(program: TestApp, task: Task) -> None:
    samples = read(program)
    host = {"host": "host-31", "address": "127.0.0.31"}
    assert samples[key("minos_host_in_touch", **host)] == 1
    assert samples[key("minos_host_cpu_percent", **host)] == 12.5
    assert samples[key("minos_host_disk_percent_of_mount", **host, mount='/data "1"')] == 40
    assert samples[key("minos_host_network_sent_bytes_per_second_of_interface", **host, interface="eth0")] == 3
    assert samples[key("minos_host_disk_busy_percent_of_disk", **host, disk="sda")] == 4
    assert samples[key("minos_task_running", **TASK)] == 1
    assert samples[key("minos_task_restarts_total", **TASK)] == 2
    assert samples[key("minos_task_rss_bytes", **TASK)] == 5e6
    assert samples[key("minos_zookeeper_znodes", **TASK)] == 7
    assert samples[key("minos_zookeeper_received_total", **TASK)] == 9


def test_what_the_engine_dropped(program: TestApp, session: Session) -> None:
    dropped = {reason: key("minos_engine_frames_dropped_total", reason=reason) for reason in REASONS}
    before = read(program)
    assert [before[name] for name in dropped.values()] == [0, 0, 0, 0]
    session.add(EngineCount(reason="malformed", number=7, since=1.0, last_at=2.0, last_key="k" * 40))
    session.commit()
    after = read(program)
    assert [after[name] for name in dropped.values()] == [7, 0, 0, 0]


def test_what_grew_old_is_left_out(program: TestApp, session: Session, task: Task) -> None:
    host = add_host_silence(session)
    samples = read(program)
    assert samples[key("minos_host_in_touch", host=host, address="127.0.0.31")] == 0
    assert samples[key("minos_task_running", **TASK)] == 0
    assert samples[key("minos_task_state", **TASK, state="unknown")] == 1
    names = {name for name, _ in samples}
    assert not names & {"minos_host_cpu_percent", "minos_task_rss_bytes", "minos_zookeeper_znodes"}


def add_host_silence(session: Session) -> str:
    """The host of the task has not been heard for a quarter of an hour."""
    task = session.scalars(select(Task).where(Task.number == 0)).one()
    host = session.get_one(Host, task.host_id)
    host.beat_at = host.figures_at = task.figures_at = time.time() - 900
    session.commit()
    return host.name


def test_a_stopped_tasks_last_figures_are_not_its_figures(program: TestApp, session: Session, task: Task) -> None:
    task.state, task.wanted, task.pid = TaskState.STOPPED, "stopped", None
    session.commit()
    assert key("minos_task_rss_bytes", **TASK) not in read(program)


def test_an_empty_console_has_a_page(program: TestApp) -> None:
    samples = read(program, "/api/v1/metrics")
    messages = {f"minos_messages_{name}" for name in ("due", "retried", "given_up")}
    waits = ("health_late", "samples_waiting", "news_waiting")
    own = {"minos_alerts_firing", "minos_console_disk_free_bytes", *(f"minos_console_{name}_seconds" for name in waits)}
    assert {name for name, _ in samples} == {"minos_build_info", "minos_engine_frames_dropped_total", *messages, *own}


def test_openmetrics_when_asked_for(program: TestApp, task: Task) -> None:
    answer = program.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")
    families = {family.name: family for family in openmetrics.text_string_to_metric_families(answer.text)}
    assert families["minos_zookeeper_received"].type == "counter"
    assert families["minos_zookeeper_znodes"].type == "gauge"


def test_every_sample_of_a_task_has_the_same_labels(program: TestApp, task: Task) -> None:
    of_task = [
        set(dict(labels)) for name, labels in read(program) if name.startswith(("minos_task", "minos_zookeeper"))
    ]
    assert of_task
    assert all(labels - {"state"} == {"service", "cluster", "job", "task", "host"} for labels in of_task)


def test_it_is_not_for_everyone(anonymous: Browser, testapp: Browser) -> None:
    answer = anonymous.get("/metrics", status=401)
    assert (answer.content_type, answer.headers["WWW-Authenticate"]) == ("application/json", 'Bearer realm="minos"')
    anonymous.get("/metrics", headers={"Authorization": "Bearer none"}, status=401)
    assert testapp.get("/metrics").text.startswith("# HELP minos_build_info")
