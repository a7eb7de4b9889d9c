"""Roles, what each may do, and who a request comes from."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """What a view asks for. A view that names none is closed to everybody."""

    EVERYONE = "everyone"
    ACCOUNT = "account"  # one's own password, sign-ins and tokens, and the list of one's own clusters
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
    """What a user is; each role of people but the first may do all that the one before it may. Whoever is "none" sees only
    what is granted for certain clusters. A pusher is a program, by its token: it brings counters and sees nothing, so that
    what lies in many scripts opens nothing.
    """

    NONE = "none"
    PUSHER = "pusher"
    VIEWER = "viewer"
    OPERATOR = "operator"
    DEPLOYER = "deployer"
    ADMIN = "admin"


_NONE = frozenset({Permission.EVERYONE, Permission.ACCOUNT})
_VIEWER = _NONE | {Permission.VIEW, Permission.FETCH}
_OPERATOR = _VIEWER | {Permission.PUSH, Permission.OPERATE}
GRANTS = {
    Role.NONE: _NONE,
    Role.PUSHER: frozenset({Permission.EVERYONE, Permission.PUSH}),
    Role.VIEWER: _VIEWER,
    Role.OPERATOR: _OPERATOR,
    Role.DEPLOYER: _OPERATOR | {Permission.UPLOAD, Permission.CONFIGURE},
    Role.ADMIN: frozenset(Permission) - {Permission.DELIVER, Permission.SUPPLY, Permission.SPREAD},
}
GRANTABLE = (Role.VIEWER, Role.OPERATOR, Role.DEPLOYER, Role.ADMIN)
"""What somebody can be on certain clusters."""

NOBODY = "nobody"
"""The default permission of views: no role has it."""
CONSOLE = ""
"""In place of a cluster: the console as a whole, where only the role that counts everywhere counts."""
_PATTERN = re.compile(r"[A-Za-z0-9_*-]{1,32}/[A-Za-z0-9_*-]{1,64}")


class BadPattern(ValueError):
    """A text that names no clusters."""

    field = "pattern"


@dataclass(frozen=True)
class Grant:
    """What somebody is on clusters: ``pattern`` is service/cluster, where * stands for any characters."""

    role: Role
    pattern: str


@dataclass(frozen=True)
class Identity:
    """Who a request comes from. ``role`` counts everywhere, ``grants`` on certain clusters. ``via`` is "browser" or "token";
    ``key`` is the id of the sign-in or token row. A token with ``limits`` counts on the clusters of these patterns only.
    Who ``must_change`` a password that somebody else gave is nothing (role none, no grants) until then. ``proved_at``: when
    the browser last proved whose it is.
    """

    user_id: int
    user: str
    role: Role
    via: str
    key: int
    grants: tuple[Grant, ...] = ()
    limits: tuple[str, ...] = ()
    must_change: bool = False
    proved_at: float = 0.0


def checked_pattern(text: str) -> str:
    """``text`` without blanks around it, if it names clusters. Raises BadPattern."""
    found = text.strip()
    if not _PATTERN.fullmatch(found):
        raise BadPattern(
            f"clusters are named as service/cluster, where * stands for any: hdfs/*, */dptst; not {found[:80]!r}"
        )
    return found


def covers(pattern: str, cluster: str) -> bool:
    """Whether the cluster (service/name) is one of the pattern's. "hdfs/*" in place of a cluster is all of HDFS: only a pattern
    that leaves none of them out covers it.
    """
    parts = (".*".join(map(re.escape, part.split("*"))) for part in pattern.split("/"))
    return re.fullmatch("/".join(parts), cluster) is not None


def may(role: Role, permission: str) -> bool:
    """Whether ``role`` has ``permission``; an unknown permission is nobody's."""
    return permission in GRANTS[role]


def allows(identity: Identity, permission: str, cluster: str = CONSOLE) -> bool:
    """Whether ``identity`` has ``permission`` on a cluster (service/name), or on the console as a whole."""
    if identity.limits and not (cluster and any(covers(limit, cluster) for limit in identity.limits)):
        return False
    if may(identity.role, permission):
        return True
    return bool(cluster) and any(may(one.role, permission) and covers(one.pattern, cluster) for one in identity.grants)


def allows_somewhere(identity: Identity, permission: str) -> bool:
    """Whether ``identity`` has ``permission`` on some cluster that there may be."""
    return may(identity.role, permission) or any(may(one.role, permission) for one in identity.grants)


def within(one: Role, other: Role) -> bool:
    """Whether ``other`` may do all that ``one`` may."""
    return GRANTS[one] <= GRANTS[other]


def lesser(one: Role, other: Role) -> Role | None:
    """The role that may do less; None when neither may do all that the other may."""
    if within(one, other):
        return one
    return other if within(other, one) else None
