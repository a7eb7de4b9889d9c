"""Alerts for tests, written as rows: what the rounds would have found."""

from typing import Any

from sqlalchemy.orm import Session

from minos_web.models.alerts import Alert, AlertEvent

NOW = 1_800_000_000.0


def alert_row(rule: str = "task-down", now: float = NOW, **said: Any) -> Alert:
    """One that fires since five minutes, unless told otherwise; ``resolved_at`` makes one that is over."""
    values: dict[str, Any] = {
        "about": "task", "service": "zookeeper", "cluster": "dptst", "job": "zookeeper", "number": 1, "host": "host-32",
        "title": "Task does not run", "reason": "exit code 1", "level": "error", "state": "firing",
        "since": now - 420, "fired_at": now - 300, "checked_at": now - 2,
        "part": "", "metric": "", "muted": "", "acknowledged_by": "", **said,
    }  # fmt: skip
    subject = "|".join(str(values[name]) for name in ("service", "cluster", "job", "number", "host"))
    values.setdefault("key", f"{rule}|{subject}|{values.get('part', '')}")
    over = values.get("resolved_at") is not None
    if over:
        values["state"] = "resolved"
    if values["state"] == "pending":
        values["fired_at"] = None
    return Alert(rule=rule, open_key=None if over else values["key"], **values)


def add_alert(session: Session, rule: str = "task-down", now: float = NOW, **said: Any) -> Alert:
    """Keep one, with the event that it fired."""
    row = alert_row(rule, now, **said)
    session.add(row)
    session.flush()
    session.add(AlertEvent(alert_id=row.id, at=row.fired_at or row.since, kind="firing", text=row.reason))
    session.flush()
    return row


def add_incident(session: Session, symptoms: int, now: float = NOW) -> Alert:
    """A lost host with so many tasks that nobody knows of."""
    host = {"service": "", "cluster": "", "job": "", "number": None, "host": "host-31"}
    lost = add_alert(session, "host-lost", now, about="host", title="Host is lost", reason="no beat for 5 min", **host)
    for number in range(symptoms):
        named = {"number": number, "host": "host-31", "title": "Task is unknown", "level": "warning"}
        folded = {"parent_id": lost.id, "muted": f"symptom of alert {lost.id}"}
        session.add(alert_row("task-unknown", now, **named, **folded))
    session.flush()
    return lost
