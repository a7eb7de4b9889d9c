"""Rows of alerts: read as they stand, and written with their events and what is told of them in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from minos_web.models.alerts import Alert, AlertEvent
from minos_web.monitor.alerts.deciding import Standing
from minos_web.monitor.alerts.grammar import EVERY_PART
from minos_web.monitor.alerts.life import FLAP_SECONDS, Life
from minos_web.monitor.alerts.rules import Rule
from minos_web.monitor.alerts.saying import Said, text, title
from minos_web.monitor.telling import Told, tell

AT_ONCE = 500
"""Rows that are read by one query."""
FLAPS = "it comes and goes: people hear of it again when it is calm"


@dataclass
class Written:
    """What a round wrote: alerts that changed, and what is told of them."""

    alerts: int = 0
    news: int = 0


def standing_alerts(session: Session, now: float) -> list[Standing]:
    """Alerts that are open, or over since a moment ago; of one key the newest."""
    late = Alert.resolved_at > now - FLAP_SECONDS
    columns = (
        Alert.id, Alert.key, Alert.rule, Alert.about, Alert.service, Alert.cluster, Alert.job, Alert.number, Alert.host,
        Alert.part, Alert.title, Alert.reason, Alert.level, Alert.state, Alert.value, Alert.checks, Alert.flips,
        Alert.since, Alert.fired_at, Alert.unknown_since, Alert.resolved_at, Alert.seen, Alert.flapping_since,
        Alert.told_as, Alert.muted, Alert.parent_id,
    )  # fmt: skip
    rows = session.execute(select(*columns).where(or_(Alert.open_key.is_not(None), late)).order_by(Alert.id)).all()
    keys = {row.id: row.key for row in rows}
    found: dict[str, Standing] = {}
    for row in rows:
        life = Life(
            row.state, row.level, row.seen, row.checks, row.since, row.fired_at, row.unknown_since, row.resolved_at,
            tuple(row.flips), row.flapping_since,
        )  # fmt: skip
        whole, _, where = row.title.rpartition(": ") if row.about != "console" else (row.title, "", "")
        found[row.key] = Standing(
            row.key, row.rule, row.about, whole, where, row.host, row.service, row.cluster, row.job, row.number,
            row.part, row.id, life, row.reason, row.value, row.told_as, "" if row.muted == FLAPS else row.muted, keys.get(row.parent_id or 0, ""),
        )  # fmt: skip
    return list(found.values())


def write_round(session: Session, changed: Sequence[Standing], rules: Mapping[str, Rule], now: float) -> Written:
    """Keep what changed, and tell what people should hear of it."""
    rows = _rows(session, changed, rules, now)
    ids = {one.key: one.id for one in changed if one.id is not None}
    missing = {one.cause for one in changed if one.cause} - set(ids)
    for some in _some(sorted(missing)):
        ids |= {key: number for number, key in session.execute(select(Alert.id, Alert.key).where(Alert.key.in_(some)))}
    written = Written(len(changed))
    for one in changed:
        row = rows.get(one.key)
        if row is None:
            continue
        row.parent_id = ids.get(one.cause) if one.cause else None
        for event in one.events:
            session.add(AlertEvent(alert_id=row.id, at=now, kind=event.kind, text=event.text))
        if one.news:
            _tell(session, one, rules.get(one.rule), row.id, now)
            written.news += 1
    return written


def _some(every: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for first in range(0, len(every), AT_ONCE):
        yield every[first : first + AT_ONCE]


def _rows(session: Session, changed: Sequence[Standing], rules: Mapping[str, Rule], now: float) -> dict[str, Alert]:
    """The rows of what changed, as it is now; those of what was never worth a word are gone."""
    known: dict[int, Alert] = {}
    for some in _some([one.id for one in changed if one.id is not None]):
        known |= {row.id: row for row in session.scalars(select(Alert).where(Alert.id.in_(some)))}
    found: dict[str, Alert] = {}
    for one in changed:
        row = known.get(one.id or 0)
        if one.life is None:
            if row is not None:
                session.execute(delete(Alert).where(Alert.id == row.id))
            continue
        if row is None:
            row = _new(one, rules.get(one.rule))
            session.add(row)
        _put(row, one, one.life, now)
        found[one.key] = row
    session.flush()
    for one in changed:
        if one.key in found:
            one.id = found[one.key].id
    return found


def _new(one: Standing, rule: Rule | None) -> Alert:
    metric = rule.metric.replace(f":{EVERY_PART}", f":{one.part}") if rule else ""
    return Alert(
        key=one.key, rule=one.rule, about=one.about, service=one.service, cluster=one.cluster, job=one.job,
        host=one.host, part=one.part, metric=metric[:200], told=False, acknowledged_by="",
    )  # fmt: skip


def _put(row: Alert, one: Standing, life: Life, now: float) -> None:
    row.title = (f"{one.title}: {one.where}" if one.where else one.title)[:255]
    row.reason, row.value, row.number = one.reason, one.value, one.number
    row.state, row.level, row.seen, row.checks = life.state, life.level, life.seen, life.checks
    row.since, row.fired_at, row.unknown_since, row.resolved_at = (
        life.since, life.fired_at, life.unknown_since, life.resolved_at if not life.open else None,
    )  # fmt: skip
    row.flips, row.flapping_since = list(life.flips), life.flapping_since
    row.open_key = one.key if life.open else None
    row.told_as, row.told = one.told_as, bool(one.told_as) or (row.told and not life.open)
    row.muted = one.muted or (FLAPS if life.open and life.flapping_since is not None else "")
    row.checked_at = now
    if any(event.kind == "pending" for event in one.events):
        row.acknowledged_at, row.acknowledged_by, row.told = None, "", False  # it is a new trouble


def _tell(session: Session, one: Standing, rule: Rule | None, number: int, now: float) -> None:
    since = one.life.since if one.life else now
    said = Said(one.title, one.where, one.reason, rule.help if rule else "", since, one.symptoms)
    told = Told(
        one.news,
        one.life.level if one.life else "warning",
        title(one.news, said),
        text(one.news, said, now),
        key=one.key,
        service=one.service,
        cluster=one.cluster,
        host=one.host,
        path=f"/alerts/{number}",
    )
    tell(session, told, now)
