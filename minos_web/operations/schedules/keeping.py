"""Schedules as rows: made, changed, paused, run now, deleted, and their history cut."""

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.clusters import Cluster
from minos_web.models.schedules import Occurrence, Schedule
from minos_web.operations.refusal import Refused
from minos_web.operations.schedules import kinds
from minos_web.operations.schedules.missed import POLICIES, WAIT_SECONDS
from minos_web.operations.schedules.when import Hours, When, check_zone, hours_of, next_after
from minos_web.operations.schedules.when import checked as checked_when
from minos_web.operations.schedules.work import Person, Work

MOST = 500
MOST_KEPT = 200
"""So many schedules there are, and so many of their times are kept of each."""
LONGEST_NAME = 120
FARTHEST_SECONDS = 10 * 366 * 86400.0
WAITING, RUNNING = "waiting", "running"
OPEN = (WAITING, RUNNING)


class Draft(msgspec.Struct, forbid_unknown_fields=True):
    """A schedule as somebody wants it: the body of the API. ``cluster`` is service/name, ``at`` seconds since the epoch,
    ``every`` seconds, ``hours`` 22:00-06:00 in the zone. ``confirm`` is the cluster's name where it is to be typed.
    """

    name: str
    kind: str
    timing: str
    cluster: str = ""
    arguments: dict[str, Any] = {}
    at: float | None = None
    every: int = 0
    cron: str = ""
    zone: str = "UTC"
    hours: str = ""
    missed: str = "skip"
    confirm: str = ""


@dataclass(frozen=True)
class Checked:
    """A draft that can be kept."""

    cluster: Cluster | None
    arguments: dict[str, Any]
    when: When
    next_at: float


def check(session: Session, console: Console, draft: Draft, person: Person, now: float) -> Checked:
    """Whether a draft can be kept. Raises Refused with the field that is wrong."""
    if not draft.name.strip() or len(draft.name) > LONGEST_NAME or not draft.name.isprintable():
        raise Refused("bad-name", f"a name has 1 to {LONGEST_NAME} characters", "name")
    if draft.missed not in POLICIES:
        raise Refused("bad-option", f"missed is one of {', '.join(POLICIES)}, not {draft.missed[:40]!r}", "missed")
    cluster = cluster_named(session, draft.cluster)
    work = Work(session, console, cluster, person, now, draft.confirm)
    arguments = kinds.checked(work, kinds.kind_of(draft.kind), draft.arguments)
    when = when_of_draft(draft, now)
    return Checked(cluster, arguments, when, checked_when(when, now))


def create(session: Session, console: Console, draft: Draft, person: Person, now: float) -> Schedule:
    """A new one. Raises Refused."""
    found = check(session, console, draft, person, now)
    if (session.scalar(select(func.count()).select_from(Schedule)) or 0) >= MOST:
        raise Refused("too-many", f"there are {MOST} schedules: delete one first")
    _check_name_free(session, draft.name.strip(), None)
    row = Schedule(created_at=now, paused=False, failing=False)
    _fill(row, draft, found, person, now)
    session.add(row)
    session.flush()
    return row


def change(session: Session, console: Console, row: Schedule, draft: Draft, person: Person, now: float) -> None:
    """Save over it; from now on it is done in the name of who saved it. Raises Refused."""
    found = check(session, console, draft, person, now)
    _check_name_free(session, draft.name.strip(), row.id)
    _fill(row, draft, found, person, now)
    session.flush()


def pause(session: Session, row: Schedule, user: str, now: float) -> None:
    """Nothing of it begins until it is resumed; what waits is left out, what runs goes on. Raises Refused."""
    if row.paused:
        raise Refused("wrong-state", f"{row.name} is paused already")
    row.paused = True
    waiting = Occurrence.schedule_id == row.id, Occurrence.state == WAITING
    why = {"state": "skipped", "ended_at": now, "message": f"paused by {user}"}
    session.execute(update(Occurrence).where(*waiting).values(**why))


def resume(row: Schedule, now: float) -> None:
    """It goes on with the next time; what was due meanwhile was not missed, it was paused. Raises Refused."""
    if not row.paused:
        raise Refused("wrong-state", f"{row.name} is not paused")
    row.paused, row.next_at = False, next_after(when_of(row), now)


def run_now(session: Session, row: Schedule, user: str, now: float) -> Occurrence:
    """Have it done once now, whatever its times. Raises Refused while it waits or runs."""
    session.get(Schedule, row.id, with_for_update=True)  # of two clicks the second finds what the first has made
    there = select(Occurrence).where(Occurrence.schedule_id == row.id, Occurrence.state.in_(OPEN))
    if session.scalar(there.limit(1)) is not None:
        raise Refused("wrong-state", f"{row.name} waits or runs already: see its history")
    made = Occurrence(
        schedule_id=row.id,
        nominal_at=round(now, 3),
        asked_by=user,
        state=WAITING,
        message="",
        made_at=now,
        begin_by=now + WAIT_SECONDS,
    )
    session.add(made)
    session.flush()
    return made


def remove(session: Session, row: Schedule) -> None:
    """Delete it with its history; an operation that it began goes on."""
    session.delete(row)
    session.flush()


def when_of(row: Schedule) -> When:
    """When a schedule is due."""
    hours = None if row.opens is None or row.closes is None else Hours(row.opens, row.closes, row.zone)
    return When(row.timing, row.at, row.every, row.cron, row.zone, hours)


def when_of_draft(draft: Draft, now: float) -> When:
    """When a draft is due; without a first moment every so many seconds are counted from now. Raises Refused."""
    check_zone(draft.zone)
    at = draft.at if draft.at is not None else 0.0
    if draft.timing == "once" and draft.at is None:
        raise Refused("bad-option", "say at what time", "at")
    if draft.timing == "every" and draft.at is None:
        at = float(int(now) // 60 * 60)
    if not 0 <= at <= now + FARTHEST_SECONDS:
        raise Refused("bad-option", "at is in seconds since the epoch, and at most ten years from now", "at")
    cron = " ".join(draft.cron.split()) if draft.timing == "cron" else ""
    every = draft.every if draft.timing == "every" else 0
    return When(draft.timing, at, every, cron, draft.zone, hours_of(draft.hours, draft.zone))


def cluster_named(session: Session, text: str) -> Cluster | None:
    """The cluster service/name; None for no text. Raises Refused."""
    if not text:
        return None
    service, _, name = text.partition("/")
    found = session.scalar(select(Cluster).filter_by(service=service, name=name, retired=False))
    if found is None:
        raise Refused("bad-option", f"there is no cluster {text[:100]}", "cluster")
    return found


def forget_occurrences(session: Session) -> None:
    """Of each schedule keep the newest times only."""
    counted = select(Occurrence.schedule_id).group_by(Occurrence.schedule_id).having(func.count() > MOST_KEPT)
    for schedule_id in session.scalars(counted).all():
        of_it = Occurrence.schedule_id == schedule_id
        newest = select(Occurrence.id).where(of_it).order_by(Occurrence.id.desc()).offset(MOST_KEPT).limit(1)
        last = session.scalar(newest)
        if last is not None:
            session.execute(delete(Occurrence).where(of_it, Occurrence.id <= last, Occurrence.state.not_in(OPEN)))


def _check_name_free(session: Session, name: str, but: int | None) -> None:
    known = session.scalar(select(Schedule.id).where(func.lower(Schedule.name) == name.lower()))
    if known is not None and known != but:
        raise Refused("in-use", f"there is a schedule {name} already", "name")


def _fill(row: Schedule, draft: Draft, found: Checked, person: Person, now: float) -> None:
    when = found.when
    row.name, row.kind = draft.name.strip(), draft.kind
    row.cluster, row.arguments = found.cluster, found.arguments
    row.timing, row.at, row.every, row.cron, row.zone = when.timing, when.at, when.every, when.cron, when.zone
    row.opens = when.hours.opens if when.hours else None
    row.closes = when.hours.closes if when.hours else None
    row.missed, row.owner, row.changed_at, row.next_at = draft.missed, person.name, now, found.next_at
