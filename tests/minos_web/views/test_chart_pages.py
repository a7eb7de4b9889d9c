"""Pages of charts: what stands on them for a cluster, a job and a task."""

import json
import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.words import SampleGroup, TaskName
from minos_web.catalog.description import Chart
from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.models.hosts import Host
from minos_web.monitor.ingest import ingest
from minos_web.monitor.series.port import Batch
from minos_web.monitor.series.writing import SeriesWriter
from minos_web.views.charting import Chart as DrawnChart
from minos_web.views.charting import sections
from tests.minos_web.conftest import Browser
from tests.minos_web.scene import add_cluster, add_hosts

CLUSTER = "/clusters/zookeeper/dptst"


@pytest.fixture
def measured(session: Session, console: Console) -> Session:
    """An ensemble of which something was measured three days ago."""
    add_hosts(session)
    add_cluster(session, console)
    task = session.scalars(select(Task).where(Task.number == 0)).one()
    group = SampleGroup(time.time() - 3 * 86400, {"zookeeper.znodes": 5.0}, TaskName("zookeeper", "dptst", "zookeeper"))
    ingest(session, SeriesWriter(), session.get_one(Host, task.host_id), Batch("w", "1"), [group])
    session.commit()
    return session


def titles(browser: Browser, page: str) -> dict[str, list[str]]:
    """Section -> titles of its charts."""
    html = browser.get(page).html
    return {
        section.h2.text.strip(): [figure.figcaption.contents[0].strip() for figure in section.select("figure")]
        for section in html.select(".mn-charts__section")
    }


def test_a_cluster_shows_what_matters_and_a_job_everything(
    testapp: Browser, measured: Session, console: Console
) -> None:
    overview, job = titles(testapp, f"{CLUSTER}/charts"), titles(testapp, f"{CLUSTER}/charts?job=zookeeper")
    charts: tuple[Chart, ...] = console.catalog["zookeeper"].charts
    assert list(overview) == ["ZooKeeper server", "Process"]
    assert overview["ZooKeeper server"] == [chart.title for chart in charts if not chart.group]
    groups = list(dict.fromkeys(chart.group for chart in charts if chart.group))
    assert list(job) == ["Overview", *groups, "Process"]
    assert [title for found in job.values() for title in found if found is not job["Process"]] == [
        title for group in ["", *groups] for title in [chart.title for chart in charts if chart.group == group]
    ]


def test_a_task_has_them_all_on_a_page_of_its_own(testapp: Browser, measured: Session) -> None:
    job, task = (
        titles(testapp, f"{CLUSTER}/charts?job=zookeeper"),
        titles(testapp, f"{CLUSTER}/tasks/zookeeper/0/charts"),
    )
    assert list(task) == list(job)
    figure = testapp.get(f"{CLUSTER}/tasks/zookeeper/0/charts").html.select_one("figure")
    assert "host=host-31" in figure["data-series-url"] and json.loads(figure["data-titles"])


def test_charts_are_there_however_long_ago_something_was_measured(testapp: Browser, measured: Session) -> None:
    assert testapp.get(f"{CLUSTER}/charts").html.select("[data-chartbar]")
    assert testapp.get(f"{CLUSTER}/tasks/zookeeper/0").html.select("figure[data-chart]")
    other = testapp.get(f"{CLUSTER}/tasks/zookeeper/1/charts")
    assert "Nothing was measured yet" in other.text and not other.html.select("[data-chartbar]")


def test_a_job_that_is_not_there(testapp: Browser, measured: Session) -> None:
    response = testapp.get(f"{CLUSTER}/charts?job=<b>", expect_errors=True)
    assert response.status_int == 404 and "<b>" not in response.text.replace("<b class", "")


def test_sections_keep_their_order_and_the_process_comes_last() -> None:
    def chart(number: int, group: str) -> DrawnChart:
        return DrawnChart(f"chart-{number}", "T", "", "/", "", {}, group)

    made = sections([chart(1, "Overview"), chart(2, "Process"), chart(3, "RPC"), chart(4, "Overview")])
    assert [(one.title, [c.id for c in one.charts]) for one in made] == [
        ("Overview", ["chart-1", "chart-4"]), ("RPC", ["chart-3"]), ("Process", ["chart-2"]),
    ]  # fmt: skip


def test_a_host_has_sections_too(testapp: Browser, session: Session) -> None:
    host, *_ = add_hosts(session)
    session.commit()
    assert not titles(testapp, f"/hosts/{host.name}")
    group = SampleGroup(time.time(), {"host.load1": 1.0})
    ingest(session, SeriesWriter(), host, Batch("w", "1"), [group])
    session.commit()
    found = titles(testapp, f"/hosts/{host.name}")
    assert list(found) == ["Overview", "Processors", "Memory", "Disks", "Network"]
    assert found["Overview"][:2] == ["CPU", "Memory"]
