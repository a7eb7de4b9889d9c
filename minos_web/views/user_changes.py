"""What an administrator changes about a user, each with its line in the audit trail. Pages and the API both come here."""

from pyramid.request import Request
from sqlalchemy import func, select

from minos_web.models.people import ClusterGrant, SignIn, User
from minos_web.security import people, tokens
from minos_web.security.passwords import random_password
from minos_web.security.permissions import GRANTABLE, Grant, Role
from minos_web.security.signins import end_sign_in, end_sign_ins
from minos_web.views.forms import ROLES

ROLE_NAMES = tuple(value for value, _ in ROLES)


def role_named(text: str, known: tuple[str, ...] = ROLE_NAMES) -> Role:
    """The role that ``text`` says, if it is one of those. Raises UserRefused."""
    if text not in known:
        raise people.UserRefused("role", f"a role is one of {', '.join(known)}")
    return Role(text)


def add(request: Request, name: str, role: Role) -> tuple[User, str]:
    """A new user and the one-time password, which is shown once. Raises BadName, UserRefused."""
    user = people.add_user(request.db, name, random_password(), role, request.now)
    password = people.give_password(request.db, user, request.now)
    request.audit("user.add", f"user {user.name}", role=user.role)
    return user, password


def set_role(request: Request, user: User, text: str) -> Role:
    """Another role, that counts everywhere. Raises UserRefused."""
    role, before = role_named(text), user.role
    people.set_role(request.db, user, role)
    request.audit("user.role", f"user {user.name}", role=role, before=before)
    return role


def grant(request: Request, user: User, role: str, pattern: str) -> ClusterGrant:
    """A role on the clusters of a pattern. Raises BadPattern, UserRefused."""
    given = Grant(role_named(role, tuple(str(one) for one in GRANTABLE)), pattern)
    row = people.add_grant(request.db, user, given, request.identity.user, request.now)
    request.audit("user.grant", f"user {user.name}", role=row.role, clusters=row.pattern)
    return row


def ungrant(request: Request, user: User, number: int) -> ClusterGrant | None:
    """Take a grant away; None when there is no such one (any more)."""
    row = people.remove_grant(request.db, user, number)
    if row is not None:
        request.audit("user.ungrant", f"user {user.name}", role=row.role, clusters=row.pattern)
    return row


def disable(request: Request, user: User) -> None:
    """Sign out everywhere and let in no more. Raises UserRefused."""
    people.set_disabled(request.db, user, True)
    request.audit("user.disable", f"user {user.name}")


def enable(request: Request, user: User) -> None:
    """Let in again."""
    people.set_disabled(request.db, user, False)
    request.audit("user.enable", f"user {user.name}")


def give_password(request: Request, user: User) -> str:
    """A one-time password, shown once. Raises UserRefused."""
    password = people.give_password(request.db, user, request.now)
    request.audit("user.password", f"user {user.name}", by="an administrator")
    return password


def force_change(request: Request, user: User) -> None:
    """Have the password changed at the next sign-in. Raises UserRefused."""
    people.must_change(request.db, user)
    request.audit("user.must-change", f"user {user.name}")


def sign_out(request: Request, user: User) -> tuple[int, bool]:
    """Sign out all browsers but the one that asks; how many there were, and whether that one is the user's own."""
    there = request.db.scalar(select(func.count()).where(SignIn.user_id == user.id)) or 0
    identity = request.identity
    own = identity.key if identity.user_id == user.id and identity.via == "browser" else None
    end_sign_ins(request.db, user.id, keep=own)
    request.audit("user.sign-out", f"user {user.name}", browsers=there)
    return there, own is not None


def sign_out_one(request: Request, user: User, number: int) -> bool:
    """Sign one browser out; False when the user has no such one (any more)."""
    row = request.db.get(SignIn, number)
    if row is None or row.user_id != user.id:
        return False
    end_sign_in(request.db, row.id)
    request.audit("sign-in.end", f"user {user.name}", address=row.address)
    return True


def revoke(request: Request, user: User, number: int) -> bool:
    """Revoke a token; False when the user has no such one (any more)."""
    if not tokens.revoke_token(request.db, user.id, number):
        return False
    request.audit("token.revoke", f"token {number}", user=user.name)
    return True


def reset_step(request: Request, user: User) -> None:
    """Take the second step away from who lost their device and all recovery codes. Raises UserRefused."""
    people.reset_second_step(request.db, user)
    request.audit("user.second-step-reset", f"user {user.name}")


def delete(request: Request, user: User, confirm: str) -> None:
    """Delete a user; ``confirm`` says their name once more. Raises UserRefused."""
    if confirm.strip() != user.name:
        raise people.UserRefused("confirm", f"type {user.name} to delete this user")
    if user.id == request.identity.user_id:
        raise people.UserRefused("", "you cannot delete yourself; another admin can")
    people.delete_user(request.db, user)
    request.audit("user.delete", f"user {user.name}", role=user.role)
