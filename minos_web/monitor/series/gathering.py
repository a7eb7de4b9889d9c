"""Puts in order what came in: batches into chunks of one series each, these into buckets, and away with what is old."""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session

from minos_web.models.series import SampleBatch, SampleChunk, Series
from minos_web.monitor.series.packing import Damaged, Seconds, Values, by_series, unpack_batch
from minos_web.monitor.series.shaping import LEVELS, Buckets, Points, buckets, joined, samples
from minos_web.monitor.series.windows import (
    RAW,
    WINDOWS,
    pack_buckets,
    pack_samples,
    replaced,
    start_of,
    unpack_buckets,
    unpack_samples,
)

log = logging.getLogger(__name__)

AT_ONCE = 400
"""Batches, or chunks, of one transaction: nobody waits long for the lock."""
LATE = 300
"""Seconds after its end that a window is still waited for before its buckets are made."""

Window = tuple[int, int]
"""(series id, beginning)."""


def origins(session: Session) -> list[str]:
    """Where batches came from that are not gathered yet."""
    return list(session.scalars(select(SampleBatch.origin).distinct().order_by(SampleBatch.origin)))


def gather(session: Session, origin: str) -> int:
    """Put the oldest batches of an origin into chunks; returns how many. A second that has a value keeps it."""
    batches = session.scalars(
        select(SampleBatch).where(SampleBatch.origin == origin).order_by(SampleBatch.id).limit(AT_ONCE)
    )
    done, rows = [], []
    for batch in batches:
        done.append(batch.id)
        try:
            rows.append(unpack_batch(batch.packed))
        except Damaged as error:
            log.error("a batch of %s, sent by %s at second %s, is lost: %s", origin, batch.sender, batch.first, error)
    came = dict(_by_window(*by_series(rows)))
    there = _chunks(session, came, alone=True)
    newest: dict[int, int] = {}
    for (series, start), fresh in came.items():
        chunk = there.get((series, start))
        had = unpack_samples(chunk.packed) if chunk else samples([], [])
        if chunk is None:
            chunk = SampleChunk(series_id=series, level=0, start=start, rolled=False)
            session.add(chunk)
        _merge(chunk, had, fresh)
        newest[series] = max(newest.get(series, 0), int(fresh.seconds[-1]), *had.seconds[-1:].tolist())
    if newest:
        # What comes late does not make a series older than it is.
        table = Series.metadata.tables[Series.__tablename__]
        later = update(table).where(table.c.id == bindparam("series"), table.c.last < bindparam("newest"))
        told = [{"series": series, "newest": at} for series, at in newest.items()]
        session.connection().execute(later.values(last=bindparam("newest")), told)
    for ids in _slices(done):
        session.execute(delete(SampleBatch).where(SampleBatch.id.in_(ids)))
    return len(done)


def _by_window(ids: Seconds, seconds: Seconds, values: Values) -> Iterator[tuple[Window, Points]]:
    """Rows that are sorted by series and second, by series and window."""
    starts = seconds - seconds % RAW
    changes = np.flatnonzero((np.diff(ids, prepend=-1) != 0) | (np.diff(starts, prepend=-1) != 0)).tolist()
    for begin, end in pairwise([*changes, len(ids)]):
        yield (int(ids[begin]), int(starts[begin])), samples(seconds[begin:end], values[begin:end])


def _merge(chunk: SampleChunk, had: Points, fresh: Points) -> None:
    new = fresh.seconds[~np.isin(fresh.seconds, had.seconds)]
    if len(new):
        chunk.packed, chunk.rolled = pack_samples(joined([had, fresh])), False
        unsent = int(new[0])
        chunk.unsent_from = unsent if chunk.unsent_from is None else min(unsent, chunk.unsent_from)


def _chunks(
    session: Session, windows: Collection[Window], level: int = 0, alone: bool = False
) -> dict[Window, SampleChunk]:
    """The chunks of these windows. ``alone``: nobody else changes them until this transaction ends (see forwarding)."""
    starts = {start for _, start in windows}
    found: dict[Window, SampleChunk] = {}
    for some in _slices(sorted({series for series, _ in windows})):
        chunk = SampleChunk
        wanted = select(chunk).where(chunk.level == level, chunk.series_id.in_(some), chunk.start.in_(starts))
        wanted = wanted.order_by(chunk.id).with_for_update() if alone else wanted
        found |= {(one.series_id, one.start): one for one in session.scalars(wanted)}
    return found


def _slices(some: Sequence[int]) -> Iterator[Sequence[int]]:
    for begin in range(0, len(some), AT_ONCE):
        yield some[begin : begin + AT_ONCE]


def roll_up(session: Session, now: float) -> int:
    """Make the buckets of windows that are over; returns how many windows were done, 0 when all are."""
    wanted = select(SampleChunk).where(
        SampleChunk.level == 0, SampleChunk.rolled.is_(False), SampleChunk.start <= now - RAW - LATE
    )
    chunks = session.scalars(wanted.order_by(SampleChunk.id).limit(AT_ONCE)).all()
    for level in LEVELS:
        made: dict[Window, list[tuple[int, Buckets]]] = {}
        for chunk in chunks:
            found = buckets(unpack_samples(chunk.packed), level)
            made.setdefault((chunk.series_id, start_of(level, chunk.start)), []).append((chunk.start, found))
        _put_buckets(session, level, made)
    for chunk in chunks:
        chunk.rolled = True
    return len(chunks)


def _put_buckets(session: Session, level: int, made: Mapping[Window, list[tuple[int, Buckets]]]) -> None:
    there = _chunks(session, made, level)
    for (series, start), parts in made.items():
        chunk = there.get((series, start))
        whole = unpack_buckets(chunk.packed) if chunk else parts[0][1]
        for begin, found in parts:
            whole = replaced(whole, begin, found)
        if chunk is None:
            row = SampleChunk(series_id=series, level=level, start=start, rolled=True, packed=pack_buckets(whole))
            session.add(row)
        else:
            chunk.packed = pack_buckets(whole)


def prune(session: Session, before: Mapping[int, float], unsent: float | None = None) -> tuple[int, int]:
    """Delete the chunks whose window was over at second ``before[level]``, and series that have none and were not measured
    since the earliest of these times; returns how many chunks, and how many of them OpenTSDB did not take. Those are kept
    until their window was over at second ``unsent`` (None: as the others).
    """
    unsent = before[0] if unsent is None else unsent
    over = [
        (SampleChunk.level == level) & (SampleChunk.start <= time - WINDOWS[level])
        & or_(SampleChunk.rolled.is_(True), SampleChunk.level != 0)
        & or_(SampleChunk.unsent_from.is_(None), SampleChunk.start <= unsent - RAW)
        for level, time in before.items()
    ]  # fmt: skip
    lost = session.scalar(select(func.count()).where(SampleChunk.unsent_from.is_not(None), or_(*over))) or 0
    gone: int = session.execute(delete(SampleChunk).where(or_(*over))).rowcount  # type: ignore[attr-defined]
    left = select(SampleChunk.id).where(SampleChunk.series_id == Series.id)
    session.execute(delete(Series).where(Series.last < min(before.values()), ~left.exists()))
    return gone, lost
