"""What happened to an operation, newest first: who did what with it, which facts held or did not, what failed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import OPERATION_ENDED, StepState
from minos_web.models.operations import Operation, Step
from minos_web.models.people import AuditEntry
from minos_web.operations.causes import Cause
from minos_web.views.presenting import count

MOST = 100
MOST_ENTRIES = 2000
"""Entries of the audit trail of one cluster, within the time of one operation, that are looked through."""
_DEEDS = {
    "pause": ("paused", "paused it"),
    "resume": ("changing", "resumed it"),
    "skip": ("changing", "went on without what failed"),
    "cancel": ("cancelled", "cancelled it"),
    "retry": ("changing", "had it tried again"),
}
_ENDS = {"done": "done", "failed": "failed", "cancelled": "cancelled"}


@dataclass(frozen=True)
class Event:
    """One of them: ``who`` is empty where nobody did it; ``step`` is where to look."""

    at: float
    kind: str
    who: str
    text: str
    detail: str = ""
    step: int | None = None


def events_of(session: Session, operation: Operation, causes: Sequence[Cause], now: float) -> list[Event]:
    """The newest of them."""
    found = [*_own(operation), *_deeds(session, operation, now), *_looks(session, operation)]
    for cause in causes:
        if cause.at is not None:
            text = f"{cause.label}: {cause.example}" if cause.example else cause.label
            more = f"and {count(cause.count - 1, 'other step')} in the same way" if cause.count > 1 else ""
            found.append(Event(cause.at, "failed", "", text, more, cause.steps[0]))
    return sorted(found, key=lambda event: event.at, reverse=True)[:MOST]


def _own(operation: Operation) -> Iterator[Event]:
    reason = str(operation.options.get("reason") or "")
    yield Event(operation.created_at, "waiting", operation.created_by, "asked for it", reason)
    if operation.started_at is not None:
        yield Event(operation.started_at, "changing", "", "It began.")
    if operation.ended_at is not None and operation.state in OPERATION_ENDED:
        kind = _ENDS.get(operation.state, "")
        yield Event(operation.ended_at, kind, "", f"It ended: {operation.state}.", operation.message)


def _deeds(session: Session, operation: Operation, now: float) -> Iterator[Event]:
    """From the audit trail, which names the operation in its details."""
    actions = [f"operation.{verb}" for verb in _DEEDS]
    query = (
        select(AuditEntry.at, AuditEntry.user, AuditEntry.action, AuditEntry.details)
        .where(AuditEntry.target == operation.about, AuditEntry.action.in_(actions))
        .where(AuditEntry.at >= operation.created_at - 1, AuditEntry.at <= (operation.ended_at or now) + 1)
        .order_by(AuditEntry.id.desc())
        .limit(MOST_ENTRIES)
    )
    for at, user, action, details in session.execute(query):
        if details.get("operation") != operation.id:
            continue
        kind, text = _DEEDS[action.rpartition(".")[2]]
        steps = details.get("steps")
        if isinstance(steps, int):
            text = f"had {count(steps, 'step')} tried again, without the others"
        yield Event(at, kind, user, text, str(details.get("stood") or ""))


def _looks(session: Session, operation: Operation) -> Iterator[Event]:
    """Looks at facts that ended; an attempt that was made anew stands in the audit trail, with what it stood at."""
    query = (
        select(Step.id, Step.ended_at, Step.label, Step.message)
        .where(Step.operation_id == operation.id, Step.verb == "gate", Step.state == StepState.DONE.value)
        .where(Step.ended_at.is_not(None))
        .order_by(Step.ended_at.desc())
        .limit(MOST)
    )
    for number, at, label, message in session.execute(query):
        yield Event(at or 0.0, "done", "", f"{label}: {message}", "", number)
