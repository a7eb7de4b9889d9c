"""Signing in and out: a browser that proved a password gets a random secret; we keep its SHA-256."""

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_web.console import Console
from minos_web.models.people import SignIn, User
from minos_web.security.audit import NewEntry, record
from minos_web.security.passwords import TooBusy, hash_password, is_outdated, matches, nobodys_hash
from minos_web.security.permissions import Identity, Role
from minos_web.security.throttle import Throttle


class SignInRefused(Exception):
    """Why nobody was signed in. ``wait`` is in seconds, 0 unless there were too many tries."""

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True)
class Attempt:
    """What a browser sent, from where, and when (epoch seconds)."""

    user: str
    password: str
    address: str
    browser: str
    now: float


def digest(secret: str) -> str:
    """What is kept of a random secret: SHA-256, hex. Enough for 256 random bits; passwords go through argon2."""
    return hashlib.sha256(secret.encode()).hexdigest()


def sign_in(console: Console, throttle: Throttle, attempt: Attempt) -> str:
    """Check the password and return the secret of a new sign-in (for ``pyramid.security.remember``).

    Works in transactions of its own, because hashing must not hold the database's write lock. The answer to an unknown
    user, a wrong password and a disabled user is the same, and takes as long. Success and failure are audited.
    Raises SignInRefused.
    """
    wait = throttle.try_once(attempt.user, attempt.address)
    if wait:
        raise SignInRefused(f"too many tries; try again in {_span(wait)}", wait)
    try:
        user_id, password_hash = _prove(console, attempt)
    except TooBusy as busy:
        raise SignInRefused(str(busy), 5.0) from busy
    throttle.succeeded(attempt.user, attempt.address)
    return _begin(console, attempt, user_id, password_hash)


def _prove(console: Console, attempt: Attempt) -> tuple[int, str]:
    """Id of the user whose password it is, and the hash to keep from now on."""
    with console.readers() as session:
        user = session.scalar(select(User).where(User.name == attempt.user))
        kept = user.password_hash if user else nobodys_hash()
    if not matches(kept, attempt.password) or user is None or user.disabled:
        _note(console, attempt, "sign-in.refused")
        raise SignInRefused("user or password is wrong")
    return user.id, hash_password(attempt.password) if is_outdated(kept) else kept


def _begin(console: Console, attempt: Attempt, user_id: int, password_hash: str) -> str:
    with console.writers.begin() as session:
        user = session.get_one(User, user_id)
        user.password_hash = password_hash
        forget_old(session, attempt.now, console.settings)
        secret = open_sign_in(session, user, attempt)
        record(session, console.secret, _entry(attempt, "sign-in"))
    return secret


def open_sign_in(session: Session, user: User, attempt: Attempt) -> str:
    """Add a sign-in without asking for a password; returns its secret."""
    secret = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            user_id=user.id,
            secret_hash=digest(secret),
            created_at=attempt.now,
            seen_at=attempt.now,
            address=attempt.address[:64],
            browser=attempt.browser[:255],
        )
    )
    return secret


def find_sign_in(session: Session, secret: str, now: float, settings: ConsoleSettings) -> SignIn | None:
    """The living sign-in behind ``secret``: neither idle nor old for too long, its user not disabled."""
    row = session.scalar(select(SignIn).where(SignIn.secret_hash == digest(secret)))
    if row is None or row.user.disabled:
        return None
    if now - row.seen_at > settings.session_idle_minutes * 60 or now - row.created_at > settings.session_hours * 3600:
        return None
    return row


def identity_of(row: SignIn) -> Identity:
    """Who is behind a living sign-in."""
    return Identity(row.user_id, row.user.name, Role(row.user.role), "browser", row.id)


def end_sign_in(session: Session, sign_in_id: int) -> None:
    """Sign one browser out; its cookie is worth nothing from now on."""
    session.execute(delete(SignIn).where(SignIn.id == sign_in_id))


def end_sign_ins(session: Session, user_id: int, keep: int | None = None) -> None:
    """Sign all browsers of a user out, but for the sign-in ``keep``."""
    session.execute(delete(SignIn).where(SignIn.user_id == user_id, SignIn.id != (keep or 0)))


def forget_old(session: Session, now: float, settings: ConsoleSettings) -> None:
    """Delete sign-ins that ended by themselves."""
    oldest = now - settings.session_hours * 3600
    idle = now - settings.session_idle_minutes * 60
    session.execute(delete(SignIn).where((SignIn.created_at < oldest) | (SignIn.seen_at < idle)))


def _note(console: Console, attempt: Attempt, action: str) -> None:
    with console.writers.begin() as session:
        record(session, console.secret, _entry(attempt, action))


def _entry(attempt: Attempt, action: str) -> NewEntry:
    details = {"browser": attempt.browser[:255]}
    return NewEntry(attempt.now, attempt.user, action, f"user {attempt.user}", attempt.address, details)


def _span(seconds: float) -> str:
    return f"{int(seconds)} s" if seconds < 90 else f"{round(seconds / 60)} min"
