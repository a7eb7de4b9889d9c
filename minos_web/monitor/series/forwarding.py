"""Hands samples on to OpenTSDB. The tables are the outbox: a chunk says from which second on it was not sent, and says
nothing of it any more only after OpenTSDB kept all of it. What is sent twice counts once, so every doubt is sent again.
"""

import logging
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_web.console import Console
from minos_web.models.series import SampleChunk, SampleForwarding, Series
from minos_web.monitor.series.asking import name_of
from minos_web.monitor.series.opentsdb import Away, OpenTsdb, Put, opentsdb_at
from minos_web.monitor.series.packing import Damaged
from minos_web.monitor.series.port import Sample, SeriesName
from minos_web.monitor.series.shaping import samples
from minos_web.monitor.series.windows import unpack_samples

log = logging.getLogger(__name__)

CHUNKS_AT_ONCE, SAMPLES_AT_ONCE = 400, 20_000
"""Chunks whose samples go together, and about so many samples at most. OpenTSDB takes a second for each request: it waits
for the next flush to HBase.
"""
MOST_HELD = 1000
"""Chunks that may fail by themselves before a round gives up: the trouble is then not theirs."""
MOST_NAMED = 10_000
"""Series of which it is remembered that the log told of them."""
TARGET = "opentsdb"


@dataclass(frozen=True)
class _Part:
    """What is not sent of a chunk, as it was when it was read."""

    chunk: int
    name: SeriesName
    packed: bytes
    samples: list[Sample]


class Forwarder:
    """Sends what was not sent; remembers what it complained of, so it belongs to one thread."""

    def __init__(self, console: Console, target: OpenTsdb) -> None:
        self._console = console
        self._target = target
        self._named: set[SeriesName] = set()
        self._away = False

    def forward(self, now: float, stopping: Callable[[], bool] = lambda: False) -> int:
        """One round: the oldest first, until all is sent, OpenTSDB does not answer, or somebody says to stop. Returns how
        many points were kept there.
        """
        held: set[int] = set()
        sent = 0
        while not stopping():
            with self._console.readers() as session:
                parts = list(_unsent(session, held))
            if not parts:
                break
            try:
                put = self._target.put([sample for part in parts for sample in part.samples])
            except Away as error:
                self._failed(now, str(error))
                break
            failed = {name for name, _ in put.failed}
            done = [part for part in parts if part.name not in failed]
            held |= {part.chunk for part in parts if part.name in failed}
            kept = sum(len(part.samples) for part in done) - len(put.refused)
            self._succeeded(now, done, kept, put)
            sent += kept
            if len(held) > MOST_HELD or (failed and not done):
                break
        return sent

    def _succeeded(self, now: float, done: Sequence[_Part], kept: int, put: Put) -> None:
        with self._console.writers.begin() as session:
            _mark(session, done)
            row = _row(session)
            row.sent, row.refused = row.sent + kept, row.refused + len(put.refused)
            if done:
                row.succeeded_at = now
            if put.failed:
                row.failed_at, row.error = now, f"{len(put.failed)} points, as it said: {put.failed[0][1]}"[:400]
        if self._away and not put.failed:
            self._away = False
            log.info("OpenTSDB takes samples again")
        for name, why in put.refused:
            if name not in self._named and len(self._named) < MOST_NAMED:
                self._named.add(name)
                log.warning("OpenTSDB refuses what is measured of %s: %s", _called(name), why)

    def _failed(self, now: float, why: str) -> None:
        with self._console.writers.begin() as session:
            row = _row(session)
            row.failed_at, row.error = now, why[:400]
        if not self._away:
            self._away = True
            log.warning("OpenTSDB takes no samples, they wait in the database: %s", why)


def _called(name: SeriesName) -> str:
    places = ", ".join(part for part in (name.host, name.service, name.cluster, name.job, name.task) if part)
    return f"{name.metric} ({places})" if places else name.metric


def _unsent(session: Session, held: set[int]) -> Iterator[_Part]:
    wanted = (
        select(SampleChunk, Series).join(Series, Series.id == SampleChunk.series_id)
        .where(SampleChunk.unsent_from.is_not(None), SampleChunk.id.not_in(held))
        .order_by(SampleChunk.unsent_from, SampleChunk.id).limit(CHUNKS_AT_ONCE)
    )  # fmt: skip
    number = 0
    for chunk, series in session.execute(wanted).all():
        if number >= SAMPLES_AT_ONCE:
            break
        name = name_of(series)
        try:
            points = unpack_samples(chunk.packed).between(chunk.unsent_from or 0, math.inf)
        except Damaged as error:
            log.error("samples of %s from second %s cannot be sent: %s", _called(name), chunk.start, error)
            points = samples([], [])
        rows = zip(points.seconds.tolist(), points.values.tolist(), strict=True)
        part = _Part(chunk.id, name, chunk.packed, [(name, at, value) for at, value in rows])
        number += len(part.samples)
        yield part


def _mark(session: Session, done: Sequence[_Part]) -> None:
    """These were sent. Chunks into which something was gathered since stay as they are and are sent again."""
    packed = {part.chunk: part.packed for part in done}
    chunk = SampleChunk
    # Gathering locks the rows as well: neither overwrites what the other did meanwhile.
    rows = session.execute(
        select(chunk.id, chunk.packed).where(chunk.id.in_(packed)).order_by(chunk.id).with_for_update()
    ).all()
    same = [number for number, now in rows if now == packed[number]]
    session.execute(update(chunk).where(chunk.id.in_(same)).values(unsent_from=None))


def _row(session: Session) -> SampleForwarding:
    row = session.get(SampleForwarding, TARGET)
    if row is None:
        row = SampleForwarding(name=TARGET, error="", sent=0, refused=0)
        session.add(row)
    return row


@dataclass(frozen=True)
class Forwarded:
    """How forwarding is. ``address`` has no password in it and is empty when nothing is forwarded; ``waiting`` chunks wait,
    the oldest sample in them was measured at ``waiting_since``.
    """

    address: str
    waiting: int
    waiting_since: int | None
    succeeded_at: float | None
    failed_at: float | None
    error: str
    sent: int
    refused: int

    @property
    def well(self) -> bool | None:
        """Whether the last try went well; None before the first."""
        if self.succeeded_at is None and self.failed_at is None:
            return None
        return (self.succeeded_at or 0.0) > (self.failed_at or 0.0)


def how_forwarded(session: Session, settings: ConsoleSettings) -> Forwarded:
    """What the tables say of it."""
    target = opentsdb_at(settings.opentsdb_url)
    if target is None:
        return Forwarded("", 0, None, None, None, "", 0, 0)
    some = select(func.count(), func.min(SampleChunk.unsent_from)).where(SampleChunk.unsent_from.is_not(None))
    count, since = session.execute(some).one()
    row = session.get(SampleForwarding, TARGET) or SampleForwarding(error="", sent=0, refused=0)
    return Forwarded(target.address, count, since, row.succeeded_at, row.failed_at, row.error, row.sent, row.refused)
