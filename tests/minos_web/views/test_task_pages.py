"""What the cluster's and a task's pages make of the catalog: words beside a name, the log shown first, named lines."""

import json
import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import TaskState
from minos_common.words import SampleGroup, TaskName
from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.models.hosts import Host
from minos_web.monitor.ingest import ingest
from minos_web.monitor.series.port import Batch
from minos_web.monitor.series.writing import SeriesWriter
from minos_web.operations.describe import refresh_clusters
from minos_web.store.configdir import Edit, save
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import ADDRESSES as HOSTS
from tests.minos_web.scene import add_cluster, add_hosts

CLUSTER = "/clusters/zookeeper/dptst"
OWN_SERVICE = """\
[cluster]
  name=web
  version=1
  artifact=web
  jobs=front
[front]
  base_port=14000
  host.0=127.0.0.31
  program=$package_dir/front
  ports="http:0"
  status="json http /"
  figures="served=served busy=busy"
  counters=served
  [[arguments]]
[configuration]
[arguments]
  [[service_common]]
    jvm_args=""
    system_properties=""
    main_entry=""
    extra_args=""
  [[front]]
    jvm_args=""
    system_properties=""
    main_entry=""
    extra_args=""
"""
TASK = f"{CLUSTER}/tasks/zookeeper/0"


@pytest.fixture
def task(session: Session, console: Console) -> Task:
    """Task 0 of three, running; its worker was heard just now."""
    add_hosts(session)
    add_cluster(session, console)
    task = session.scalars(select(Task).where(Task.number == 0)).one()
    now = time.time()
    task.state, task.wanted, task.pid, task.started_at, task.heard_at = TaskState.RUNNING, "running", 4711, now, now
    task.texts, task.figures_at = {"zookeeper.role": "leader", "zookeeper.version": "3.9.9"}, now
    session.commit()
    return task


def chips(browser: Browser) -> list[str]:
    return [chip.text for chip in browser.get(CLUSTER).html.select("#tasks th .mn-chip")]


def test_the_part_a_running_task_plays_stands_beside_its_name(testapp: Browser, task: Task) -> None:
    assert chips(testapp) == ["leader"]


def test_a_stopped_task_plays_no_part(testapp: Browser, session: Session, task: Task) -> None:
    task.state, task.wanted, task.pid = TaskState.STOPPED, "stopped", None
    session.commit()
    assert chips(testapp) == []


def test_the_services_own_log_is_shown_first(testapp: Browser, task: Task) -> None:
    def log_of(page: str) -> str:
        return str(testapp.get(page).html.select_one(".mn-log")["data-log-url"])

    own, printed = f"{TASK}/log-chunk?file=log%2Fzookeeper.log", f"{TASK}/log-chunk?file="
    assert [log_of(page) for page in (TASK, f"{TASK}/log", f"{TASK}/log?file=")] == [own, own, printed]


def test_lines_of_a_chart_carry_the_catalogs_titles(testapp: Browser, session: Session, task: Task) -> None:
    host = session.get_one(Host, task.host_id)
    name = TaskName("zookeeper", "dptst", "zookeeper")
    ingest(session, SeriesWriter(), host, Batch("w", "1"), [SampleGroup(time.time(), {"zookeeper.znodes": 5.0}, name)])
    session.commit()
    figures = testapp.get(f"{CLUSTER}/charts").html.select("[data-titles]")
    titles = {metric: title for figure in figures for metric, title in json.loads(figure["data-titles"]).items()}
    assert (titles["zookeeper.znodes"], titles["task.cpu_percent"]) == ("Znodes", "CPU")


def test_figures_of_a_cluster_file_that_is_its_own_service_are_drawn(
    testapp: Browser, session: Session, console: Console
) -> None:
    (host,) = add_hosts(session, [HOSTS[0]])
    path, now = "conf/generic/generic-web.cfg", time.time()
    save(session, Edit(path, "olga", now), OWN_SERVICE.encode())
    refresh_clusters(session, console, now)
    name = TaskName("generic", "web", "front")
    ingest(
        session,
        SeriesWriter(),
        host,
        Batch("w", "1"),
        [SampleGroup(now, {"generic.served": 5.0, "generic.busy": 1.0}, name)],
    )
    session.commit()
    for page in ("/clusters/generic/web/charts", "/clusters/generic/web/tasks/front/0"):
        figures = testapp.get(page).html.select("[data-titles]")
        urls = {next(iter(json.loads(one["data-titles"]).values())): one["data-series-url"] for one in figures}
        assert "rate=1" in urls["Served"] and "rate" not in urls["Busy"]
    save(session, Edit(path, "olga", now), OWN_SERVICE.replace("front", "back", 1).encode())
    session.commit()
    assert testapp.get("/clusters/generic/web/charts").status_int == 200, "a file with a mistake leaves the page alone"
