"""Totals of facts, which belong to whole clusters: the latest of each part, as they were stored."""

from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.alerts import Alert, AlertRule
from minos_web.models.clusters import Cluster
from minos_web.monitor.alerts.judging import Judge
from minos_web.monitor.alerts.observing import Look
from minos_web.monitor.alerts.totals import totals
from minos_web.monitor.series.port import Batch, Sample, SeriesName
from minos_web.monitor.series.tending import tend
from minos_web.monitor.series.writing import SeriesWriter

NOW = 1_700_000_000
LAG = "kafka.group.lag"


def sample(metric: str, at: int, value: float, cluster: str = "lake") -> Sample:
    return SeriesName(metric, "", "kafka", cluster), at, value


def store(session: Session, *samples: Sample) -> None:
    SeriesWriter().store(session, Batch("facts", str(samples[0][1])), samples)


def test_the_latest_of_each_part(session: Session, console: Console) -> None:
    look = Look(console.settings, NOW)
    assert totals(session, look, []) == {} == totals(session, look, [LAG])
    store(session, sample(f"{LAG}:web", NOW - 20, 5.0), sample(f"{LAG}:app", NOW - 20, 7.0))
    store(session, sample(f"{LAG}:web", NOW - 10, 6.0), sample(f"{LAG}:web", NOW - 10, 9.0, "other"))
    store(session, sample(f"{LAG}:old", NOW - 100, 1.0), sample(f"{LAG}ging", NOW - 5, 1.0))
    assert totals(session, look, [LAG]) == {
        "kafka/lake": {f"{LAG}:web": 6.0, f"{LAG}:app": 7.0},
        "kafka/other": {f"{LAG}:web": 9.0},
    }


def test_they_are_judged_part_by_part(session: Session, console: Console) -> None:
    session.add(Cluster(service="kafka", name="lake", created_at=NOW, health="ok", health_at=NOW))
    session.add(
        AlertRule(
            name="lag",
            title="A group is behind",
            about="cluster",
            service="kafka",
            metric=f"{LAG}:*",
            condition="> 100",
            changed_at=1.0,
            changed_by="ann",
        )
    )
    judge = Judge(console, 0.0)
    for number in range(3):
        at = NOW + number * 10
        store(session, sample(f"{LAG}:web", at, 500.0), sample(f"{LAG}:app", at, 5.0))
        session.commit()
        judge.round(float(at))
    session.expire_all()
    rows = session.query(Alert).filter_by(rule="lag").all()
    assert [(row.title, row.state, row.metric, row.value) for row in rows] == [
        ("A group is behind: kafka/lake web", "firing", f"{LAG}:web", 500.0)
    ]
    session.commit()
    tend(console, NOW + 600.0)
    assert totals(session, Look(console.settings, NOW + 25), [LAG])["kafka/lake"][f"{LAG}:web"] == 500.0
