"""Takes batches in: one row for each, whatever the number of its samples, so that taking in stays quick."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.orm import Session

from minos_web.models.series import SampleBatch, Series
from minos_web.monitor.series.packing import pack_batch
from minos_web.monitor.series.port import PARTS, Batch, Sample, SeriesName

LATEST_SECOND = 2**31 - 1
"""The last second that the tables can hold (2038)."""


class SeriesWriter:
    """Writes samples; remembers the ids of series it has met, so it belongs to one thread."""

    def __init__(self) -> None:
        self._ids: dict[SeriesName, int] = {}

    def store(self, session: Session, batch: Batch, samples: Sequence[Sample]) -> int:
        """Keep (series, second, value) samples, those of a batch that was here before not again; how many were kept.
        Values that are no finite number, and times that cannot be, are left out.
        """
        by_origin: dict[str, list[Sample]] = {}
        for one in samples:
            if math.isfinite(one[2]) and 0 <= one[1] <= LATEST_SECOND:
                by_origin.setdefault(one[0].origin, []).append(one)
        return sum(self._store(session, batch, origin, some) for origin, some in by_origin.items())

    def _store(self, session: Session, batch: Batch, origin: str, samples: Sequence[Sample]) -> int:
        self._learn(session, origin, samples)
        ids = self._ids
        rows = {(ids[name], at): value for name, at, value in samples}
        packed = pack_batch([(*key, rows[key]) for key in sorted(rows)])
        times = [at for _, at, _ in samples]
        row = {"origin": origin, "sender": batch.sender, "batch": batch.id, "packed": packed}
        done = session.execute(_insert_or_leave(session).values(**row, first=min(times), last=max(times)))
        return len(samples) if done.rowcount else 0  # type: ignore[attr-defined]

    def forget(self) -> None:
        """Drop remembered ids: after a failed transaction some of them may never have been written."""
        self._ids.clear()

    def _learn(self, session: Session, origin: str, samples: Iterable[Sample]) -> None:
        missing: dict[SeriesName, int] = {}
        for name, at, _ in samples:
            if name not in self._ids:
                missing[name] = max(at, missing.get(name, 0))
        if not missing:
            return
        for row in session.scalars(select(Series).where(*_of_origin(origin, next(iter(missing))))):
            self._ids[SeriesName(row.metric, *(getattr(row, part) for part in PARTS))] = row.id
        new = [
            (name, Series(metric=name.metric, last=at, **{part: getattr(name, part) for part in PARTS}))
            for name, at in missing.items()
            if name not in self._ids
        ]
        session.add_all([row for _, row in new])
        session.flush()
        self._ids.update({name: row.id for name, row in new})


def _of_origin(origin: str, name: SeriesName) -> list[ColumnElement[bool]]:
    if name.host:
        return [Series.host == origin]
    return [Series.host == "", Series.service == name.service, Series.cluster == name.cluster]


def _insert_or_leave(session: Session) -> Any:
    """Insert that leaves a batch which is there already."""
    statement = insert(SampleBatch)
    match session.get_bind().dialect.name:
        case "sqlite":
            return statement.prefix_with("OR IGNORE")
        case "mysql" | "mariadb":
            return statement.prefix_with("IGNORE")
        case _:
            from sqlalchemy.dialects.postgresql import insert as postgresql_insert

            return postgresql_insert(SampleBatch).on_conflict_do_nothing()
