"""What people do with an alert: say that they look after it, take that back, write down what they found."""

from sqlalchemy.orm import Session

from minos_web.models.alerts import Alert, AlertEvent
from minos_web.operations.refusal import Refused

LONGEST_NOTE = 4000


def acknowledge(session: Session, alert: Alert, by: str, now: float, text: str = "") -> bool:
    """``by`` looks after it from now on. Whether that is new: a second time changes nothing, not even whose it is.

    Raises Refused when it is over.
    """
    _check_open(alert)
    if alert.acknowledged_at is not None:
        return False
    said = _note_text(text) if text.strip() else ""
    alert.acknowledged_at, alert.acknowledged_by = now, by
    session.add(AlertEvent(alert_id=alert.id, at=now, kind="acknowledged", by=by, text=said))
    return True


def take_back(session: Session, alert: Alert, by: str, now: float) -> bool:
    """Nobody looks after it any more. Whether anybody did. Raises Refused when it is over."""
    _check_open(alert)
    if alert.acknowledged_at is None:
        return False
    whose = alert.acknowledged_by
    alert.acknowledged_at, alert.acknowledged_by = None, ""
    text = f"it was {whose}'s" if whose != by else ""
    session.add(AlertEvent(alert_id=alert.id, at=now, kind="unacknowledged", by=by, text=text))
    return True


def note(session: Session, alert: Alert, by: str, now: float, text: str) -> AlertEvent:
    """Keep what ``by`` wrote, also of an alert that is over. Raises Refused."""
    event = AlertEvent(alert_id=alert.id, at=now, kind="note", by=by, text=_note_text(text))
    session.add(event)
    session.flush()
    return event


def _check_open(alert: Alert) -> None:
    if alert.open_key is None:
        raise Refused("over", "this alert is over: there is nothing left to look after; a note can still be added")


def _note_text(text: str) -> str:
    said = text.replace("\r\n", "\n").strip()
    if not said:
        raise Refused("invalid", "write something: the note is empty", "text")
    if len(said) > LONGEST_NOTE:
        raise Refused("invalid", f"a note has at most {LONGEST_NOTE} characters, not {len(said)}", "text")
    return said
