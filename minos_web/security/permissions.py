"""Roles, what each may do, and who a request comes from."""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """What a view asks for. A view that names none is closed to everybody."""

    EVERYONE = "everyone"
    VIEW = "view"
    SPREAD = "spread"  # tell which blocks of a package one has, and hear of others': only a worker with a ticket for it
    FETCH = "fetch"  # download a package: whoever may view, and a worker with a ticket for that package
    DELIVER = "deliver"  # bring a log file: only a worker with a ticket for that file, whatever a user's role
    SUPPLY = "supply"  # fetch a file that was given with a client command: only a worker with a ticket for it
    PUSH = "push"  # bring counters: operators, and tokens that may do this and nothing else
    OPERATE = "operate"
    UPLOAD = "upload"
    CONFIGURE = "configure"
    ADMINISTER = "administer"


class Role(StrEnum):
    """What a user is; each role of people may do all that the one before it may. A pusher is a program, by its token: it
    brings counters and sees nothing, so that what lies in many scripts opens nothing.
    """

    PUSHER = "pusher"
    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"


_VIEWER = frozenset({Permission.EVERYONE, Permission.VIEW, Permission.FETCH})
_OPERATOR = _VIEWER | {Permission.PUSH, Permission.OPERATE, Permission.UPLOAD, Permission.CONFIGURE}
GRANTS = {
    Role.PUSHER: frozenset({Permission.EVERYONE, Permission.PUSH}),
    Role.VIEWER: _VIEWER,
    Role.OPERATOR: _OPERATOR,
    Role.ADMIN: frozenset(Permission) - {Permission.DELIVER, Permission.SUPPLY, Permission.SPREAD},
}

NOBODY = "nobody"
"""The default permission of views: no role has it."""


@dataclass(frozen=True)
class Identity:
    """Who a request comes from. ``via`` is "browser" or "token"; ``key`` is the id of the sign-in or token row."""

    user_id: int
    user: str
    role: Role
    via: str
    key: int


def may(role: Role, permission: str) -> bool:
    """Whether ``role`` has ``permission``; an unknown permission is nobody's."""
    return permission in GRANTS[role]


def within(one: Role, other: Role) -> bool:
    """Whether ``other`` may do all that ``one`` may."""
    return GRANTS[one] <= GRANTS[other]


def lesser(one: Role, other: Role) -> Role | None:
    """The role that may do less; None when neither may do all that the other may."""
    if within(one, other):
        return one
    return other if within(other, one) else None
