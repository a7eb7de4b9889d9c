"""People whom a directory or an identity provider knows: which role their groups give, and the user they become here."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_common.names import BadName, check
from minos_web.models.outside import OutsideIdentity
from minos_web.models.people import User
from minos_web.security.pending import close_all
from minos_web.security.permissions import Role
from minos_web.security.signins import end_sign_ins

DIRECTORY, PROVIDER = "directory", "provider"
"""Ways of signing in from outside, as rows and the trail say them."""
NO_PASSWORD = ""
"""In place of a hash: no password opens such a user."""


class NotWelcome(Exception):
    """Somebody proved who they are, and still may not in; the text says why."""


@dataclass(frozen=True)
class Person:
    """Who somebody is outside: ``subject`` never changes there, ``name`` is what people call them."""

    way: str
    subject: str
    name: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class RoleList:
    """Which role each group gives; the one that may do most counts."""

    roles: dict[str, Role]
    plain: Callable[[str], str]

    def role_of(self, groups: Iterable[str]) -> Role | None:
        """The role of somebody in ``groups``; None when no group gives one."""
        found = {self.roles[self.plain(group)] for group in groups if self.plain(group) in self.roles}
        return max(found, key=list(Role).index) if found else None


def read_roles(setting: str, text: str, plain: Callable[[str], str] = str) -> RoleList:
    """Lines of a role and a group, as an ini writes them. ``plain`` makes groups comparable. Raises ValueError."""
    people = [str(role) for role in Role if role != Role.PUSHER]
    roles: dict[str, Role] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        role, _, group = line.partition(" ")
        if role not in people or not group.strip():
            raise ValueError(f"{setting}: {line!r} is no role ({', '.join(people)}) with a group behind it")
        known = roles.get(plain(group.strip()))
        roles[plain(group.strip())] = max(filter(None, (known, Role(role))), key=list(Role).index)
    if not roles:
        raise ValueError(f"{setting} names no role and group: nobody could sign in")
    return RoleList(roles, plain)


def welcome(session: Session, person: Person, role: Role | None, now: float) -> tuple[User, bool]:
    """The user that ``person`` is here, made at their first sign-in, and whether it was made now; ``role`` is theirs from
    now on. Who has none any more is signed out everywhere. Raises NotWelcome.
    """
    digest = hashlib.sha256(person.subject.encode()).hexdigest()
    row = session.scalar(
        select(OutsideIdentity).where(OutsideIdentity.way == person.way, OutsideIdentity.subject_hash == digest)
    )
    if role is None:
        if row is not None:
            close_all(session, row.user_id)
            end_sign_ins(session, row.user_id)
        raise NotWelcome("you are known, but no group of yours may use this console; ask who keeps the groups")
    if row is None:
        return _made(session, person, digest, role, now), True
    if row.user.disabled:
        raise NotWelcome("this user is disabled here; ask an administrator")
    if row.user.role != role:
        # The groups decide, even about the last admin: who keeps them can undo it, and minos-user opens a local one.
        row.user.role = role
        close_all(session, row.user_id)
        end_sign_ins(session, row.user_id)
    return row.user, False


def _made(session: Session, person: Person, digest: str, role: Role, now: float) -> User:
    try:
        check("user", person.name)
    except BadName as error:
        raise NotWelcome(f"your name there cannot be a user's name here: {error}") from error
    if session.scalar(select(User.id).where(func.lower(User.name) == person.name.lower())) is not None:
        raise NotWelcome(f"there is another user {person.name} here already, who signs in otherwise")
    user = User(name=person.name, password_hash=NO_PASSWORD, role=role, created_at=now, disabled=False)
    session.add(user)
    session.flush()
    session.add(
        OutsideIdentity(user_id=user.id, way=person.way, subject=person.subject, subject_hash=digest, created_at=now)
    )
    session.flush()
    return user


def way_of(session: Session, user_id: int) -> str:
    """ "directory" or "provider" for a user from outside; empty for one who has a password here."""
    return session.scalar(select(OutsideIdentity.way).where(OutsideIdentity.user_id == user_id)) or ""


def ways_of_users(session: Session) -> dict[int, str]:
    """The way of every user from outside."""
    return {user: way for user, way in session.execute(select(OutsideIdentity.user_id, OutsideIdentity.way))}
