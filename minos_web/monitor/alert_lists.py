"""Alerts as lists: the open ones by incident, those that are over page by page, and how many there are of what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from minos_web.models.alerts import Alert, AlertEvent

LEVELS = ("error", "warning", "info")
"""The worst first."""
STATES = ("firing", "acknowledged", "muted", "unknown", "pending")
"""What one may ask for of open alerts. An alert may be several of them: acknowledged and muted, say."""


@dataclass(frozen=True)
class Wanted:
    """Which alerts are asked for; empty texts and None fit all."""

    service: str = ""
    cluster: str = ""
    job: str = ""
    number: int | None = None
    host: str = ""
    level: str = ""
    state: str = ""
    rule: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for at all."""
        return any(getattr(self, one.name) not in ("", None) for one in fields(self))

    def fits(self, alert: Alert) -> bool:
        """Whether it is one of those."""
        for one in fields(self):
            value = getattr(self, one.name)
            if value not in ("", None) and one.name != "state" and getattr(alert, one.name) != value:
                return False
        return not self.state or self.state in states_of(alert)

    def filters(self) -> list[ColumnElement[bool]]:
        """The same for the database, without the state."""
        named = [(one.name, getattr(self, one.name)) for one in fields(self) if one.name != "state"]
        return [getattr(Alert, name) == value for name, value in named if value not in ("", None)]


@dataclass
class Incident:
    """An alert that is no symptom of another open one, with its symptoms. ``fits``: it is itself asked for, and not only
    some of its symptoms.
    """

    head: Alert
    fits: bool = True
    symptoms: list[Alert] = field(default_factory=list)

    @property
    def level(self) -> str:
        """The worst of it and its symptoms."""
        return min((one.level for one in (self.head, *self.symptoms)), key=rank_of)


def states_of(alert: Alert) -> set[str]:
    """Which of the words of STATES fit; "resolved" for one that is over."""
    if alert.open_key is None:
        return {"resolved"}
    found = {str(alert.state)}
    found |= {"acknowledged"} if alert.acknowledged_at is not None else set()
    found |= {"muted"} if alert.muted else set()
    return found | ({"unknown"} if alert.unknown_since is not None else set())


def rank_of(level: str) -> int:
    """Sort key of a level: the worst first."""
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


def open_alerts(session: Session, wanted: Wanted | None = None) -> list[Alert]:
    """All that are not over, the worst first."""
    wanted = wanted or Wanted()
    rows = session.scalars(select(Alert).where(Alert.open_key.is_not(None), *wanted.filters()))
    return sorted((row for row in rows if wanted.fits(row)), key=urgency)


def incidents(session: Session, wanted: Wanted) -> list[Incident]:
    """Open alerts by incident, the worst first. One of which only symptoms are asked for comes with those."""
    return grouped(open_alerts(session), wanted)


def grouped(rows: Sequence[Alert], wanted: Wanted) -> list[Incident]:
    """``rows`` are all open alerts. PURE."""
    by_id = {row.id: row for row in rows}
    found: dict[int, Incident] = {}
    for row in rows:
        head = _head_of(row, by_id)
        fits = wanted.fits(row)
        incident = found.setdefault(head.id, Incident(head, fits=False))
        if row is head:
            incident.fits = fits
        elif fits:
            incident.symptoms.append(row)
    shown = [one for one in found.values() if one.fits or one.symptoms]
    return sorted(shown, key=lambda one: (rank_of(one.level), *urgency(one.head)))


def _head_of(row: Alert, by_id: Mapping[int, Alert]) -> Alert:
    """The open alert at the root; of a circle, which there should not be, the oldest."""
    seen = {row.id}
    while row.parent_id is not None and row.parent_id in by_id:
        if row.parent_id in seen:
            return by_id[min(seen)]
        row = by_id[row.parent_id]
        seen.add(row.id)
    return row


def urgency(alert: Alert) -> tuple[int, int, float, int]:
    """What nobody looks after comes first, what is not certain yet comes last; newer before older."""
    calm = 3 if alert.state == "pending" else 2 if alert.muted else 1 if alert.acknowledged_at is not None else 0
    return rank_of(alert.level), calm, -float(alert.fired_at or alert.since), alert.id


def over(wanted: Wanted) -> Select[Alert]:
    """Alerts that are over."""
    return select(Alert).where(Alert.open_key.is_(None), *wanted.filters())


def over_page(session: Session, wanted: Wanted, number: int, size: int) -> tuple[list[Alert], int, int]:
    """Those of page ``number`` (or of the last one), newest end first; the number of that page; how many there are."""
    total = session.scalar(select(func.count()).select_from(over(wanted).subquery())) or 0
    number = min(number, max(1, -(-total // size)))
    order = (Alert.resolved_at.desc(), Alert.id.desc())
    rows = session.scalars(over(wanted).order_by(*order).offset((number - 1) * size).limit(size))
    return list(rows), number, total


def open_count(session: Session, wanted: Wanted) -> int:
    """How many open alerts fit (their state does not count)."""
    query = select(func.count()).select_from(Alert).where(Alert.open_key.is_not(None), *wanted.filters())
    return session.scalar(query) or 0


def firing_errors(session: Session) -> int:
    """How many errors fire and are not muted: what somebody should look at. Symptoms are muted by what they come from."""
    crying = (Alert.open_key.is_not(None), Alert.state == "firing", Alert.level == "error", Alert.muted == "")
    return session.scalar(select(func.count()).select_from(Alert).where(*crying)) or 0


def firing_by_cluster(session: Session) -> dict[tuple[str, str], dict[str, int]]:
    """(service, cluster) -> level -> how many fire and are not muted; ("", "") are those of no cluster."""
    query = (
        select(Alert.service, Alert.cluster, Alert.level, func.count())
        .where(Alert.open_key.is_not(None), Alert.state == "firing", Alert.muted == "")
        .group_by(Alert.service, Alert.cluster, Alert.level)
    )
    found: dict[tuple[str, str], dict[str, int]] = {}
    for service, cluster, level, number in session.execute(query):
        found.setdefault((service, cluster), {})[level] = number
    return {place: dict(sorted(levels.items(), key=lambda pair: rank_of(pair[0]))) for place, levels in found.items()}


def open_by_rule(session: Session) -> dict[str, int]:
    """Rule -> how many open alerts it has."""
    query = select(Alert.rule, func.count()).where(Alert.open_key.is_not(None)).group_by(Alert.rule)
    return {rule: number for rule, number in session.execute(query)}


def events_of_alert(session: Session, alert: Alert, limit: int) -> tuple[list[AlertEvent], int]:
    """What happened to it: the newest ``limit``, in their order; and how many there are."""
    own = select(AlertEvent).where(AlertEvent.alert_id == alert.id)
    total = session.scalar(select(func.count()).select_from(own.subquery())) or 0
    newest = session.scalars(own.order_by(AlertEvent.id.desc()).limit(limit)).all()
    return [*reversed(newest)], total


def symptoms_of(session: Session, alert: Alert, limit: int, page: int = 1) -> tuple[list[Alert], int]:
    """Alerts that are folded under this one, open ones first: page ``page`` of ``limit`` to a page; and how many there are."""
    below = select(Alert).where(Alert.parent_id == alert.id)
    total = session.scalar(select(func.count()).select_from(below.subquery())) or 0
    order = (Alert.open_key.is_(None), Alert.since.desc(), Alert.id)
    return list(session.scalars(below.order_by(*order).offset((page - 1) * limit).limit(limit))), total
