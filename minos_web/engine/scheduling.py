"""The tick of schedules: what is due is taken up once, begun through the doors that people use, and followed to its end.

Taking up and beginning are transactions of their own, and what an occurrence begins is laid on the table in the transaction
that says that it has begun. A console that is killed between any two of them finds on the table what is left to do, once.
"""

import logging
from collections.abc import Callable

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, aliased

from minos_common.states import OperationState
from minos_web.console import Console
from minos_web.engine.outcomes import finish, note_missed, stand_still
from minos_web.models.operations import Operation
from minos_web.models.people import User
from minos_web.models.schedules import Occurrence, Schedule
from minos_web.operations.braking import CODE
from minos_web.operations.refusal import Refused
from minos_web.operations.schedules.keeping import OPEN, RUNNING, WAITING, when_of
from minos_web.operations.schedules.kinds import Begun, Person, Work, arguments_of, kind_of
from minos_web.operations.schedules.missed import GRACE_SECONDS, MOST, Caught, begin_by, catch_up, may_begin
from minos_web.operations.schedules.when import due_times, next_after
from minos_web.security.audit import NewEntry, record
from minos_web.security.people import identity_of_user
from minos_web.security.permissions import CONSOLE, Permission, allows

log = logging.getLogger(__name__)

TRIED_SECONDS = 60.0
"""That something waits is noted so often, not at every tick."""
WAIT = frozenset({"busy", "too-many-runs", "under-way"})
"""Refusals that pass by themselves: it is tried again until it may not begin any more."""


def tick(console: Console, now: float) -> None:
    """Once around. One schedule that cannot be looked at does not hide the others."""
    with console.readers() as session:
        due = session.scalars(select(Schedule.id).where(Schedule.paused.is_(False), Schedule.next_at <= now)).all()
    for schedule_id in due:
        _apart("taking up", schedule_id, lambda one=schedule_id: take_up(console, one, now))  # type: ignore[misc]
    with console.readers() as session:
        line = (Occurrence.nominal_at, Occurrence.id)
        again = session.scalars(_tried_again()).all()
        rows = session.execute(
            select(Occurrence.id, Occurrence.state).where(Occurrence.state.in_(OPEN)).order_by(*line)
        ).all()
    for occurrence_id in again:
        _apart("taking back", occurrence_id, lambda one=occurrence_id: take_back(console, one, now))  # type: ignore[misc]
    for occurrence_id, state in rows:
        step = begin if state == WAITING else follow
        _apart("going on with", occurrence_id, lambda one=occurrence_id, do=step: do(console, one, now))  # type: ignore[misc]


def take_back(console: Console, occurrence_id: int, now: float) -> None:
    """Somebody tried its operation again, and that went well: it did not fail after all."""
    with console.writers.begin() as session:
        row = session.get(Occurrence, occurrence_id, with_for_update=True)
        if row is not None and row.state == "failed":
            finish(session, row, "done", "its operation was tried again by hand", now)


def take_up(console: Console, schedule_id: int, now: float) -> None:
    """Make rows of the times that are due. Whoever moves ``next_at`` on has taken them up; nobody else can."""
    with console.readers() as session:
        row = session.get(Schedule, schedule_id)
        if row is None or row.next_at is None or row.paused or row.next_at > now:
            return
        when, first, saved = when_of(row), row.next_at, row.changed_at
        due, more = due_times(when, first, now, MOST + 1)
        caught, following = catch_up(due, now, row.missed), next_after(when, now)
    with console.writers.begin() as session:
        still = Schedule.next_at == first, Schedule.changed_at == saved, Schedule.paused.is_(False)
        moved = session.execute(update(Schedule).where(Schedule.id == schedule_id, *still).values(next_at=following))
        if not moved.rowcount:  # type: ignore[attr-defined]
            return
        row = session.get_one(Schedule, schedule_id)
        _note_times(session, row, caught, now, more)


def begin(console: Console, occurrence_id: int, now: float) -> None:
    """Begin one that waits, or say why not yet, or that it is too late. A mistake of the console's own is a failure: it would
    be made again at every tick. A database that is away is no mistake.
    """
    try:
        with console.writers.begin() as session:
            _begin(session, console, occurrence_id, now)
    except OperationalError:
        raise
    except Exception as error:
        log.exception("beginning time %s of a schedule", occurrence_id)
        with console.writers.begin() as session:
            row = session.get(Occurrence, occurrence_id, with_for_update=True)
            if row is not None and row.state == WAITING:
                why = f"the console made a mistake ({type(error).__name__}), its log says more"
                finish(session, row, "failed", why, now)


def _begin(session: Session, console: Console, occurrence_id: int, now: float) -> None:
    row = session.get(Occurrence, occurrence_id, with_for_update=True)
    if row is None or row.state != WAITING:
        return
    schedule = row.schedule
    if now > row.begin_by and not _was_away(row, schedule, now):
        finish(session, row, "skipped", f"it could not begin in time: {row.message or 'nothing was tried'}", now)
        return
    if not row.asked_by and not may_begin(when_of(schedule), row.nominal_at, now):
        _wait(row, "it begins when its hours come", now)
        return
    running = select(Occurrence.id).where(Occurrence.schedule_id == schedule.id, Occurrence.state == RUNNING)
    if session.scalar(running.limit(1)) is not None:
        _wait(row, "the one before it has not ended", now)
        return
    _try(session, console, row, now)


def follow(console: Console, occurrence_id: int, now: float) -> None:
    """Look how far one is that has begun; nothing is written while it goes on."""
    with console.readers() as session:
        row = session.get(Occurrence, occurrence_id)
        if row is None or row.state != RUNNING:
            return
        progress = kind_of(row.schedule.kind).follow(session, console, row, now)
        same = progress.message == row.message
    if progress.state == "running" and (same or not progress.message):
        return
    if progress.state == "stands" and same:
        return
    with console.writers.begin() as session:
        row = session.get(Occurrence, occurrence_id, with_for_update=True)
        if row is None or row.state != RUNNING:
            return
        if progress.state == "running":
            row.message = progress.message
        elif progress.state == "stands":
            stand_still(session, row, progress.message, now)
        else:
            finish(session, row, progress.state, progress.message, now)


def _tried_again() -> Select[int]:
    """The newest time of a schedule that failed, where the operation it began is done meanwhile."""
    one = aliased(Occurrence)
    newest = select(func.max(one.id)).where(one.schedule_id == Schedule.id).scalar_subquery()
    found = select(Occurrence.id).join(Schedule).join(Operation, Operation.id == Occurrence.operation_id)
    failed = Schedule.failing.is_(True), Occurrence.state == "failed", Operation.state == OperationState.DONE.value
    return found.where(*failed, Occurrence.id == newest)


def _note_times(session: Session, schedule: Schedule, caught: Caught, now: float, more: bool) -> None:
    mine = Occurrence.schedule_id == schedule.id
    known = set(session.scalars(select(Occurrence.nominal_at).where(mine, Occurrence.nominal_at.in_(_all(caught)))))
    open_one = session.scalar(select(Occurrence.nominal_at).where(mine, Occurrence.state.in_(OPEN)).limit(1))
    left = [at for at in caught.left if at not in known]
    for number, at in enumerate(left):
        before = "; others before it as well" if more and number == 0 else ""
        session.add(_made(schedule, at, "missed", f"the console was not there{before}", now))
    for at in caught.done:
        if at in known:
            continue
        if open_one is not None and schedule.missed != "all":
            session.add(_made(schedule, at, "skipped", "the one before it had not ended", now))
            continue
        session.add(_made(schedule, at, WAITING, "", now))
    if left:
        note_missed(session, schedule, len(left), bool(caught.done), now)


def _all(caught: Caught) -> list[float]:
    return [*caught.done, *caught.left]


def _made(schedule: Schedule, at: float, state: str, message: str, now: float) -> Occurrence:
    ended = None if state == WAITING else now
    until = begin_by(when_of(schedule), at, now)
    return Occurrence(
        schedule_id=schedule.id,
        nominal_at=at,
        asked_by="",
        state=state,
        message=message,
        made_at=now,
        begin_by=until,
        ended_at=ended,
    )


def _was_away(row: Occurrence, schedule: Schedule, now: float) -> bool:
    """Whether nobody looked while it waited: the console was down, and it is made up for as the schedule says."""
    if schedule.missed == "skip" or now - (row.tried_at or row.made_at) <= GRACE_SECONDS:
        return False
    row.begin_by = begin_by(when_of(schedule), row.nominal_at, now)
    return True


def _wait(row: Occurrence, why: str, now: float) -> None:
    if row.message != why or row.tried_at is None or now - row.tried_at > TRIED_SECONDS:
        row.message, row.tried_at = why, now


def _try(session: Session, console: Console, row: Occurrence, now: float) -> None:
    schedule = row.schedule
    try:
        person = _owner(session, schedule)
        if row.asked_by:
            person = _lesser(session, schedule, person, row.asked_by)
        work = Work(session, console, schedule.cluster, person, now)
        kind = kind_of(schedule.kind)
        with session.begin_nested():
            begun = kind.begin(work, arguments_of(kind, schedule.arguments))
    except Refused as refused:
        if refused.code in WAIT:
            _wait(row, refused.message, now)
        else:
            finish(session, row, "skipped" if refused.code == CODE else "failed", refused.message, now)
        return
    _note_begun(session, console, row, begun, now)


def _note_begun(session: Session, console: Console, row: Occurrence, begun: Begun, now: float) -> None:
    schedule = row.schedule
    row.state, row.began_at, row.message = RUNNING, now, ""
    row.operation_id, row.run_id = begun.operation, begun.run
    about = f"{schedule.cluster.service}/{schedule.cluster.name}" if schedule.cluster else f"schedule {schedule.id}"
    details = {"schedule": schedule.id, "name": schedule.name, "kind": schedule.kind, "operation": begun.operation}
    record(session, console.secret, NewEntry(now, schedule.owner, "schedule.begin", about, "", details))
    if begun.report is not None:
        finish(session, row, "done", "", now, begun)


def _owner(session: Session, schedule: Schedule) -> Person:
    """In whose name it is done, looked at anew each time. Raises Refused."""
    user = session.scalar(select(User).where(User.name == schedule.owner))
    way_out = "somebody who may has to save it again"
    if user is None or user.disabled:
        raise Refused("not-allowed", f"{schedule.owner}, in whose name it is done, is no user any more: {way_out}")
    about = _about(schedule)
    identity = identity_of_user(user)
    if not allows(identity, Permission.OPERATE, about):
        where = f" on {about}" if identity.grants else ""
        raise Refused("not-allowed", f"{user.name}, in whose name it is done, is {user.role} now{where}: {way_out}")
    return Person(user.name, allows(identity, Permission.ADMINISTER, about))


def _lesser(session: Session, schedule: Schedule, owner: Person, asker: str) -> Person:
    """Who has it done at another time than its own gets by that no right that they do not have."""
    user = session.scalar(select(User).where(User.name == asker))
    admin = (
        user is not None
        and not user.disabled
        and allows(identity_of_user(user), Permission.ADMINISTER, _about(schedule))
    )
    return Person(owner.name, owner.admin and admin)


def _about(schedule: Schedule) -> str:
    return f"{schedule.cluster.service}/{schedule.cluster.name}" if schedule.cluster else CONSOLE


def _apart(what: str, number: int, do: Callable[[], None]) -> None:
    try:
        do()
    except Exception:
        log.exception("%s schedule or time %s", what, number)
