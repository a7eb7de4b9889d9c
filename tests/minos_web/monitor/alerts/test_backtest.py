"""Back-tests: what would have happened over stored samples is what the live round makes of the same samples."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from minos_web.console import Console, open_console
from minos_web.models.alerts import Alert, AlertEvent, AlertRule
from minos_web.models.hosts import Host
from minos_web.models.meta import Base
from minos_web.models.news import News
from minos_web.models.series import SampleBatch, SampleChunk, Series
from minos_web.monitor.alerts.backtest import Outcome, backtest
from minos_web.monitor.alerts.judging import Judge
from minos_web.monitor.alerts.rules import BadRule, Rule, of_row
from minos_web.monitor.series.port import Batch, Sample, SeriesName
from minos_web.monitor.series.tending import tend
from minos_web.monitor.series.writing import SeriesWriter
from tests.minos_web.scene import add_hosts

BEGAN, EVERY = 1_700_000_000, 30
NAME = SeriesName("host.load1", "host-31")


def rule(condition: str, **other: object) -> AlertRule:
    values = {"name": "tried", "title": "Tried", "about": "host", "metric": "host.load1", "condition": condition}
    defaults = {"enabled": True, "level": "warning", "for_seconds": 0.0, "clear": "", "worse": "", "combine": "largest"}
    scope = {"service": "", "cluster": "", "job": "", "host": "", "help": "", "shipped": False}
    return AlertRule(**{**defaults, **scope, **values, "changed_at": 1.0, "changed_by": "ann", **other})  # type: ignore[arg-type]


def store(session: Session, samples: list[Sample]) -> None:
    SeriesWriter().store(session, Batch("test", str(samples[0][1])), samples)


def live(console: Console, values: list[float | None]) -> tuple[list[tuple[float, str]], list[tuple[float, str]]]:
    """Events and news of the live round, fed one value a check; None: nothing was told."""
    judge = Judge(console, 0.0)
    for number, value in enumerate(values):
        now = float(BEGAN + number * EVERY)
        with console.writers.begin() as session:
            host = session.scalars(select(Host)).one()
            host.beat_at = now
            if value is not None:
                host.figures, host.figures_at = {"host.load1": value}, now
        judge.round(now)
    with console.readers() as session:
        mine = Alert.rule == "tried"
        events = session.execute(select(AlertEvent.at, AlertEvent.kind).join(Alert).where(mine).order_by(AlertEvent.id))
        news = session.execute(select(News.at, News.kind).where(News.key.like("tried|%")).order_by(News.id))
        return [tuple(row) for row in events], [tuple(row) for row in news]  # type: ignore[misc]


def replayed(console: Console, row: AlertRule, values: list[float | None]) -> Outcome:
    samples: list[Sample] = [
        (NAME, BEGAN + number * EVERY, value) for number, value in enumerate(values) if value is not None
    ]
    with console.writers.begin() as session:
        if samples:
            store(session, samples)
    with console.readers() as session:
        return backtest(session, console, of_row(row), BEGAN, BEGAN + (len(values) - 1) * EVERY)


@pytest.fixture(scope="module")
def site() -> Iterator[Console]:
    """A console of its own whose rows are emptied before each try."""
    with tempfile.TemporaryDirectory() as room:
        made = open_console(
            {"minos.var": str(Path(room) / "console"), "sqlalchemy.url": f"sqlite:///{room}/minos.sqlite"}
        )
        Base.metadata.create_all(made.engine)
        yield made
        made.engine.dispose()


CONDITIONS = [
    {"condition": "> 5"},
    {"condition": "> 5", "clear": "< 3"},
    {"condition": "> 5", "worse": "> 8", "clear": "< 3"},
    {"condition": "> 5", "for_seconds": 150.0},
    {"condition": "rate > 0.1"},
    {"condition": "outside 2..7", "level": "error"},
]
# Runs of one value, so that more happens than that nothing lasts.
RUNS = st.lists(
    st.tuples(st.one_of(st.none(), st.sampled_from([0.0, 2.5, 4.0, 6.0, 9.0, 12.0])), st.integers(1, 9)), max_size=12
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RUNS, st.sampled_from(CONDITIONS))
def test_a_back_test_is_what_would_have_happened(
    site: Console, runs: list[tuple[float | None, int]], texts: dict[str, object]
) -> None:
    values = [value for value, times in runs for _ in range(times)] or [None]
    with site.writers.begin() as session:
        for table in (News, AlertEvent, Alert, AlertRule, SampleBatch, SampleChunk, Series, Host):
            session.execute(delete(table))
        add_hosts(session, ["127.0.0.31"])
        session.add(rule(**texts))  # type: ignore[arg-type]
    outcome = replayed(site, rule(**texts), values)  # type: ignore[arg-type]
    events, news = live(site, values)
    assert [one.fired for one in outcome.episodes] == [at for at, kind in events if kind == "firing"]
    over = {at for at, kind in events if kind == "resolved"}
    assert {one.ended for one in outcome.episodes if one.ended} <= over
    assert sum(one.ended is None for one in outcome.episodes) <= 1
    assert outcome.news == len(news)
    assert outcome.flapping == sum(kind == "flapping" for _, kind in events)


def test_when_it_would_have_fired(site: Console) -> None:
    with site.writers.begin() as session:
        for table in (SampleBatch, SampleChunk, Series):
            session.execute(delete(table))
    values = [1.0] * 4 + [9.0] * 5 + [1.0] * 40 + [9.0] * 5
    outcome = replayed(site, rule("> 5"), list(values))
    first, second = outcome.episodes
    assert (first.where, first.level, first.value) == ("host-31", "warning", 9.0)
    assert (first.fired - BEGAN, first.ended and first.ended - BEGAN) == (6 * EVERY, 9 * EVERY)
    assert second.ended is None
    assert (outcome.news, outcome.series, outcome.seconds, outcome.flapping) == (3, 1, 30.0, 0)


def tried(console: Console, samples: list[Sample], row: AlertRule, minutes: int = 30) -> Outcome:
    with console.writers.begin() as session:
        for table in (SampleBatch, SampleChunk, Series):
            session.execute(delete(table))
        store(session, samples)
    with console.readers() as session:
        return backtest(session, console, of_row(row), BEGAN, BEGAN + minutes * 60)


def every(name: SeriesName, values: dict[int, float]) -> list[Sample]:
    """A sample every ten seconds for half an hour; ``values``: from which second on which value."""
    found = []
    for at in range(0, 1800, 10):
        found.append(
            (name, BEGAN + at, next(value for start, value in sorted(values.items(), reverse=True) if at >= start))
        )
    return found


def test_each_part_and_each_ratio_by_itself(site: Console) -> None:
    samples = every(SeriesName("host.disk_percent:/a", "host-31"), {0: 10.0, 600: 95.0})
    samples += every(SeriesName("host.disk_percent:/b", "host-31"), {0: 10.0})
    samples += every(SeriesName("host.disk_percent", "host-31"), {0: 95.0})
    outcome = tried(site, samples, rule("> 90%", metric="host.disk_percent:*"))
    assert [(one.where, one.fired - BEGAN) for one in outcome.episodes] == [("host-31 /a", 660.0)]
    heap = ("hdfs", "lake", "datanode", "0")
    samples = every(SeriesName("jvm.heap_used_bytes", "host-31", *heap), {0: 10.0, 600: 97.0})
    samples += every(SeriesName("jvm.heap_max_bytes", "host-31", *heap), {0: 100.0})
    metric = "jvm.heap_used_bytes / jvm.heap_max_bytes"
    outcome = tried(site, samples, rule("> 90%", metric=metric, about="task"))
    assert [(one.where, one.value) for one in outcome.episodes] == [("hdfs/lake datanode.0 on host-31", 0.97)]
    assert tried(site, samples, rule("> 90%", metric=metric, about="task", service="hbase")).notes


@pytest.mark.parametrize(
    ("combine", "condition", "fires"), [("largest", "> 8", 1), ("sum", "> 8", 1), ("smallest", "> 8", 0)]
)
def test_tasks_of_a_cluster_together(site: Console, combine: str, condition: str, fires: int) -> None:
    samples = every(SeriesName("kafka.under_replicated", "host-31", "kafka", "lake", "kafka"), {0: 9.0})
    samples += every(SeriesName("kafka.under_replicated", "host-32", "kafka", "lake", "kafka"), {0: 1.0})
    row = rule(condition, metric="kafka.under_replicated", about="cluster", service="kafka", combine=combine)
    outcome = tried(site, samples, row)
    assert [one.where for one in outcome.episodes] == ["kafka/lake"] * fires


def test_averages_count_as_long_as_they_stand_for(site: Console) -> None:
    samples = every(NAME, {0: 9.0})
    with site.writers.begin() as session:
        for table in (SampleBatch, SampleChunk, Series):
            session.execute(delete(table))
        store(session, samples)
    later = BEGAN + 4 * 86400
    tend(site, later)
    tend(site, later)
    with site.readers() as session:
        outcome = backtest(session, site, of_row(rule("> 5")), BEGAN, later)
    assert len(outcome.episodes) == 1
    assert any("averages are kept" in note for note in outcome.notes), outcome.notes
    assert "unknown" not in {one.level for one in outcome.episodes}


def test_what_has_no_history_is_refused(site: Console) -> None:
    tries = [
        rule("is down", metric="task.status", about="task"),
        rule("> 3", metric="task.ends", about="task"),
        rule(">"),
    ]
    for row in tries:
        with pytest.raises(BadRule), site.readers() as session:
            backtest(session, site, of_row(row), BEGAN, BEGAN + 60)


def test_rules_of_roles_say_what_they_cannot_know(site: Console) -> None:
    made = Rule("x", "X", "cluster", "hdfs.missing_blocks", "> 0", service="hdfs", where={"role": ("active",)})
    with site.readers() as session:
        outcome = backtest(session, site, made, BEGAN, BEGAN + 60)
    assert any("role" in note for note in outcome.notes) and any("Nothing is stored" in note for note in outcome.notes)
