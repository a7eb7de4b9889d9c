"""Whom to ask for the lines of a chart: the tables, and OpenTSDB, if there is one, for what they no longer tell as finely."""

import math
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_web.models.series import SampleChunk
from minos_web.monitor.series.asking import line_of, lines_of, name_of, points_of
from minos_web.monitor.series.keeping import kept_since
from minos_web.monitor.series.opentsdb import PATIENCE, Away, opentsdb_at
from minos_web.monitor.series.port import Line, SeriesName, SeriesQuery
from minos_web.monitor.series.shaping import Points, joined, level_of


@dataclass
class Asking:
    """Asks for the lines of one page. All its questions together take as much of OpenTSDB's time as one may; ``notes`` say
    why a part of what is told is coarser than it could be.
    """

    session: Session
    settings: ConsoleSettings
    now: float
    notes: list[str] = field(default_factory=list)
    _until: float = field(default_factory=lambda: time.monotonic() + PATIENCE)

    def lines(self, wanted: SeriesQuery) -> list[Line]:
        """The lines that fit, from whoever tells them as finely as asked. OpenTSDB away: what the tables have of it."""
        names = {row.id: name_of(row) for row in lines_of(self.session, wanted)}
        points = points_of(self.session, names, wanted)
        for number, older in self._older(names, wanted).items():
            points[number] = _joined(points[number], older)
        return [line_of(name, points[number], wanted) for number, name in names.items()]

    def _older(self, names: Mapping[int, SeriesName], wanted: SeriesQuery) -> dict[int, Points]:
        source = opentsdb_at(self.settings.opentsdb_url)
        if source is None or not names:
            return {}
        end = _tables_from(self.session, names, wanted, self.settings, self.now) - 1
        if wanted.start > end:
            return {}
        try:
            told = source.query(names.values(), wanted, min(end, wanted.end), self._until)
        except Away as error:
            note = f"Older times are shown as the console kept them, in coarser steps or not at all: {error}"
            if note not in self.notes:
                self.notes.append(note)
            return {}
        return {number: told[name] for number, name in names.items() if name in told}


def _tables_from(
    session: Session, names: Collection[int], wanted: SeriesQuery, settings: ConsoleSettings, now: float
) -> int:
    """The second, at the beginning of a step, from which the tables tell all of these as finely as asked."""
    level = level_of(wanted.step)
    since = kept_since(settings, now)[level]
    if level == 0:
        # What OpenTSDB does not have yet is kept for longer.
        some = SampleChunk.series_id.in_(names), SampleChunk.unsent_from < since
        since = min(since, session.scalar(select(func.min(SampleChunk.unsent_from)).where(*some)) or since)
    return -(-int(since) // wanted.step) * wanted.step


def _joined(tables: Points, older: Points) -> Points:
    """What OpenTSDB tells, and before its first point and after its last one what the tables do."""
    first, last = int(older.seconds[0]), int(older.seconds[-1])
    before = tables.between(0, first - 1)
    # The last bucket before it reaches into what OpenTSDB tells.
    return joined([before.only(slice(0, -1)), older, tables.between(last + 1, math.inf)])
