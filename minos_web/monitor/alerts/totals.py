"""Totals of facts, which belong to whole clusters, as they were last stored."""

from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from minos_web.models.series import Series
from minos_web.monitor.alerts.observing import Look
from minos_web.monitor.series.asking import LAG, name_of, points_of
from minos_web.monitor.series.port import SeriesQuery


def totals(session: Session, look: Look, names: Iterable[str]) -> Mapping[str, dict[str, float]]:
    """service/name of a cluster -> the latest totals of facts with these names, each of their parts by itself."""
    wanted = sorted(set(names))
    if not wanted:
        return {}
    named: list[ColumnElement[bool]] = [Series.metric.in_(wanted)]
    named += [Series.metric.like(f"{name}:%") for name in wanted]
    start = look.now - 3 * look.settings.sample_seconds - look.settings.lost_seconds
    rows = session.scalars(select(Series).where(and_(Series.host == "", Series.last >= start - LAG, or_(*named)))).all()
    asked = SeriesQuery(tuple(wanted), start, look.now, points=int(look.now - start) + 1)
    points = points_of(session, {row.id: name_of(row) for row in rows}, asked)
    found: dict[str, dict[str, float]] = {}
    for row in rows:
        if len(points[row.id].values):
            own = found.setdefault(f"{row.service}/{row.cluster}", {})
            own[row.metric] = float(points[row.id].values[-1])
    return found
