"""Browsers between the two steps of signing in: known by a random secret, for minutes, for a few tries, and for once."""

import secrets

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from minos_web.models.outside import PendingSignIn
from minos_web.security.signins import digest

SECONDS = 600.0
TRIES = 5


def open_pending(session: Session, user_id: int, way: str, now: float) -> str:
    """The user proved who they are by ``way``; returns the secret with which their browser takes the second step."""
    session.execute(delete(PendingSignIn).where(PendingSignIn.created_at < now - SECONDS))
    secret = secrets.token_urlsafe(32)
    session.add(PendingSignIn(user_id=user_id, secret_hash=digest(secret), way=way, created_at=now, tries=0))
    session.flush()
    return secret


def find_pending(session: Session, secret: str, now: float, lock: bool = False) -> PendingSignIn | None:
    """What the browser with ``secret`` began, unless it took too long, tried too often or its user was disabled."""
    query = select(PendingSignIn).where(PendingSignIn.secret_hash == digest(secret))
    row = session.scalar(query.with_for_update(of=PendingSignIn) if lock else query)
    if row is None or row.created_at < now - SECONDS or row.tries >= TRIES or row.user.disabled:
        return None
    return row


def close_pending(session: Session, row: PendingSignIn) -> None:
    """It led to a sign-in: it opens nothing any more."""
    session.delete(row)


def close_all(session: Session, user_id: int) -> None:
    """Nobody finishes what was begun under another password, second step or role."""
    session.execute(delete(PendingSignIn).where(PendingSignIn.user_id == user_id))
