"""How the console itself is, as figures."""

import time

import msgspec
import pytest
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.news import News
from minos_web.models.series import SampleChunk, SampleForwarding
from minos_web.monitor.alerts.observing import Look, observe
from minos_web.monitor.alerts.own_health import console_subject
from minos_web.monitor.alerts.things import Observed, Subject
from minos_web.monitor.series.port import Batch, SeriesName
from minos_web.monitor.series.writing import SeriesWriter
from minos_web.operations.integrity import DAMAGED
from tests.minos_web.scene import add_hosts, add_package

NOW = 1_700_000_000.0


def look(session: Session, console: Console, seen: Observed | None = None) -> Subject:
    session.flush()
    return console_subject(session, console, seen or Observed(), NOW, 0.25)


def test_nothing_is_late(session: Session, console: Console) -> None:
    figures = dict(look(session, console).figures)
    assert figures.pop("console.disk_free_bytes") > 0
    assert figures == {
        "console.database_ms": 250.0,
        "console.health_late_seconds": 0.0,
        "console.samples_waiting_seconds": 0.0,
        "console.news_waiting_seconds": 0.0,
        "console.forwarding_late_seconds": 0.0,
        "console.damaged_packages": 0.0,
        "console.hosts_lost_at_once": 0.0,
    }


def test_what_is_late(session: Session, console: Console) -> None:
    session.add(Cluster(service="hdfs", name="a", created_at=NOW - 900, health_at=NOW - 5))
    session.add(Cluster(service="hdfs", name="b", created_at=NOW - 50))
    session.add(Cluster(service="hdfs", name="c", created_at=NOW - 900, retired=True))
    session.add(News(at=NOW - 60, kind="note", level="info", title="said", routed_at=NOW))
    session.add(News(at=NOW - 30, kind="note", level="info", title="not said"))
    SeriesWriter().store(session, Batch("w", "1"), [(SeriesName("host.load1", "h"), int(NOW) - 20, 1.0)])
    figures = look(session, console).figures
    assert figures["console.health_late_seconds"] == 50.0
    assert figures["console.news_waiting_seconds"] == 30.0
    assert figures["console.samples_waiting_seconds"] == 20.0


def test_damaged_packages_are_named(session: Session, console: Console) -> None:
    package = add_package(session)
    package.state = DAMAGED
    subject = look(session, console)
    assert subject.figures["console.damaged_packages"] == 1.0
    assert subject.reasons["console.damaged_packages"] == "damaged: zookeeper-3.9.9.tar.gz"


@pytest.mark.parametrize(
    ("succeeded", "failed", "waits", "late"),
    [(NOW - 600, NOW - 5, True, 600.0), (NOW - 5, NOW - 600, True, 0.0), (NOW - 600, NOW - 5, False, 0.0)],
)
def test_forwarding_that_is_stuck(
    session: Session, console: Console, succeeded: float, failed: float, waits: bool, late: float
) -> None:
    settings = msgspec.structs.replace(console.settings, opentsdb_url="http://127.0.0.1:1")
    forwards = Console(settings, console.engine, console.readers, console.writers, console.catalog, console.secret)
    session.add(SampleForwarding(name="opentsdb", succeeded_at=succeeded, failed_at=failed, error="refused"))
    if waits:
        writer = SeriesWriter()
        writer.store(session, Batch("w", "1"), [(SeriesName("host.load1", "h"), int(NOW) - 20, 1.0)])
        session.add(SampleChunk(series_id=1, level=0, start=0, rolled=False, unsent_from=1, packed=b""))
    subject = look(session, forwards)
    assert subject.figures["console.forwarding_late_seconds"] == late
    assert "refused" in subject.reasons["console.forwarding_late_seconds"]


def test_many_hosts_lost_at_once(session: Session, console: Console) -> None:
    now = time.time()
    for host in add_hosts(session):
        host.beat_at = now - 100
    seen = observe(session, Look(console.settings, now))
    assert set(seen.lost) == {"host-31", "host-32", "host-33"}
    subject = console_subject(session, console, seen, now, 0.0)
    assert subject.figures["console.hosts_lost_at_once"] == 3.0
    assert subject.reasons["console.hosts_lost_at_once"].startswith("3 of 3 hosts were lost within a minute")
