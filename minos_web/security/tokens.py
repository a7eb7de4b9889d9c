"""API tokens: random, shown once, kept as SHA-256, always with an end."""

import secrets

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from minos_web.models.people import ApiToken, User
from minos_web.security.permissions import GRANTS, BadPattern, Grant, Identity, Role, checked_pattern, lesser
from minos_web.security.signins import digest, grants_of

PREFIX = "minos_"
"""So that scanners for secrets (and people) recognise one."""
LONGEST_DAYS = 366
SHOWN = len(PREFIX) + 5
"""So many characters of a token are kept to know it by."""
MOST_PATTERNS = 20


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
    may = bounded(role, roles_of(user))
    if may is None:
        raise BadToken("role", f"a {user.role} may not do what a {role} does")
    text = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        user_id=user.id,
        name=name.strip(),
        secret_hash=digest(text),
        role=may,
        hint=text[:SHOWN],
        created_at=now,
        expires_at=now + days * 86400,
    )
    session.add(row)
    session.flush()
    return row, text


def limit_token(row: ApiToken, text: str) -> None:
    """The token counts on the clusters of these patterns (words of ``text``) only; without one, on all. Raises BadToken."""
    words = list(dict.fromkeys(text.replace(",", " ").split()))
    if len(words) > MOST_PATTERNS:
        raise BadToken("clusters", f"at most {MOST_PATTERNS} patterns; these are {len(words)}")
    if words and row.role == Role.PUSHER:
        raise BadToken("clusters", "counters are of no cluster: a pusher cannot be kept to some")
    try:
        row.clusters = [checked_pattern(word) for word in words] or None
    except BadPattern as error:
        raise BadToken("clusters", str(error)) from error


def roles_of(user: User) -> list[Role]:
    """What a user is, somewhere."""
    return [Role(user.role), *(one.role for one in grants_of(user))]


def bounded(role: Role, most: list[Role]) -> Role | None:
    """As much of ``role`` as one of ``most`` may; None when none of them may any of it."""
    found = [one for one in (lesser(role, other) for other in most) if one not in (None, Role.NONE)]
    return max(found, key=lambda one: len(GRANTS[one]), default=None)


def every_token(session: Session) -> list[ApiToken]:
    """Tokens of all users, those that end first before the others."""
    return list(session.scalars(select(ApiToken).order_by(ApiToken.expires_at, ApiToken.id)))


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
    least = [(lesser(Role(row.role), one.role), one.pattern) for one in grants_of(row.user)]
    grants = tuple(Grant(role, pattern) for role, pattern in least if role is not None)
    return Identity(row.user_id, row.user.name, role, "token", row.id, grants, tuple(row.clusters or ()))


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
