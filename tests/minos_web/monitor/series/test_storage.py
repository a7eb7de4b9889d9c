"""What goes into the storage comes out of it: against a plain list, through rounds, repeats, late and lost samples."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.series import SampleBatch, SampleChunk, Series
from minos_web.monitor.series.asking import measured_since, query
from minos_web.monitor.series.gathering import gather, origins, prune, roll_up
from minos_web.monitor.series.port import Batch, Sample, SeriesName, SeriesQuery
from minos_web.monitor.series.shaping import average, growth
from minos_web.monitor.series.shaping import samples as shaped
from minos_web.monitor.series.tending import tend
from minos_web.monitor.series.windows import RAW
from minos_web.monitor.series.writing import SeriesWriter

CPU = SeriesName("host.cpu_percent", "a")
LOAD = SeriesName("host.load1", "a")
OTHER = SeriesName("host.cpu_percent", "b")
TABLE = SeriesName("hbase.table.reads:t", "", "hbase", "main")
NAMES = (CPU, LOAD, OTHER, TABLE)
T0 = 1_700_006_400
"""The beginning of a window of every level but the longest."""


def store(db: Session, name: str, *samples: Sample, sender: str = "w") -> int:
    return SeriesWriter().store(db, Batch(sender, name), samples)


def gather_all(db: Session) -> None:
    for origin in origins(db):
        while gather(db, origin):
            pass
    db.flush()


def told(
    db: Session, name: SeriesName, step: int = 1, span: tuple[int, int] = (T0, T0 + 7200)
) -> list[tuple[int, float | None]]:
    start, end = span
    wanted = SeriesQuery(
        (name.metric,), start, end, max(1, (end - start) // step), host=name.host, cluster=name.cluster
    )
    return [point for line in query(db, wanted) for point in line["points"] if point[1] is not None]


def test_a_line_is_told_by_its_labels(db: Session) -> None:
    store(db, "1", (CPU, T0, 5.0), (OTHER, T0, 6.0), (TABLE, T0, 7.0))
    found = query(db, SeriesQuery((CPU.metric, TABLE.metric), T0, T0 + 60))
    assert [(line["name"], line["labels"]) for line in found] == [
        ("hbase.table.reads:t", {"service": "hbase", "cluster": "main"}),
        ("host.cpu_percent", {"host": "a"}),
        ("host.cpu_percent", {"host": "b"}),
    ]
    assert len(query(db, SeriesQuery((CPU.metric, TABLE.metric), T0, T0 + 60, limit=2))) == 2


@pytest.mark.parametrize("gathered_between", [True, False])
def test_a_batch_that_comes_twice_counts_once(db: Session, gathered_between: bool) -> None:
    assert store(db, "1", (CPU, T0, 5.0)) == 1
    if gathered_between:
        gather_all(db)
    store(db, "1", (CPU, T0, 5.0))
    gather_all(db)
    assert told(db, CPU) == [(T0, 5.0)]


def test_the_same_name_of_another_sender_is_another_batch(db: Session) -> None:
    store(db, "1", (CPU, T0, 5.0))
    assert store(db, "1", (CPU, T0 + 10, 6.0), sender="v") == 1
    assert told(db, CPU) == [(T0, 5.0), (T0 + 10, 6.0)]


def test_a_second_keeps_its_first_value(db: Session) -> None:
    store(db, "1", (CPU, T0, 5.0))
    store(db, "2", (CPU, T0, 6.0))
    assert told(db, CPU) == [(T0, 5.0)]
    gather_all(db)
    store(db, "3", (CPU, T0, 7.0))
    assert told(db, CPU) == [(T0, 5.0)]
    gather_all(db)
    assert told(db, CPU) == [(T0, 5.0)]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_left_out(db: Session, value: float) -> None:
    assert store(db, "1", (CPU, T0, value), (LOAD, T0, 1.0), (LOAD, 2**40, 1.0), (LOAD, -1, 1.0)) == 1
    assert told(db, CPU) == []


def test_late_samples_find_their_place_in_buckets_that_were_made(db: Session) -> None:
    store(db, "1", *((CPU, T0 + at, 1.0) for at in range(0, 600, 10)))
    gather_all(db)
    assert roll_up(db, T0 + 2 * RAW) == 1
    store(db, "2", *((CPU, T0 + at, 4.0) for at in range(5, 600, 10)))
    gather_all(db)
    assert told(db, CPU, 60) == [(T0 + at, 2.5) for at in range(0, 600, 60)]  # before their buckets are made anew
    assert roll_up(db, T0 + 2 * RAW) == 1 and roll_up(db, T0 + 2 * RAW) == 0
    assert told(db, CPU, 60) == [(T0 + at, 2.5) for at in range(0, 600, 60)]


def test_when_samples_are_gone_their_averages_tell(db: Session) -> None:
    store(db, "1", *((CPU, T0 + at, float(at // 3600)) for at in range(0, 4 * 3600, 10)))
    gather_all(db)
    while roll_up(db, T0 + 10 * RAW):
        pass
    assert prune(db, {0: T0 + 2 * RAW, 60: T0, 600: T0, 3600: T0}) == (2, 2)
    span = (T0, T0 + 4 * 3600)
    assert told(db, CPU, 10, span) == [(T0 + at, float(at // 3600)) for at in range(0, 4 * 3600, 60)]
    prune(db, {0: T0 + 2 * RAW, 60: T0 + 86400, 600: T0, 3600: T0})
    assert told(db, CPU, 10, span) == [(T0 + at, float(at // 3600)) for at in range(0, 4 * 3600, 600)]


def test_a_window_without_buckets_is_not_deleted(db: Session) -> None:
    store(db, "1", (CPU, T0, 5.0))
    gather_all(db)
    assert prune(db, {0: T0 + 10 * RAW, 60: T0, 600: T0, 3600: T0}) == (0, 0)


def test_series_of_which_nothing_is_left_go(db: Session) -> None:
    store(db, "1", (CPU, T0, 5.0), (OTHER, T0 + 100 * RAW, 5.0))
    gather_all(db)
    roll_up(db, T0 + 1000 * RAW)
    prune(db, dict.fromkeys((0, 60, 600, 3600), T0 + 2_000 * RAW))
    assert db.scalars(select(Series.host)).all() == []
    assert db.scalar(select(func.count()).select_from(SampleChunk)) == 0


def test_rates_of_long_times_come_from_the_last_values(db: Session) -> None:
    store(db, "1", *((CPU, T0 + at, 3.0 * at) for at in range(0, 7200, 10)))
    gather_all(db)
    roll_up(db, T0 + 2 * RAW)
    (line,) = query(db, SeriesQuery((CPU.metric,), T0, T0 + 7200, 12, host="a", rate=True))
    assert [value for _, value in line["points"]] == [3.0] * 11


def test_whether_anything_was_measured(db: Session) -> None:
    store(db, "1", (CPU, T0, 5.0))
    assert measured_since(db, {"host": "a"}, T0 - 3600)
    assert not measured_since(db, {"host": "a"}, T0 + 3600)
    assert not measured_since(db, {"host": "b"}, T0 - 3600)
    store(db, "2", (OTHER, T0 + 7200, 5.0), (OTHER, T0, 5.0))  # the newest need not be the last
    assert measured_since(db, {"host": "b"}, T0 + 3600)
    gather_all(db)
    store(db, "3", (OTHER, T0 + 20, 5.0))  # late
    gather_all(db)
    assert measured_since(db, {"host": "b"}, T0 + 3600)


SAMPLES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 2 * RAW // 10).map(lambda at: T0 + 10 * at), st.integers(-5, 90)),
    max_size=60,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(SAMPLES, max_size=6),
    rounds=st.lists(st.sampled_from(["nothing", "gather", "roll"]), min_size=6, max_size=6),
    step=st.sampled_from([1, 10, 60, 600, 3600]),
    rate=st.booleans(),
)
def test_it_tells_what_a_plain_list_tells(
    engine: Engine, batches: list[list[tuple[int, int, int]]], rounds: list[str], step: int, rate: bool
) -> None:
    kept: dict[SeriesName, dict[int, float]] = {name: {} for name in NAMES}
    with Session(engine) as db:
        writer = SeriesWriter()
        for number, (rows, then) in enumerate(zip(batches, rounds, strict=False)):
            samples = list({(NAMES[which], at): float(value) for which, at, value in rows}.items())
            writer.store(db, Batch("w", str(number)), [(name, at, value) for (name, at), value in samples])
            for (name, at), value in samples:
                kept[name].setdefault(at, value)
            if then != "nothing":
                gather_all(db)
            if then == "roll":
                roll_up(db, T0 + 10 * RAW)
        gather_all(db)
        rate = rate and step < 60  # of buckets only the last values are known
        wanted = SeriesQuery(tuple({n.metric for n in NAMES}), T0, T0 + 2 * RAW, 2 * RAW // step, rate=rate)
        found = {(*line["labels"].values(), line["name"]): line["points"] for line in query(db, wanted)}
        for name, samples_of in kept.items():
            points = shaped(sorted(samples_of), [samples_of[at] for at in sorted(samples_of)])
            expected = [p for p in average(growth(points) if rate else points, step) if p[1] is not None]
            labels = tuple(part for part in (name.host, name.service, name.cluster) if part)
            got = [p for p in found.get((*labels, name.metric), []) if p[1] is not None]
            assert [at for at, _ in got] == [at for at, _ in expected]
            assert [value for _, value in got] == pytest.approx([value for _, value in expected])


def test_a_round_leaves_no_batch_not_even_a_damaged_one(console: Console, caplog: pytest.LogCaptureFixture) -> None:
    chance = random.Random(3)
    with console.writers.begin() as session:
        writer = SeriesWriter()
        for number in range(450):
            samples = [(name, T0 + 10 * number, chance.random()) for name in NAMES]
            writer.store(session, Batch("w", str(number)), samples)
        session.add(SampleBatch(origin="b", sender="x", batch="bad", first=T0, last=T0, packed=b"no batch"))
    tend(console, T0 + 7300)
    assert "a batch of b" in caplog.text
    with console.readers() as session:
        assert session.scalars(select(SampleBatch.origin)).all() == []
        assert len(told(session, CPU, 10)) == len(told(session, OTHER, 10)) == 450
        assert session.scalar(select(func.max(Series.last))) == T0 + 4490
