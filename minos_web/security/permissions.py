"""Roles, what each may do, and who a request comes from."""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """What a view asks for. A view that names none is closed to everybody."""

    EVERYONE = "everyone"
    VIEW = "view"
    FETCH = "fetch"  # download a package: whoever may view, and a worker with a ticket for that package
    DELIVER = "deliver"  # bring a log file: only a worker with a ticket for that file, whatever a user's role
    SUPPLY = "supply"  # fetch a file that was given with a client command: only a worker with a ticket for it
    OPERATE = "operate"
    UPLOAD = "upload"
    CONFIGURE = "configure"
    ADMINISTER = "administer"


class Role(StrEnum):
    """What a user is; each role may do all that the one before it may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"


_VIEWER = frozenset({Permission.EVERYONE, Permission.VIEW, Permission.FETCH})
_OPERATOR = _VIEWER | {Permission.OPERATE, Permission.UPLOAD, Permission.CONFIGURE}
GRANTS = {
    Role.VIEWER: _VIEWER,
    Role.OPERATOR: _OPERATOR,
    Role.ADMIN: frozenset(Permission) - {Permission.DELIVER, Permission.SUPPLY},
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


def lesser(one: Role, other: Role) -> Role:
    """The role that may do less."""
    order = list(Role)
    return min(one, other, key=order.index)
