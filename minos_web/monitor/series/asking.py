"""Asks the tables for lines of a chart: chunks, buckets where these are fine enough, and batches not gathered yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from minos_web.models.series import SampleBatch, SampleChunk, Series
from minos_web.monitor.series.packing import Rows, by_series, unpack_batch
from minos_web.monitor.series.port import PARTS, Line, SeriesName, SeriesQuery
from minos_web.monitor.series.shaping import GAP, LEVELS, Points, average, buckets, growth, joined, level_of, samples
from minos_web.monitor.series.windows import RAW, WINDOWS, unpack_buckets, unpack_samples

LAG = 900
"""Seconds that ``Series.last`` may lag behind, at most: a round gathers every 300."""


def query(session: Session, wanted: SeriesQuery) -> list[Line]:
    """The lines that fit, by metric, job, task and host, at most ``limit`` of them."""
    rows = lines_of(session, wanted)
    found = points_of(session, {row.id: name_of(row) for row in rows}, wanted)
    return [line_of(name_of(row), found[row.id], wanted) for row in rows]


def line_of(name: SeriesName, points: Points, wanted: SeriesQuery) -> Line:
    """A line of the answer."""
    labels = {part: getattr(name, part) for part in PARTS if getattr(name, part)}
    told = average(growth(points) if wanted.rate else points, wanted.step)
    return {"name": name.metric, "labels": labels, "points": told}


def name_of(row: Series) -> SeriesName:
    """The name of a series."""
    return SeriesName(row.metric, row.host, row.service, row.cluster, row.job, row.task)


def lines_of(session: Session, wanted: SeriesQuery) -> list[Series]:
    """The series that fit and were measured after the begin of what is wanted."""
    filters: list[ColumnElement[bool]] = [Series.metric.in_(wanted.metrics), Series.last >= wanted.start - LAG]
    filters += [getattr(Series, part) == getattr(wanted, part) for part in PARTS if getattr(wanted, part)]
    order = Series.metric, Series.job, Series.task, Series.host
    return list(session.scalars(select(Series).where(*filters).order_by(*order).limit(wanted.limit)))


def measured_since(session: Session, where: Mapping[str, str], since: float) -> bool:
    """Whether anything was measured after this second of what ``where`` picks."""
    named = [getattr(Series, name) == value for name, value in where.items()]
    return session.scalar(select(Series.id).where(*named, Series.last >= since - LAG).limit(1)) is not None


@dataclass
class _Of:
    """What was found of one series, earlier parts before later ones."""

    samples: list[Points] = field(default_factory=list)
    unrolled: list[int] = field(default_factory=list)
    buckets: list[Points] = field(default_factory=list)


def points_of(session: Session, names: Mapping[int, SeriesName], wanted: SeriesQuery) -> dict[int, Points]:
    """Series id -> what the tables tell: samples, or buckets (for rates: their last values) where these are fine enough or
    samples are gone.
    """
    level, found = level_of(wanted.step), {series: _Of() for series in names}
    if level:
        _take_buckets(session, found, level, wanted)
    _take_samples(session, found, level, wanted)
    _take_batches(session, found, {name.origin for name in names.values()}, wanted)
    points = {series: _told(one, level, wanted) for series, one in found.items()}
    # Samples may be gone where buckets, or shorter buckets where longer ones, are still kept.
    for coarser in (one for one in LEVELS if one > level):
        short = {series: _first(some, wanted) for series, some in points.items()}
        short = {series: at for series, at in short.items() if at - wanted.start > GAP * max(wanted.step, coarser)}
        if short:
            older = {series: _Of() for series in short}
            _take_buckets(session, older, coarser, wanted)
            for series, one in older.items():
                before = joined(one.buckets).between(wanted.start, short[series] - coarser - 1)
                points[series] = joined([before, points[series]])
    return points


def _first(points: Points, wanted: SeriesQuery) -> int:
    return int(points.seconds[0]) if len(points.seconds) else int(wanted.end) + 1


def _told(one: _Of, level: int, wanted: SeriesQuery) -> Points:
    inside = joined(one.samples).between(wanted.start, wanted.end)
    if not level:
        return inside
    fresh = buckets(inside, level).points(wanted.rate)
    # Late samples of a window whose samples were not read do not outweigh those: they come with the next round.
    whole = np.isin(fresh.seconds - fresh.seconds % RAW, one.unrolled)
    return joined([fresh.only(whole), *one.buckets, fresh.only(~whole)]).between(wanted.start, wanted.end)


def _take_buckets(session: Session, found: Mapping[int, _Of], level: int, wanted: SeriesQuery) -> None:
    chunk = SampleChunk
    rows = session.execute(
        select(chunk.series_id, chunk.packed)
        .where(chunk.series_id.in_(found), chunk.level == level)
        .where(chunk.start > wanted.start - WINDOWS[level], chunk.start <= wanted.end)
        .order_by(chunk.series_id, chunk.start)
    )
    for series, packed in rows:
        found[series].buckets.append(unpack_buckets(packed).points(wanted.rate))


def _take_samples(session: Session, found: Mapping[int, _Of], level: int, wanted: SeriesQuery) -> None:
    chunk = SampleChunk
    rows = session.execute(
        select(chunk.series_id, chunk.start, chunk.rolled, chunk.packed)
        .where(chunk.series_id.in_(found), chunk.level == 0)
        .where(chunk.start > wanted.start - RAW, chunk.start <= wanted.end)
        .where(true() if level == 0 else chunk.rolled.is_(False))
        .order_by(chunk.series_id, chunk.start)
    )
    for series, start, rolled, packed in rows:
        found[series].samples.append(unpack_samples(packed))
        if not rolled:
            found[series].unrolled.append(start)


def _take_batches(session: Session, found: Mapping[int, _Of], origins: set[str], wanted: SeriesQuery) -> None:
    rows = session.scalars(
        select(SampleBatch.packed)
        .where(SampleBatch.origin.in_(origins), SampleBatch.last >= wanted.start, SampleBatch.first <= wanted.end)
        .order_by(SampleBatch.id)
    )
    series = np.array(sorted(found), np.int64)
    batches = map(unpack_batch, rows)
    ids, seconds, values = by_series([_only(batch, np.isin(batch[0], series)) for batch in batches])
    for one in series.tolist():
        first, last = np.searchsorted(ids, one), np.searchsorted(ids, one, "right")
        if first < last:
            found[one].samples.append(samples(seconds[first:last], values[first:last]))


def _only(rows: Rows, those: NDArray[np.bool_]) -> Rows:
    return rows[0][those], rows[1][those], rows[2][those]
