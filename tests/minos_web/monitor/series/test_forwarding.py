"""What is not sent yet, how it goes, and how long it is kept. tests/whole has the real OpenTSDB."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from minos_common.settings import BadSetting, ConsoleSettings, read_settings
from minos_web.console import Console
from minos_web.models.series import SampleChunk, Series
from minos_web.monitor.series import forwarding
from minos_web.monitor.series.forwarding import Forwarded, Forwarder, how_forwarded
from minos_web.monitor.series.gathering import gather, origins, prune, roll_up
from minos_web.monitor.series.opentsdb import OpenTsdb
from minos_web.monitor.series.port import Batch, Sample, SeriesName
from minos_web.monitor.series.tending import tend
from minos_web.monitor.series.windows import RAW
from minos_web.monitor.series.writing import SeriesWriter
from tests.minos_web.monitor.series.answering import Answer, Answering, Asked, answering
from tests.minos_web.monitor.series.contract import T0
from tests.minos_web.monitor.series.test_opentsdb import GOOD, errors

CPU, LOAD = SeriesName("host.cpu_percent", "a"), SeriesName("host.load1", "a")
HOUR = 3600.0


def put_in(session: Session, batch: str, *samples: Sample) -> None:
    SeriesWriter().store(session, Batch("w", batch), samples)
    for origin in origins(session):
        while gather(session, origin):
            pass
    session.flush()


def unsent(session: Session) -> list[int | None]:
    wanted = select(SampleChunk.unsent_from).where(SampleChunk.level == 0).order_by(SampleChunk.start)
    return list(session.scalars(wanted))


def test_the_first_second_that_was_not_sent(db: Session) -> None:
    put_in(db, "1", (CPU, T0 + 50, 1.0), (CPU, T0 + 40, 1.0))
    assert unsent(db) == [T0 + 40]
    put_in(db, "2", (CPU, T0 + 60, 1.0))
    assert unsent(db) == [T0 + 40]
    db.execute(update(SampleChunk).values(unsent_from=None))
    put_in(db, "3", (CPU, T0 + 40, 9.0))  # was there before
    assert unsent(db) == [None]
    put_in(db, "4", (CPU, T0 + 40, 9.0), (CPU, T0 + 80, 1.0), (CPU, T0 + 70, 1.0))
    assert unsent(db) == [T0 + 70]
    put_in(db, "5", (CPU, T0 + 10, 1.0), (CPU, T0 + RAW, 1.0))
    assert unsent(db) == [T0 + 10, T0 + RAW]


def test_what_was_not_sent_is_kept_for_longer(db: Session) -> None:
    put_in(db, "1", (CPU, T0, 1.0), (LOAD, T0, 1.0))
    db.execute(update(SampleChunk).values(unsent_from=None).where(SampleChunk.series_id == select_id(db, CPU)))
    while roll_up(db, T0 + 10 * RAW):
        pass
    before = {0: T0 + 2.0 * RAW, 60: 0.0, 600: 0.0, 3600: 0.0}
    assert prune(db, before, T0) == (1, 0)
    assert unsent(db) == [T0]
    assert prune(db, before, T0 + 2.0 * RAW) == (1, 1)
    assert unsent(db) == []


def select_id(db: Session, name: SeriesName) -> int:
    return db.scalars(select(Series.id).where(Series.metric == name.metric)).one()


@pytest.fixture
def server() -> Iterator[Answering]:
    with answering(lambda _: GOOD) as made:
        yield made


@pytest.fixture
def forwarding_console(console: Console, server: Answering) -> Console:
    return replace(console, settings=msgspec.structs.replace(console.settings, opentsdb_url=server.url))


@pytest.fixture
def forwarder(forwarding_console: Console, server: Answering) -> Forwarder:
    return Forwarder(forwarding_console, OpenTsdb(server.url))


def keep(console: Console, batch: str, *samples: Sample) -> None:
    with console.writers.begin() as session:
        put_in(session, batch, *samples)


def state(console: Console) -> Forwarded:
    with console.readers() as session:
        return how_forwarded(session, console.settings)


def sent(server: Answering) -> list[tuple[str, int]]:
    return [(point["metric"], point["timestamp"]) for asked in server.asked for point in asked.json]


def test_each_sample_goes_once_the_oldest_first(
    forwarding_console: Console, forwarder: Forwarder, server: Answering
) -> None:
    keep(forwarding_console, "1", (CPU, T0 + RAW, 1.0), (CPU, T0 + 10, 1.0), (LOAD, T0, 2.0))
    assert state(forwarding_console).well is None and state(forwarding_console).waiting == 3
    assert forwarder.forward(5.0) == 3
    keep(forwarding_console, "2", (CPU, T0 + 20, 1.0))
    assert forwarder.forward(6.0) == 1 and forwarder.forward(7.0) == 0
    assert sent(server) == [
        (LOAD.metric, T0), (CPU.metric, T0 + 10), (CPU.metric, T0 + RAW), (CPU.metric, T0 + 20),
    ]  # fmt: skip
    told = state(forwarding_console)
    assert (told.well, told.sent, told.waiting, told.succeeded_at, told.failed_at) == (True, 4, 0, 6.0, None)


def test_a_backlog_goes_in_parts(
    forwarding_console: Console, forwarder: Forwarder, server: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forwarding, "CHUNKS_AT_ONCE", 3)
    keep(forwarding_console, "1", *((CPU, T0 + RAW * number, 1.0) for number in range(8)))
    assert forwarder.forward(5.0) == 8
    assert [len(asked.json) for asked in server.asked] == [3, 3, 2]
    monkeypatch.setattr(forwarding, "CHUNKS_AT_ONCE", 400)
    monkeypatch.setattr(forwarding, "SAMPLES_AT_ONCE", 4)
    keep(forwarding_console, "2", *((CPU, T0 + RAW * number + 10 * at, 1.0) for number in range(4) for at in (1, 2, 3)))
    assert forwarder.forward(6.0) == 12
    assert [len(asked.json) for asked in server.asked[3:]] == [6, 6]


def test_it_stops_between_two_parts(
    forwarding_console: Console, forwarder: Forwarder, server: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forwarding, "CHUNKS_AT_ONCE", 1)
    keep(forwarding_console, "1", *((CPU, T0 + RAW * number, 1.0) for number in range(8)))
    assert forwarder.forward(5.0, lambda: len(server.asked) == 2) == 2
    assert state(forwarding_console).waiting == 6


def test_what_comes_while_it_is_sent_is_sent_too(
    forwarding_console: Console, forwarder: Forwarder, server: Answering
) -> None:
    keep(forwarding_console, "1", (CPU, T0 + 10, 1.0))

    def gathered_meanwhile(_: Asked) -> Answer:
        keep(forwarding_console, "2", (CPU, T0, 1.0), (CPU, T0 + 20, 1.0))
        return GOOD

    server.answer = gathered_meanwhile
    forwarder.forward(5.0, lambda: len(server.asked) == 2)
    assert sent(server) == [(CPU.metric, at) for at in (T0 + 10, T0, T0 + 10, T0 + 20)]
    assert state(forwarding_console).waiting == 0


def one_bad(name: SeriesName, why: str) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        bad = [{"datapoint": point, "error": why} for point in asked.json if point["metric"] == name.metric]
        return (400, errors(*bad)) if bad else GOOD

    return answer


def test_a_series_that_is_refused_for_good_is_named_once(
    forwarding_console: Console, forwarder: Forwarder, server: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    server.answer = one_bad(CPU, "Unknown metric")
    for number in range(3):
        keep(forwarding_console, str(number), (CPU, T0 + number, 1.0), (LOAD, T0 + number, 1.0))
        assert forwarder.forward(5.0) == 1
    assert caplog.text.count("refuses what is measured of host.cpu_percent (a): Unknown metric") == 1
    assert (state(forwarding_console).waiting, state(forwarding_console).refused) == (0, 3)


def test_a_series_that_fails_waits_and_holds_up_no_other(
    forwarding_console: Console, forwarder: Forwarder, server: Answering
) -> None:
    server.answer = one_bad(CPU, "Please throttle writes")
    keep(forwarding_console, "1", (CPU, T0, 1.0), (LOAD, T0, 1.0))
    assert forwarder.forward(5.0) == 1
    told = state(forwarding_console)
    assert (told.well, told.waiting) == (False, 1) and "Please throttle writes" in told.error
    server.answer = lambda _: GOOD
    assert forwarder.forward(6.0) == 1
    assert state(forwarding_console).well


def test_it_complains_once_while_it_is_away(
    forwarding_console: Console, forwarder: Forwarder, server: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    server.answer = lambda _: (503, b"")
    keep(forwarding_console, "1", (CPU, T0, 1.0))
    assert [forwarder.forward(at) for at in (5.0, 6.0)] == [0, 0]
    told = state(forwarding_console)
    assert (told.well, told.waiting, told.waiting_since, told.failed_at) == (False, 1, T0, 6.0)
    server.answer = lambda _: GOOD
    assert forwarder.forward(7.0) == 1
    assert caplog.text.count("they wait in the database") == caplog.text.count("takes samples again") == 1


def test_chunks_that_are_damaged_are_passed_over(
    forwarding_console: Console, forwarder: Forwarder, caplog: pytest.LogCaptureFixture
) -> None:
    keep(forwarding_console, "1", (CPU, T0, 1.0), (LOAD, T0, 1.0))
    with forwarding_console.writers.begin() as session:
        damaged = SampleChunk.series_id == select_id(session, CPU)
        session.execute(update(SampleChunk).where(damaged).values(packed=b"nonsense"))
    assert forwarder.forward(5.0) == 1
    assert "samples of host.cpu_percent (a)" in caplog.text and state(forwarding_console).waiting == 0


def test_a_round_tells_what_it_deletes_unsent(forwarding_console: Console, caplog: pytest.LogCaptureFixture) -> None:
    keep(forwarding_console, "1", (CPU, T0, 1.0))
    hours = forwarding_console.settings.keep_samples_hours
    tend(forwarding_console, T0 + hours * HOUR * 9)
    assert state(forwarding_console).waiting == 1 and not caplog.text
    tend(forwarding_console, T0 + hours * HOUR * 11)
    assert state(forwarding_console).waiting == 0
    assert "1 chunks of samples are deleted that OpenTSDB did not take within 480 hours" in caplog.text


def test_without_opentsdb_nothing_is_kept_for_it(console: Console, caplog: pytest.LogCaptureFixture) -> None:
    keep(console, "1", (CPU, T0, 1.0))
    tend(console, T0 + console.settings.keep_samples_hours * HOUR * 2)
    with console.readers() as session:
        assert unsent(session) == []
    assert state(console) == Forwarded("", 0, None, None, None, "", 0, 0) and not caplog.text


@pytest.mark.parametrize("url", ["", "http://tsdb:4242", "https://u:p@tsdb/below", "http://[::1]:4242"])
def test_addresses(url: str) -> None:
    assert read_settings(ConsoleSettings, {"var": "/x", "opentsdb_url": url}).opentsdb_url == url


@pytest.mark.parametrize("url", ["tsdb:4242", "ftp://tsdb", "http://u:secret@tsdb/?q=1", "http://u:secret@a b"])
def test_addresses_that_are_none_are_refused_without_their_password(url: str) -> None:
    with pytest.raises(BadSetting, match="opentsdb_url") as caught:
        read_settings(ConsoleSettings, {"var": "/x", "opentsdb_url": url})
    assert "secret" not in str(caught.value)
