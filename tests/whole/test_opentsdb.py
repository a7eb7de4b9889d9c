"""Samples go on to a real OpenTSDB on a real HBase, and come back: the contract of storages, failures, both together."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import delete, func, select, update

from benchmarks.opentsdb import measure, table
from benchmarks.samples import Size
from minos_web.console import Console, open_console
from minos_web.models.series import SampleChunk, Series
from minos_web.monitor.series import opentsdb
from minos_web.monitor.series.choosing import Asking
from minos_web.monitor.series.forwarding import Forwarded, Forwarder, how_forwarded
from minos_web.monitor.series.gathering import gather, origins
from minos_web.monitor.series.opentsdb import OpenTsdb, opentsdb_at
from minos_web.monitor.series.port import Batch, Line, Sample, SeriesName, SeriesQuery
from minos_web.monitor.series.tending import tend
from minos_web.monitor.series.writing import SeriesWriter
from minos_web.scripts.migrate import upgrade
from tests.minos_web.monitor.series.contract import CASES, T0, Case, check
from tests.whole.site import Daemon
from tests.whole.timeseries import Tsdb, a_tsdb, paused

LATER = T0 + 800 * 86400.0
"""When the tables tell of T0 no more."""


@dataclass
class Kept:
    """A console that hands its samples on, and what it tells when its own are gone."""

    console: Console
    writer: SeriesWriter
    forwarder: Forwarder
    rounds: int = 0

    def store(self, name: str, samples: Sequence[Sample]) -> None:
        """Take a batch in and gather it."""
        with self.console.writers.begin() as session:
            self.writer.store(session, Batch("w", name), samples)
        with self.console.writers.begin() as session:
            for origin in origins(session):
                while gather(session, origin):
                    pass

    def forward(self) -> int:
        """A round; how many points went."""
        self.rounds += 1
        return self.forwarder.forward(LATER + self.rounds)

    def forget(self) -> None:
        """The tables have no samples any more."""
        with self.console.writers.begin() as session:
            assert session.scalar(select(func.count()).where(SampleChunk.unsent_from.is_not(None))) == 0
            session.execute(delete(SampleChunk))

    def ask(self, wanted: SeriesQuery, now: float = LATER) -> tuple[list[Line], list[str]]:
        """What a chart would show, and what is said of it."""
        with self.console.readers() as session:
            asking = Asking(session, self.console.settings, now)
            return asking.lines(wanted), asking.notes

    def told(self, wanted: SeriesQuery, now: float = LATER) -> list[tuple[int, float | None]]:
        """The points of the only line, told without a word of excuse."""
        (line,), notes = self.ask(wanted, now)
        assert notes == []
        points: list[tuple[int, float | None]] = line["points"]
        return points

    def state(self) -> Forwarded:
        """How forwarding is."""
        with self.console.readers() as session:
            return how_forwarded(session, self.console.settings)


@pytest.fixture(scope="module")
def tsdb(tmp_path_factory: pytest.TempPathFactory, hbase_package: Path, opentsdb_package: Path) -> Iterator[Tsdb]:
    with a_tsdb(tmp_path_factory.mktemp("tsdb"), hbase_package, opentsdb_package) as made:
        yield made


@pytest.fixture(scope="module")
def kept(tsdb: Tsdb, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    var = tmp_path_factory.mktemp("console")
    url = f"sqlite:///{var / 'minos.sqlite'}"
    console = open_console({"sqlalchemy.url": url, "minos.var": str(var), "minos.opentsdb_url": tsdb.url})
    upgrade(console.engine)
    yield Kept(console, SeriesWriter(), Forwarder(console, OpenTsdb(tsdb.url)))
    console.engine.dispose()


@pytest.fixture(autouse=True)
def fresh(kept: Kept) -> Iterator[None]:
    """Every test begins with a client that is not cross, and leaves nothing unsent."""
    opentsdb_at.cache_clear()
    yield
    with kept.console.writers.begin() as session:
        session.execute(delete(SampleChunk))


@contextmanager
def hanging(daemon: Daemon) -> Iterator[None]:
    """It hangs, and nobody waits for long."""
    with pytest.MonkeyPatch.context() as patch, paused(daemon):
        patch.setattr(opentsdb, "PATIENCE", 2.0)
        patch.setattr(opentsdb, "SYNC_MILLISECONDS", 1000)
        yield


def of(name: SeriesName, seconds: int, step: int = 10, **more: bool) -> SeriesQuery:
    return SeriesQuery((name.metric,), T0, T0 + seconds, seconds // step, host=name.host, **more)


def a_line(name: SeriesName, number: int, begin: int = T0) -> list[Sample]:
    return [(name, begin + 10 * at, float(at)) for at in range(number)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_opentsdb_keeps_the_contract(kept: Kept, case: Case) -> None:
    def tell(wanted: SeriesQuery) -> list[Line]:
        kept.forward()
        kept.forget()
        lines, notes = kept.ask(wanted)
        assert notes == []
        return lines

    check(case, kept.store, tell)


def test_nothing_is_lost_while_it_hangs(kept: Kept, tsdb: Tsdb, caplog: pytest.LogCaptureFixture) -> None:
    name = SeriesName("hung", "a")
    kept.store("hung 1", a_line(name, 6))
    with hanging(tsdb.daemon):
        assert kept.forward() == 0
        assert "did not answer within" in kept.state().error and kept.state().well is False
        tend(kept.console, T0 + 100.0)
        kept.store("hung 2", a_line(name, 6, T0 + 60))
        assert kept.forward() == 0
        assert (kept.state().waiting, kept.state().waiting_since) == (1, T0)
        (line,), _ = kept.ask(of(name, 120))
        assert len(line["points"]) == 12
    assert caplog.text.count("they wait in the database") == 1
    assert kept.forward() == 12
    assert kept.state().well and kept.state().waiting == 0
    kept.forget()
    assert len(kept.told(of(name, 120))) == 12


def test_a_chart_does_not_wait_for_one_that_hangs(kept: Kept, tsdb: Tsdb) -> None:
    name = SeriesName("waited", "a")
    kept.store("waited", a_line(name, 6))
    kept.forward()
    kept.forget()
    with hanging(tsdb.daemon):
        for _ in range(3):  # the second and third do not try
            (line,), notes = kept.ask(of(name, 60))
            assert line["points"] == []
            assert "did not answer within" in notes[0]


def test_nothing_is_lost_when_it_is_killed(kept: Kept, tsdb: Tsdb) -> None:
    name = SeriesName("killed", "a")
    tsdb.daemon.kill()
    try:
        kept.store("killed", a_line(name, 6))
        assert kept.forward() == 0
        assert "cannot be reached: Connection refused" in kept.state().error
    finally:
        tsdb.start()
    assert kept.forward() == 6
    kept.forget()
    assert len(kept.told(of(name, 60))) == 6


def test_nothing_is_lost_while_its_hbase_hangs(kept: Kept, tsdb: Tsdb) -> None:
    name = SeriesName("stalled", "a")
    kept.store("stalled 1", a_line(name, 1))
    kept.forward()  # names are known: it could say yes at once
    kept.store("stalled 2", a_line(name, 6))
    with hanging(tsdb.hbase):
        assert kept.forward() == 0
        assert kept.state().waiting == 1
    assert kept.forward() == 5
    kept.forget()
    assert len(kept.told(of(name, 60))) == 6


@pytest.mark.parametrize("limit", [None, "4096"])
def test_many_samples_go_in_requests_that_it_takes(kept: Kept, tsdb: Tsdb, limit: str | None) -> None:
    chance = random.Random(7)
    name = SeriesName(f"many{limit}", "a")
    samples = [(name, T0 + at, chance.random()) for at in range(2500)]  # more than 8 KiB, however well packed
    kept.store(name.metric, samples)
    settings = {"tsd__http__request__enable_chunked": "true", "tsd__http__request__max_chunk": limit} if limit else {}
    with tsdb.beside(**settings) as url:
        assert Forwarder(kept.console, OpenTsdb(url)).forward(LATER) == 2500, kept.state().error
    kept.forget()
    assert kept.told(of(name, 1000, 1)) == [(at, value) for _, at, value in samples[:1001]]


def test_a_point_that_is_refused_keeps_no_other(kept: Kept, tsdb: Tsdb, caplog: pytest.LogCaptureFixture) -> None:
    known, unknown = SeriesName("known", "a"), SeriesName("unknown:to it", "a")
    kept.store("known", a_line(known, 1))
    kept.forward()
    refused = kept.state().refused
    kept.store("both", [*a_line(known, 6), *a_line(unknown, 6)])
    with tsdb.beside(tsd__core__auto_create_metrics="false") as url:
        forwarder = Forwarder(kept.console, OpenTsdb(url))
        assert forwarder.forward(LATER) == 5
        kept.store("again", a_line(unknown, 6, T0 + 60))
        assert forwarder.forward(LATER) == 0
    assert caplog.text.count("OpenTSDB refuses what is measured of unknown:to it (a): ") == 1
    assert (kept.state().waiting, kept.state().refused - refused) == (0, 12)
    kept.forget()
    assert len(kept.told(of(known, 60))) == 6


def test_a_host_that_it_never_heard_of_hides_no_other(kept: Kept) -> None:
    names = [SeriesName("heard", host) for host in ("a", "never", "x|y")]
    kept.store("heard", [sample for name in names for sample in a_line(name, 3)])
    with kept.console.writers.begin() as session:
        never = select(Series.id).where(Series.host == "never")
        session.execute(delete(SampleChunk).where(SampleChunk.series_id.in_(never)))
    kept.forward()
    kept.forget()
    lines, _ = kept.ask(SeriesQuery(("heard", "heard.never"), T0, T0 + 60, 6))
    assert [(line["labels"]["host"], len(line["points"])) for line in lines] == [
        ("a", 3),
        ("never", 0),
        ("x|y", 3),
    ]


@pytest.mark.parametrize("rate", [False, True])
def test_older_times_from_opentsdb_newer_ones_from_the_tables(kept: Kept, rate: bool) -> None:
    name = SeriesName(f"both{rate}", "a")
    kept.store("older", a_line(name, 360))
    kept.forward()
    kept.forget()
    kept.store("newer", [(name, T0 + 10 * at, float(at)) for at in range(360, 720)])
    hours = kept.console.settings.keep_samples_hours
    now = T0 + 3600 + hours * 3600
    expected = [[T0 + 10 * at, 0.1 if rate else float(at)] for at in range(1 if rate else 0, 720)]
    with kept.console.writers.begin() as session:
        session.execute(update(SampleChunk).values(unsent_from=None))
    told = kept.told(of(name, 7200, rate=rate), now)
    assert [at for at, _ in told] == [at for at, _ in expected]
    assert [value for _, value in told] == pytest.approx([value for _, value in expected])


def test_what_it_does_not_have_yet_is_told_by_the_tables(kept: Kept) -> None:
    name = SeriesName("behind", "a")
    kept.store("sent", a_line(name, 6))
    kept.forward()
    kept.forget()
    kept.store("unsent", a_line(name, 6, T0 + 60))
    assert [value for _, value in kept.told(of(name, 120))] == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0] * 2


def test_a_console_without_opentsdb_asks_nobody(kept: Kept) -> None:
    name = SeriesName("alone", "a")
    kept.store("alone", a_line(name, 6))
    settings = msgspec.structs.replace(kept.console.settings, opentsdb_url="")
    with kept.console.readers() as session:
        asking = Asking(session, settings, LATER)
        (line,) = asking.lines(of(name, 60))
        assert (len(line["points"]), asking.notes, how_forwarded(session, settings).address) == (6, [], "")


def test_its_rate_is_measured(tsdb: Tsdb, tmp_path: Path) -> None:
    found = measure(tsdb, tmp_path, Size(hosts=1, figures=60, hours=0.5, repeats=1), at_once=500)
    assert found.points == 60 * 180 and found.forwarded > 0 and found.bare > 0
    assert found.one_hour > 0 and found.fifty_hour > 0 and found.own > 0
    assert "| **ratio to bare requests** |" in table(found)
