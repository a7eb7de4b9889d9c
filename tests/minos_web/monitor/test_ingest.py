"""Batches of figures onto rows and into series."""

import itertools

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.words import SampleGroup, TaskName
from minos_web.console import Console
from minos_web.models.clusters import Task
from minos_web.models.hosts import Host
from minos_web.models.series import Series
from minos_web.monitor.ingest import ingest
from minos_web.monitor.series.asking import query
from minos_web.monitor.series.port import Batch, SeriesQuery
from minos_web.monitor.series.writing import SeriesWriter
from tests.minos_web.scene import add_cluster, add_hosts

NUMBERS = itertools.count()
ZOO = TaskName("zookeeper", "dptst", "zookeeper")


@pytest.fixture
def host(session: Session, console: Console) -> Host:
    hosts = add_hosts(session)
    add_cluster(session, console)
    return hosts[0]


def group(at: float, task: TaskName | None = ZOO, texts: dict[str, str] | None = None, **figures: float) -> SampleGroup:
    return SampleGroup(at, {f"x.{name}": value for name, value in figures.items()}, task, texts or {})


def batch() -> Batch:
    """One that nobody sent before."""
    return Batch("host-1", str(next(NUMBERS)))


def points(session: Session, metric: str) -> list[tuple[float | None, ...]]:
    session.flush()
    (line,) = query(session, SeriesQuery((metric,), 0, 300))
    return [tuple(point) for point in line["points"] if point[1] is not None]


def task_of(session: Session, host: Host) -> Task:
    return session.scalars(select(Task).where(Task.host_id == host.id)).one()


def test_the_newest_group_is_what_pages_show(session: Session, host: Host) -> None:
    ingest(
        session,
        SeriesWriter(),
        host,
        batch(),
        [group(100.4, None, load=0.5), group(100.4, texts={"x.role": "leader"}, n=1)],
    )
    task = task_of(session, host)
    assert (host.figures, host.figures_at) == ({"x.load": 0.5}, 100.4)
    assert (task.figures, task.texts, task.figures_at) == ({"x.n": 1}, {"x.role": "leader"}, 100.4)


def test_figures_from_the_spool_are_history_only(session: Session, host: Host) -> None:
    writer = SeriesWriter()
    ingest(session, writer, host, batch(), [group(200, None, load=2), group(200, n=2)])
    ingest(session, writer, host, batch(), [group(100, None, load=1), group(100, n=1)])
    assert host.figures == {"x.load": 2}
    assert task_of(session, host).figures == {"x.n": 2}
    assert points(session, "x.load") == points(session, "x.n") == [(100, 1), (200, 2)]


def test_a_page_that_does_not_answer_is_told(session: Session, host: Host) -> None:
    ingest(
        session,
        SeriesWriter(),
        host,
        batch(),
        [SampleGroup(100, {"task.rss_bytes": 5.0}, ZOO, error="connection refused")],
    )
    task = task_of(session, host)
    assert (task.figures, task.figures_error) == ({"task.rss_bytes": 5.0}, "connection refused")
    ingest(session, SeriesWriter(), host, batch(), [group(110, n=1)])
    assert task.figures_error == ""


@pytest.mark.parametrize(
    "stranger",
    [TaskName("zookeeper", "other", "zookeeper"), TaskName("hdfs", "dptst", "datanode", 3), TaskName("x", "y", "z")],
)
def test_a_worker_cannot_invent_tasks(session: Session, host: Host, stranger: TaskName) -> None:
    ingest(session, SeriesWriter(), host, batch(), [group(100, stranger, n=1)])
    assert session.scalars(select(Series)).all() == []


def test_a_repeated_batch_is_stored_once(session: Session, host: Host) -> None:
    once = batch()
    for at in (100, 110):  # what came under this name is what it said first
        ingest(session, SeriesWriter(), host, once, [group(at, n=1)])
    assert points(session, "x.n") == [(100, 1)]
