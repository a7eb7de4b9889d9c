"""The round and the back-test on each database, as the migrations make it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from minos_web.console import Console, open_console
from minos_web.models.alerts import Alert, AlertEvent, AlertRule
from minos_web.models.clusters import Cluster, Task
from minos_web.models.hosts import Host
from minos_web.models.news import News
from minos_web.monitor.alert_handling import acknowledge, note
from minos_web.monitor.alert_lists import (
    Wanted,
    events_of_alert,
    firing_by_cluster,
    firing_errors,
    incidents,
    over_page,
    symptoms_of,
)
from minos_web.monitor.alert_rules import Draft, drafted, save
from minos_web.monitor.alerts.backtest import backtest
from minos_web.monitor.alerts.judging import Judge, forget_alerts
from minos_web.monitor.alerts.rules import of_row
from minos_web.monitor.series.port import Batch, SeriesName
from minos_web.monitor.series.writing import SeriesWriter
from minos_web.monitor.silencing import NewSilence, about, begin, count_now, listed
from tests.minos_web.alert_scene import NOW, add_alert, add_incident
from tests.minos_web.databases import DATABASES, made_database
from tests.minos_web.scene import add_hosts

BEGAN, EVERY = 1_700_000_000, 30
DISK = "host.disk_percent:/data/" + "ä" * 40


@pytest.fixture(params=DATABASES)
def console(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Console]:
    with made_database(request.param, tmp_path) as engine:
        yield open_console({"minos.var": str(tmp_path / "console")}, engine)


def test_rounds_and_a_back_test(console: Console) -> None:
    writer, judge = SeriesWriter(), Judge(console, 0.0)
    with console.writers.begin() as session:
        add_hosts(session)
        session.add(Cluster(service="hdfs", name="lake", created_at=1.0, health="warning", health_reason="why"))
        session.flush()
        host, cluster = session.scalars(select(Host.id)).first(), session.scalars(select(Cluster.id)).one()
        session.add(
            Task(
                cluster_id=cluster, job="datanode", address="127.0.0.31", host_id=host, state="FATAL", wanted="running"
            )
        )
    values = [10.0, 93.0, 93.0, 93.0, 97.0, 97.0, 97.0, 20.0, 93.0, 20.0]
    for number, value in enumerate(values):
        now = float(BEGAN + number * EVERY)
        with console.writers.begin() as session:
            for one in session.scalars(select(Host)):
                one.beat_at = one.figures_at = now
                one.figures = {DISK: value if one.name == "host-31" else 10.0}
            session.scalars(select(Cluster)).one().health_at = now
            writer.store(session, Batch("w", str(number)), [(SeriesName(DISK, "host-31"), int(now), value)])
        judge.round(now)
    with console.readers() as session:
        disk = session.scalars(select(Alert).filter_by(rule="disk-space")).one()
        kinds = session.scalars(select(AlertEvent.kind).filter_by(alert_id=disk.id).order_by(AlertEvent.id)).all()
        told = session.execute(select(News.kind, News.level).filter_by(key=disk.key).order_by(News.id)).all()
        task = session.scalars(select(Alert).filter_by(rule="task-down")).one()
        unwell = session.scalars(select(Alert).filter_by(rule="cluster-health")).one()
        assert (disk.state, disk.part, task.parent_id) == ("resolved", DISK.partition(":")[2], unwell.id)
        assert kinds == ["pending", "firing", "level", "resolved", "pending", "resolved"]
        assert [tuple(row) for row in told] == [("problem", "warning"), ("problem", "error"), ("recovery", "error")]
        row = AlertRule(
            name="disk-space", title="D", about="host", metric="host.disk_percent:*", condition="> 90%", worse="> 95%",
            clear="", for_seconds=0.0, level="warning", service="", cluster="", job="", host="", combine="largest",
            help="", enabled=True,
        )  # fmt: skip
        outcome = backtest(session, console, of_row(row), BEGAN, now)
        assert [(one.fired - BEGAN, one.level) for one in outcome.episodes] == [(90.0, "error")]
        assert outcome.news == 3
    with console.writers.begin() as session:
        session.delete(session.get_one(Alert, unwell.id))
        forget_alerts(session, now + 1)
    with console.readers() as session:
        (left,) = session.scalars(select(Alert))
        assert (left.rule, left.parent_id) == ("task-down", None)


def test_lists_and_what_people_do(console: Console) -> None:
    """Sums, orders and locks of the pages, which every database says in its own way."""
    with console.writers.begin() as session:
        lost = add_incident(session, 3)
        over = [add_alert(session, number=at, resolved_at=NOW - at).id for at in range(5)]
        rule = drafted(session, console.catalog, "load", Draft("Load", "host", "host.load1", "> 8", for_seconds=60.0))
        assert save(session, console.catalog, rule, "olga", NOW) and not save(
            session, console.catalog, rule, "olga", NOW
        )
        silence = begin(session, NewSilence(reason="work", host="host-31", hours=1.0), "olga", NOW)
        held = session.get(Alert, lost.id, with_for_update=True)
        assert held is not None and acknowledge(session, held, "olga", NOW) and not acknowledge(session, held, "x", NOW)
        note(session, held, "olga", NOW, "Grüße 🔥")
        number, quiet = lost.id, silence.id
    with console.readers() as session:
        (incident,) = incidents(session, Wanted())
        assert len(incident.symptoms) == 3 and firing_errors(session) == 1
        assert firing_by_cluster(session) == {("", ""): {"error": 1}}
        found, page, total = over_page(session, Wanted(service="zookeeper"), 2, 3)
        assert ([row.id for row in found], page, total) == (over[3:], 2, 5)
        alert = session.get_one(Alert, number)
        assert symptoms_of(session, alert, 2, 2)[1] == 3 and len(symptoms_of(session, alert, 2, 2)[0]) == 1
        assert events_of_alert(session, alert, 1)[0][0].text == "Grüße 🔥"
        assert [one.id for one in about(session, alert, NOW)] == [quiet] and count_now(session, NOW) == 1
        assert [(one.state, one.alerts) for one in listed(session, "now", NOW)] == [("now", 4)]
