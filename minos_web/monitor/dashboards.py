"""Dashboards as rows: who may see and change which, and that nobody saves over what they have not seen."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from minos_web.models.dashboards import Dashboard
from minos_web.monitor.dashboard import Draft, Panel, check
from minos_web.operations.refusal import Refused

MOST_OWNED = 200
"""So many dashboards one person may have."""


@dataclass(frozen=True)
class Person:
    """Who asks. ``operator``: has the role to change things; ``admin``: may look after everybody's."""

    name: str
    operator: bool
    admin: bool

    def sees(self, row: Dashboard) -> bool:
        """Whether this person may look at it."""
        return row.owner == self.name or self.admin or row.sharing in ("view", "edit")

    def owns(self, row: Dashboard) -> bool:
        """Whether this person may share and delete it."""
        return self.operator and (row.owner == self.name or self.admin)

    def edits(self, row: Dashboard) -> bool:
        """Whether this person may change it."""
        return self.owns(row) or (self.operator and row.sharing == "edit")


class Overtaken(Refused):
    """Somebody else saved in the meantime; ``revision`` is what stands now."""

    def __init__(self, row: Dashboard, began: int) -> None:
        text = (
            f"since you opened it, {row.changed_by} has saved this dashboard (revision {row.revision}, you began with "
            f"{began}); nothing of yours was saved: look at theirs, or keep yours as a copy"
        )
        super().__init__("overtaken", text, "revision")
        self.revision = row.revision


def visible(session: Session, person: Person) -> list[Dashboard]:
    """All that ``person`` may see, by title."""
    wanted = select(Dashboard).order_by(func.lower(Dashboard.title), Dashboard.id)
    if not person.admin:
        wanted = wanted.where(or_(Dashboard.owner == person.name, Dashboard.sharing.in_(("view", "edit"))))
    return list(session.scalars(wanted))


def create(session: Session, draft: Draft, person: Person, now: float) -> Dashboard:
    """A new one that belongs to ``person``. Raises Refused."""
    check(draft)
    owned = session.scalar(select(func.count()).where(Dashboard.owner == person.name)) or 0
    if owned >= MOST_OWNED:
        raise Refused("too-many", f"you have {owned} dashboards; delete one before you make another")
    row = Dashboard(owner=person.name, created_at=now, revision=0)
    _fill(row, draft, person, now)
    session.add(row)
    session.flush()
    return row


def change(row: Dashboard, draft: Draft, person: Person, now: float) -> bool:
    """Save over ``row``; whether anything is different then. Raises Refused when ``person`` may not, or began with an
    older revision."""
    if not person.edits(row):
        raise Refused("not-yours", f"this dashboard is {row.owner}'s; copy it and change the copy")
    if draft.revision != row.revision:
        raise Overtaken(row, draft.revision)
    check(draft)
    if draft.sharing != row.sharing and not person.owns(row):
        raise Refused("not-yours", f"only {row.owner} says who may see and change this dashboard", "sharing")
    panels = msgspec.to_builtins(draft.panels)
    before = (row.title, row.description, row.sharing, row.panels)
    if before == (draft.title, draft.description, draft.sharing, panels):
        return False
    _fill(row, draft, person, now)
    return True


def copied(row: Dashboard) -> Draft:
    """A private copy of ``row``, not yet kept."""
    title = row.title if row.title.endswith(" (copy)") else f"{row.title[:113]} (copy)"
    return Draft(title, row.description, "private", msgspec.convert(row.panels, type=list[Panel]))


def _fill(row: Dashboard, draft: Draft, person: Person, now: float) -> None:
    row.title, row.description, row.sharing = draft.title, draft.description, draft.sharing
    row.panels = msgspec.to_builtins(draft.panels)
    row.revision += 1
    row.changed_at, row.changed_by = now, person.name
