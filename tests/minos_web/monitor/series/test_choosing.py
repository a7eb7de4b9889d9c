"""Who is asked for which part of a chart. tests/whole has the real OpenTSDB."""

import json
from collections.abc import Iterator

import msgspec
import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_web.models.series import SampleChunk
from minos_web.monitor.series.choosing import Asking
from minos_web.monitor.series.gathering import gather, origins
from minos_web.monitor.series.opentsdb import opentsdb_at
from minos_web.monitor.series.port import Batch, SeriesName, SeriesQuery
from minos_web.monitor.series.writing import SeriesWriter
from tests.minos_web.monitor.series.answering import Answering, answering
from tests.minos_web.monitor.series.contract import T0

CPU = SeriesName("chosen.cpu_percent", "a")
SETTINGS = ConsoleSettings(var="/x")
DAY = 86400.0


@pytest.fixture
def server() -> Iterator[Answering]:
    opentsdb_at.cache_clear()
    with answering(lambda _: (200, b"[]")) as made:
        yield made


def measured(db: Session) -> None:
    SeriesWriter().store(db, Batch("w", "1"), [(CPU, T0 + 10 * at, float(at)) for at in range(60)])
    for origin in origins(db):
        while gather(db, origin):
            pass
    db.execute(update(SampleChunk).values(unsent_from=None))


def asking(db: Session, server: Answering, now: float) -> Asking:
    return Asking(db, msgspec.structs.replace(SETTINGS, opentsdb_url=server.url), now)


@pytest.mark.parametrize(
    ("age", "step", "asked"),
    [
        (1.0, 10, False), (3.0, 10, True),  # samples are kept for two days
        (13.0, 60, False), (15.0, 60, True),  # averages of a minute for two weeks
        (89.0, 600, False), (91.0, 600, True),
        (700.0, 3600, False), (800.0, 3600, True),
    ],
)  # fmt: skip
def test_opentsdb_is_asked_for_what_the_tables_no_longer_tell_as_finely(
    db: Session, server: Answering, age: float, step: int, asked: bool
) -> None:
    measured(db)
    asking(db, server, T0 + age * DAY).lines(SeriesQuery((CPU.metric,), T0, T0 + 10 * step, 10))
    assert bool(server.asked) == asked


def test_nobody_is_asked_about_nothing(db: Session, server: Answering) -> None:
    assert asking(db, server, T0 + 9 * DAY).lines(SeriesQuery(("chosen.nothing",), T0, T0 + 100, 10)) == []
    assert server.asked == []


def test_only_the_older_part_is_asked_for(db: Session, server: Answering) -> None:
    measured(db)
    now = T0 + SETTINGS.keep_samples_hours * 3600 + 95
    asking(db, server, now).lines(SeriesQuery((CPU.metric,), T0, T0 + 600, 60))
    assert (server.asked[0].json["start"], server.asked[0].json["end"]) == (T0, T0 + 99)


def test_what_it_tells_stands_between_what_the_tables_tell(db: Session, server: Answering) -> None:
    measured(db)
    line = {"metric": CPU.metric, "tags": {"host": "a"}, "dps": {str(T0 + at): 7.0 for at in (50, 60, 70)}}
    server.answer = lambda _: (200, json.dumps([line]).encode())
    (told,) = asking(db, server, T0 + 9 * DAY).lines(SeriesQuery((CPU.metric,), T0, T0 + 100, 10))
    expected = [(0, 0), (10, 1), (20, 2), (30, 3), (50, 7), (60, 7), (70, 7), (80, 8), (90, 9), (100, 10)]
    assert told["points"] == [(T0 + at, value) for at, value in expected]


def test_an_excuse_is_made_once_and_the_tables_tell(db: Session, server: Answering) -> None:
    measured(db)
    server.answer = lambda _: (500, b"")
    asked = asking(db, server, T0 + 9 * DAY)
    for _ in range(2):
        (told,) = asked.lines(SeriesQuery((CPU.metric,), T0, T0 + 100, 10))
        assert len(told["points"]) == 11
    (note,) = asked.notes
    assert note.startswith("Older times are shown as the console kept them") and note.endswith("status 500")
