"""Storing and asking for samples: the port, and its SQL backend."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session

from minos_web.models.series import Sample, Series


@dataclass(frozen=True)
class SeriesName:
    """What is measured where. Empty texts where a part does not apply."""

    metric: str
    host: str
    service: str = ""
    cluster: str = ""
    job: str = ""
    task: str = ""


@dataclass(frozen=True)
class SeriesQuery:
    """Which series, and when: epoch seconds; about ``points`` values per series come back. Empty texts match all.

    ``rate`` turns counters into growth per second; a counter that began anew gives a gap, never a negative rate.
    """

    metrics: tuple[str, ...]
    start: float
    end: float
    points: int = 300
    host: str = ""
    service: str = ""
    cluster: str = ""
    job: str = ""
    task: str = ""
    rate: bool = False
    limit: int = 200


class SeriesWriter:
    """Writes samples; remembers the ids of series it has met, so it belongs to one thread."""

    def __init__(self) -> None:
        self._ids: dict[SeriesName, int] = {}

    def store(self, session: Session, samples: Sequence[tuple[SeriesName, int, float]]) -> int:
        """Insert (series, second, value) rows, each at most once; returns how many were given. Values that are no
        finite number are left out.
        """
        good = [s for s in samples if math.isfinite(s[2])]
        self._learn(session, {name for name, _, _ in good} - self._ids.keys())
        rows = {(self._ids[name], at): value for name, at, value in good}
        if rows:
            values = [{"series_id": series, "at": at, "value": value} for (series, at), value in rows.items()]
            session.execute(_insert_or_leave(session), values)
        return len(good)

    def _learn(self, session: Session, names: set[SeriesName]) -> None:
        for name in names:
            columns = {part: getattr(name, part) for part in SeriesName.__dataclass_fields__}
            found = session.scalar(select(Series.id).filter_by(**columns))
            if found is None:
                row = Series(**columns)
                session.add(row)
                session.flush()
                found = row.id
            self._ids[name] = found

    def forget(self) -> None:
        """Drop remembered ids: after a failed transaction some of them may never have been written."""
        self._ids.clear()


def _insert_or_leave(session: Session) -> Any:
    """Insert that leaves a row which is there already: a batch may come twice."""
    statement = insert(Sample)
    match session.get_bind().dialect.name:
        case "sqlite":
            return statement.prefix_with("OR IGNORE")
        case "mysql" | "mariadb":
            return statement.prefix_with("IGNORE")
        case _:
            from sqlalchemy.dialects.postgresql import insert as postgresql_insert

            return postgresql_insert(Sample).on_conflict_do_nothing()


def query(session: Session, wanted: SeriesQuery) -> list[dict[str, Any]]:
    """[{name, labels, points: [[second, value or None], ...]}]: averages over equal steps, None where nothing was
    measured for more than one step.
    """
    filters: list[ColumnElement[bool]] = [Series.metric.in_(wanted.metrics)]
    for part in ("host", "service", "cluster", "job", "task"):
        if getattr(wanted, part):
            filters.append(getattr(Series, part) == getattr(wanted, part))
    order = (Series.metric, Series.job, Series.task, Series.host)
    rows = session.scalars(select(Series).where(*filters).order_by(*order).limit(wanted.limit)).all()
    step = step_of(wanted)
    return [_one(session, row, wanted, step) for row in rows]


def step_of(wanted: SeriesQuery) -> int:
    """Whole seconds between two points of the answer."""
    return max(1, math.ceil((wanted.end - wanted.start) / max(1, wanted.points)))


def _one(session: Session, row: Series, wanted: SeriesQuery, step: int) -> dict[str, Any]:
    raw = session.execute(
        select(Sample.at, Sample.value)
        .where(Sample.series_id == row.id, Sample.at >= wanted.start, Sample.at <= wanted.end)
        .order_by(Sample.at)
    )
    samples: Iterable[tuple[int, float]] = ((at, value) for at, value in raw)
    labels = {part: getattr(row, part) for part in ("host", "service", "cluster", "job", "task") if getattr(row, part)}
    return {"name": row.metric, "labels": labels, "points": average(growth(samples) if wanted.rate else samples, step)}


def average(samples: Iterable[tuple[int, float]], step: int) -> list[list[float | None]]:
    """Samples in time order, averaged over steps aligned to the epoch; a gap is one [second, None] point."""
    points: list[list[float | None]] = []
    bucket, total, count = None, 0.0, 0
    spacing = max(step, 10)
    for at, value in samples:
        slot = at - at % step
        if slot != bucket:
            if bucket is not None:
                points.append([bucket, total / count])
                if slot - bucket > 3 * spacing:
                    points.append([bucket + step, None])
            bucket, total, count = slot, 0.0, 0
        total, count = total + value, count + 1
    if bucket is not None:
        points.append([bucket, total / count])
    return points


def growth(samples: Iterable[tuple[int, float]]) -> Iterator[tuple[int, float]]:
    """Growth per second of a counter, told at the end of each interval."""
    before: tuple[int, float] | None = None
    for at, value in samples:
        if before is not None and value >= before[1] and at > before[0]:
            yield at, (value - before[1]) / (at - before[0])
        before = (at, value)


def prune(session: Session, before: float) -> int:
    """Delete samples older than ``before``; returns how many."""
    return session.execute(delete(Sample).where(Sample.at < before)).rowcount  # type: ignore[no-any-return,attr-defined]
