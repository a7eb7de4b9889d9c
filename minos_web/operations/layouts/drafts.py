"""Wizards that are under way, as rows: begun, gone on with, ended, forgotten. Each belongs to who began it."""

from typing import Any

import msgspec
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from minos_web.models.cluster_drafts import ClusterDraft
from minos_web.operations.layouts.answers import STEPS, Answers
from minos_web.operations.refusal import Refused

KEEP_DAYS = 30
MOST_OPEN = 50
CLUSTER, HOSTS = "cluster", "hosts"


def open_drafts(session: Session, owner: str, kind: str) -> list[ClusterDraft]:
    """Those that the user has not ended, changed last first."""
    wanted = select(ClusterDraft).where(ClusterDraft.owner == owner, ClusterDraft.kind == kind, ClusterDraft.made == "")
    return list(session.scalars(wanted.order_by(ClusterDraft.changed_at.desc(), ClusterDraft.id.desc())))


def draft_of(session: Session, owner: str, kind: str, draft_id: int) -> ClusterDraft | None:
    """The user's own wizard with this number."""
    row = session.get(ClusterDraft, draft_id) if draft_id < 2**63 else None
    return row if row is not None and (row.owner, row.kind) == (owner, kind) else None


def begin(session: Session, owner: str, kind: str, title: str, now: float) -> ClusterDraft:
    """A new one. A second click gives the one that is open under this title. Raises Refused when too many are open."""
    there = session.scalar(
        select(ClusterDraft).where(
            ClusterDraft.owner == owner,
            ClusterDraft.kind == kind,
            ClusterDraft.title == title,
            ClusterDraft.made == "",
        )
    )
    if there is not None:
        return there
    number = session.scalar(select(func.count()).where(ClusterDraft.owner == owner, ClusterDraft.made == ""))
    if (number or 0) >= MOST_OPEN:
        raise Refused("too-many", f"{MOST_OPEN} wizards of yours are open: go on with one, or delete some", "name")
    row = ClusterDraft(
        kind=kind, owner=owner, title=title[:128], step=STEPS[0], answers={}, created_at=now, changed_at=now
    )
    session.add(row)
    session.flush()
    return row


def answers_of(row: ClusterDraft) -> Answers:
    """What was said. What an older console kept otherwise counts as not said."""
    try:
        return msgspec.convert(row.answers, Answers)
    except msgspec.ValidationError:
        return Answers()


def keep(row: ClusterDraft, answers: Answers | dict[str, Any], now: float, step: str = "") -> None:
    """Write down what was said; ``step`` is where one is now: the furthest one counts."""
    row.answers = answers if isinstance(answers, dict) else msgspec.to_builtins(answers)
    row.changed_at = now
    if isinstance(answers, Answers):
        row.title = f"{answers.service} {answers.name}"[:128]
    if step in STEPS and row.step in STEPS and STEPS.index(step) > STEPS.index(row.step):
        row.step = step


def forget_drafts(session: Session, now: float) -> None:
    """Delete those that nobody touched for long."""
    session.execute(delete(ClusterDraft).where(ClusterDraft.changed_at < now - KEEP_DAYS * 86400))
