"""Sign-ins: a browser that proved who it is for (entering.py) holds a random secret; we keep its SHA-256."""

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from minos_common.settings import ConsoleSettings
from minos_web.models.people import SignIn, User
from minos_web.security.permissions import Grant, Identity, Role


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


def open_sign_in(session: Session, user: User, attempt: Attempt) -> str:
    """Add a sign-in without asking for a password; returns its secret."""
    secret = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            user_id=user.id,
            secret_hash=digest(secret),
            created_at=attempt.now,
            seen_at=attempt.now,
            proved_at=attempt.now,
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
    if row.user.must_change:
        return Identity(row.user_id, row.user.name, Role.NONE, "browser", row.id, must_change=True)
    role, grants = Role(row.user.role), grants_of(row.user)
    return Identity(row.user_id, row.user.name, role, "browser", row.id, grants, proved_at=row.proved_at)


def renew(session: Session, row: SignIn, now: float) -> str:
    """A new secret in place of the one that the browser had, which is worth nothing any more: it proved again whose it is."""
    secret = secrets.token_urlsafe(32)
    row.secret_hash, row.proved_at = digest(secret), now
    session.flush()
    return secret


def grants_of(user: User) -> tuple[Grant, ...]:
    """What a user is on certain clusters."""
    return tuple(Grant(Role(one.role), one.pattern) for one in user.grants)


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
