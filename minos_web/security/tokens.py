"""API tokens: random, shown once, kept as SHA-256, always with an end."""

import secrets

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from minos_web.models.people import ApiToken, User
from minos_web.security.permissions import Identity, Role, lesser
from minos_web.security.signins import digest

PREFIX = "minos_"
"""So that scanners for secrets (and people) recognise one."""
LONGEST_DAYS = 366


class BadToken(ValueError):
    """A token that may not be made. ``field`` says which part is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def make_token(session: Session, user: User, name: str, role: Role, days: float, now: float) -> tuple[ApiToken, str]:
    """A new token of ``user`` and its text, which is not kept. It may never do more than its user. Raises BadToken."""
    if not 0 < len(name.strip()) <= 64:
        raise BadToken("name", "a token needs a name of 1 to 64 characters, so that you know later what it is for")
    if not 0 < days <= LONGEST_DAYS:
        raise BadToken("days", f"a token lives between 1 and {LONGEST_DAYS} days")
    may = lesser(role, Role(user.role))
    if may is None:
        raise BadToken("role", f"a {user.role} may not do what a {role} does")
    text = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        user_id=user.id,
        name=name.strip(),
        secret_hash=digest(text),
        role=may,
        created_at=now,
        expires_at=now + days * 86400,
    )
    session.add(row)
    session.flush()
    return row, text


def find_token(session: Session, text: str, now: float) -> ApiToken | None:
    """The living token with this text: not expired, its user not disabled and still a role that may do what it may."""
    if not text.startswith(PREFIX):
        return None
    row = session.scalar(select(ApiToken).where(ApiToken.secret_hash == digest(text)))
    if row is None or row.expires_at <= now or row.user.disabled or _role_of(row) is None:
        return None
    return row


def identity_of(row: ApiToken) -> Identity:
    """Who is behind a living token; a user who was given a lesser role later takes the token along."""
    role = _role_of(row)
    assert role is not None  # find_token gives no other
    return Identity(row.user_id, row.user.name, role, "token", row.id)


def _role_of(row: ApiToken) -> Role | None:
    return lesser(Role(row.role), Role(row.user.role))


def tokens_of(session: Session, user_id: int) -> list[ApiToken]:
    """All tokens of a user, newest first."""
    return list(session.scalars(select(ApiToken).where(ApiToken.user_id == user_id).order_by(ApiToken.id.desc())))


def revoke_token(session: Session, user_id: int, token_id: int) -> bool:
    """Delete a token of this user; False if the user has no such token."""
    gone = session.execute(
        delete(ApiToken).where(ApiToken.id == token_id, ApiToken.user_id == user_id).returning(ApiToken.id)
    )
    return gone.first() is not None
