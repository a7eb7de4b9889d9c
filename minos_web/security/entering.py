"""Signing in: who proved what, whether a second step is left, and what the trail says of it."""

import logging
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_web.console import Console
from minos_web.models.outside import PendingSignIn
from minos_web.models.people import User
from minos_web.security import second_step
from minos_web.security.audit import NewEntry, record
from minos_web.security.directory import Directory, DirectoryAway
from minos_web.security.outside import DIRECTORY, PROVIDER, NotWelcome, Person, RoleList, way_of, welcome
from minos_web.security.passwords import TooBusy, hash_password, is_outdated, matches, nobodys_hash
from minos_web.security.pending import close_pending, find_pending, open_pending
from minos_web.security.provider import Back, Provider
from minos_web.security.signins import Attempt, forget_old, open_sign_in
from minos_web.security.throttle import Throttle, network_of
from minos_web.security.ways import ways_of

log = logging.getLogger(__name__)

WRONG = "user or password is wrong"
AWAY = "the directory that knows users does not answer; users with a password of the console itself can sign in"


class SignInRefused(Exception):
    """Why nobody was signed in. ``wait`` is in seconds, 0 unless it may go better then; ``over``: begin from the start."""

    def __init__(self, message: str, wait: float = 0.0, over: bool = False) -> None:
        super().__init__(message)
        self.wait = wait
        self.over = over


@dataclass(frozen=True)
class Proven:
    """A user who showed who they are; ``way`` is "password", "directory" or "provider"."""

    user_id: int
    way: str


@dataclass(frozen=True)
class Entered:
    """The secret of a new sign-in; of one that waits for its second step if ``pending``."""

    secret: str
    pending: bool = False


@dataclass(frozen=True)
class Finished:
    """A sign-in after its second step; ``codes`` are recovery codes that were made on the way, to be shown once."""

    secret: str
    codes: tuple[str, ...] = ()


def by_password(console: Console, throttle: Throttle, attempt: Attempt) -> Entered:
    """Check the password and begin a sign-in (its secret is for ``pyramid.security.remember``), or its second step.

    Works in transactions of its own, because hashing must not hold the database's write lock. The answer to an unknown
    user, a wrong password and a disabled user is the same, and takes as long. Success and failure are audited.
    Raises SignInRefused.
    """
    return enter(console, prove(console, throttle, attempt), attempt)


def prove(console: Console, throttle: Throttle, attempt: Attempt) -> Proven:
    """The user whose password it is, with tries counted. Raises SignInRefused."""
    wait = throttle.try_once(attempt.user, attempt.address)
    if wait:
        note(console, throttle, attempt, "sign-in.throttled")
        raise SignInRefused(f"too many tries; try again in {span(wait)}", wait)
    try:
        proven = _prove(console, throttle, attempt)
    except TooBusy as busy:
        raise SignInRefused(str(busy), 5.0) from busy
    throttle.succeeded(attempt.user, attempt.address)
    return proven


def _prove(console: Console, throttle: Throttle, attempt: Attempt) -> Proven:
    """A user with a password here is asked for that one alone; all others are the directory's, if there is one."""
    with console.readers() as session:
        user = session.scalar(select(User).where(User.name == attempt.user))
        way = way_of(session, user.id) if user else ""
    own = user is not None and not way
    kept = user.password_hash if user is not None and own else nobodys_hash()
    fits = matches(kept, attempt.password)
    directory = ways_of(console.settings).directory
    if directory is not None and not own and way != PROVIDER:
        return _by_directory(console, throttle, directory, attempt)
    if not fits or user is None or user.disabled or not own:
        note(console, throttle, attempt, "sign-in.refused", way="password")
        raise SignInRefused(WRONG)
    if user.must_change and (user.code_until or 0.0) <= attempt.now:
        note(console, throttle, attempt, "sign-in.refused", way="password", problem="its one-time password has ended")
        raise SignInRefused("this one-time password has ended; ask an administrator for another")
    if is_outdated(kept):
        better = hash_password(attempt.password)
        with console.writers.begin() as session:
            session.get_one(User, user.id).password_hash = better
    return Proven(user.id, "password")


def _by_directory(console: Console, throttle: Throttle, directory: Directory, attempt: Attempt) -> Proven:
    try:
        person = directory.person(attempt.user, attempt.password)
    except DirectoryAway as away:
        log.error("signing in by the directory failed: %s", away)
        note(console, throttle, attempt, "sign-in.refused", way=DIRECTORY, problem=str(away)[:200])
        raise SignInRefused(AWAY, 30.0) from away
    if person is None:
        note(console, throttle, attempt, "sign-in.refused", way=DIRECTORY)
        raise SignInRefused(WRONG)
    return admit(console, person, directory.roles, attempt)


def by_provider(console: Console, provider: Provider, back: Back, attempt: Attempt) -> Entered:
    """Begin a sign-in of somebody who came back from the provider. Raises SignInRefused."""
    return enter(console, admit(console, back.person, provider.roles, attempt), attempt)


def admit(console: Console, person: Person, roles: RoleList, attempt: Attempt) -> Proven:
    """The user whom somebody from outside is here, with the role that their groups give. Raises SignInRefused."""
    problem = ""
    with console.writers.begin() as session:
        try:
            user, made = welcome(session, person, roles.role_of(person.groups), attempt.now)
        except NotWelcome as not_welcome:
            problem = str(not_welcome)
            said = entry(attempt, "sign-in.refused", person.name or attempt.user, way=person.way, problem=problem)
            record(session, console.secret, said)
        else:
            if made:
                said = entry(attempt, "user.add", user.name, way=person.way, role=user.role)
                record(session, console.secret, said)
            proven = Proven(user.id, person.way)
    if problem:
        raise SignInRefused(problem)
    return proven


def enter(console: Console, proven: Proven, attempt: Attempt) -> Entered:
    """Begin a sign-in of a user who proved who they are, or wait for their second step.

    An identity provider has its own second steps, so none is asked for after it.
    """
    with console.writers.begin() as session:
        user = session.get_one(User, proven.user_id)
        forget_old(session, attempt.now, console.settings)
        if proven.way != PROVIDER and _step_is_left(console, session, user, attempt.now):
            secret = open_pending(session, user.id, proven.way, attempt.now)
            record(session, console.secret, entry(attempt, "sign-in.first-step", user.name, way=proven.way))
            return Entered(secret, pending=True)
        secret = open_sign_in(session, user, attempt)
        record(session, console.secret, entry(attempt, "sign-in", user.name, way=proven.way))
    return Entered(secret)


def _step_is_left(console: Console, session: Session, user: User, now: float) -> bool:
    """Whether the user takes a second step; whose role needs one and who has none is given a secret to set it up."""
    if second_step.is_on(second_step.step_of(session, user.id)):
        return True
    if not second_step.wanted(user.role, console.settings.totp_roles):
        return False
    second_step.begin(session, console.secret, user, now)
    return True


def finish(console: Console, throttle: Throttle, secret: str, code: str, attempt: Attempt) -> Finished:
    """Take the second step of the sign-in that waits under ``secret``. Raises SignInRefused."""
    with console.readers() as session:
        name = _waiting(session, secret, attempt.now).user.name
    wait = throttle.try_code(name, attempt.address)
    if wait:
        raise SignInRefused(f"too many tries; try again in {span(wait)}", wait)
    with console.writers.begin() as session:
        row = _waiting(session, secret, attempt.now, lock=True)
        row.tries += 1
        try:
            by, codes = _take(console, session, row, code, attempt.now)
        except second_step.StepRefused as refused:
            record(session, console.secret, entry(attempt, "sign-in.refused", name, way=row.way, step="code"))
            problem: str = str(refused)
        else:
            done = Finished(open_sign_in(session, row.user, attempt), tuple(codes))
            record(session, console.secret, entry(attempt, "sign-in", name, way=row.way, step=by))
            close_pending(session, row)
            problem = ""
    if problem:
        raise SignInRefused(problem)
    throttle.code_succeeded(name, attempt.address)
    return done


def _take(console: Console, session: Session, row: PendingSignIn, code: str, now: float) -> tuple[str, list[str]]:
    if not second_step.is_on(second_step.step_of(session, row.user_id)):
        return "set up", second_step.confirm(session, console.secret, row.user_id, code, now)
    by = second_step.take(session, console.secret, row.user_id, code, now)
    if not by:
        raise second_step.StepRefused(
            "this code does not fit, or was used before; type the one that the app shows next"
        )
    return by, []


def _waiting(session: Session, secret: str, now: float, lock: bool = False) -> PendingSignIn:
    row = find_pending(session, secret, now, lock)
    if row is None:
        raise SignInRefused("this sign-in took too long or too many tries; begin again", over=True)
    return row


def note(console: Console, throttle: Throttle, attempt: Attempt, action: str, **details: str) -> None:
    """Add an entry to the trail in a transaction of its own; who hammers at the door does not fill it."""
    times = throttle.noting.times((action, attempt.user.lower()[:64], network_of(attempt.address)), attempt.now)
    if times:
        more = {"times": str(times)} if times > 1 else {}
        with console.writers.begin() as session:
            record(session, console.secret, entry(attempt, action, attempt.user, **details, **more))


def entry(attempt: Attempt, action: str, user: str, **details: str) -> NewEntry:
    """What the trail says of an attempt of ``user``."""
    said = {"browser": attempt.browser[:255], **details}
    return NewEntry(attempt.now, user, action, f"user {user}", attempt.address, said)


def span(seconds: float) -> str:
    """Seconds to wait, as people say them."""
    return f"{int(seconds)} s" if seconds < 90 else f"{round(seconds / 60)} min"
