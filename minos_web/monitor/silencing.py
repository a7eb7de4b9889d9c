"""Silences: for a while nobody hears of certain alerts, because somebody says so and says why."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from minos_web.models.alerts import Alert, Silence
from minos_web.operations.refusal import Refused

SCOPE = ("rule", "service", "cluster", "job", "host")
"""By what alerts are picked."""
LONGEST_DAYS = 366
MOST_LISTED = 500
STATES = ("now", "coming", "over")
_LONGEST = {"rule": 64, "service": 32, "cluster": 64, "job": 32, "host": 128, "reason": 255}


class NewSilence(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be silenced: empty fields of its scope fit everything. It ends after ``hours`` or at ``until`` (epoch
    seconds), one of the two; it begins at ``begins``, or at once.
    """

    reason: str = ""
    rule: str = ""
    service: str = ""
    cluster: str = ""
    job: str = ""
    host: str = ""
    hours: float | None = None
    until: float | None = None
    begins: float | None = None
    everything: bool = False


@dataclass(frozen=True)
class Listed:
    """A silence as of a moment: ``state`` is one of STATES."""

    row: Silence
    state: str
    alerts: int = 0


def begin(session: Session, wanted: NewSilence, by: str, now: float) -> Silence:
    """Keep a new one. Raises Refused with the field that is wrong."""
    texts = {name: str(getattr(wanted, name)).strip() for name in _LONGEST}
    for name, longest in _LONGEST.items():
        if len(texts[name]) > longest:
            raise Refused("invalid", f"{name} has at most {longest} characters, not {len(texts[name])}", name)
        if not texts[name].isprintable():
            raise Refused("invalid", f"{name} holds a character that cannot be shown", name)
    if not texts["reason"]:
        raise Refused("invalid", "say why: whoever is on duty wants to know", "reason")
    if not any(texts[name] for name in SCOPE) and not wanted.everything:
        text = "name a rule, service, cluster, job or host; to silence everything there is, say so with everything"
        raise Refused("invalid", text, "everything")
    start, end = _span(wanted, now)
    row = Silence(**texts, by=by, at=start, until=end)
    session.add(row)
    session.flush()
    return row


def end(silence: Silence, by: str, now: float) -> bool:
    """End it before its time. Whether there was something to end."""
    if state_of(silence, now) == "over":
        return False
    silence.ended_at, silence.ended_by = now, by
    return True


def state_of(silence: Silence, now: float) -> str:
    """now, coming or over."""
    if silence.ended_at is not None or silence.until <= now:
        return "over"
    return "coming" if silence.at > now else "now"


def covers(silence: Silence, alert: Alert) -> bool:
    """Whether an alert is one of those that it picks, at whatever time."""
    return all(getattr(silence, name) in ("", getattr(alert, name)) for name in SCOPE)


def listed(session: Session, which: str, now: float) -> list[Listed]:
    """Silences that are now, coming or over; the last to begin first."""
    rows = session.scalars(
        select(Silence).where(that_are(which, now)).order_by(Silence.at.desc(), Silence.id.desc()).limit(MOST_LISTED)
    ).all()
    alerts = session.scalars(select(Alert).where(Alert.open_key.is_not(None))).all() if which == "now" else []
    return [Listed(row, which, sum(covers(row, alert) for alert in alerts)) for row in rows]


def count_now(session: Session, now: float) -> int:
    """How many silences there are now."""
    return session.scalar(select(func.count()).select_from(Silence).where(that_are("now", now))) or 0


def about(session: Session, alert: Alert, now: float) -> list[Silence]:
    """Silences that cover an alert now, the last to end first."""
    rows = session.scalars(select(Silence).where(that_are("now", now)).order_by(Silence.until.desc()))
    return [row for row in rows if covers(row, alert)]


def that_fits(session: Session, own: Mapping[str, str], now: float) -> Silence | None:
    """A silence that counts now and covers what has these values of SCOPE, the last to end."""
    fits = [getattr(Silence, name).in_(("", own[name])) for name in SCOPE]
    return session.scalar(select(Silence).where(*fits, that_are("now", now)).order_by(Silence.until.desc()).limit(1))


def that_are(which: str, now: float) -> ColumnElement[bool]:
    """That a silence is now, coming or over."""
    standing = and_(Silence.ended_at.is_(None), Silence.until > now)
    if which == "now":
        return and_(standing, Silence.at <= now)
    if which == "coming":
        return and_(standing, Silence.at > now)
    return or_(Silence.ended_at.is_not(None), Silence.until <= now)


def _span(wanted: NewSilence, now: float) -> tuple[float, float]:
    """When it begins and ends. Raises Refused."""
    start = now if wanted.begins is None else wanted.begins
    if not math.isfinite(start) or start > now + LONGEST_DAYS * 86400:
        raise Refused("invalid", f"a silence begins within {LONGEST_DAYS} days", "begins")
    start = max(start, now)
    if (wanted.hours is None) == (wanted.until is None):
        raise Refused("invalid", "say for how many hours, or until when: one of the two", "hours")
    if wanted.hours is not None and not (math.isfinite(wanted.hours) and 0 < wanted.hours <= LONGEST_DAYS * 24):
        raise Refused("invalid", f"hours is a number above 0, and at most {LONGEST_DAYS * 24}", "hours")
    finish = start + wanted.hours * 3600 if wanted.hours is not None else float(wanted.until or 0.0)
    if not (math.isfinite(finish) and start < finish <= start + LONGEST_DAYS * 86400):
        text = f"it ends after it begins, and lasts {LONGEST_DAYS} days at most: a silence without an end hides a fire"
        raise Refused("invalid", text, "until" if wanted.until is not None else "hours")
    return start, finish
