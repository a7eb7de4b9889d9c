"""Users: adding, changing and disabling them. Whatever makes a user another one signs their browsers out."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_common.names import check
from minos_web.models.people import ClusterGrant, User
from minos_web.security import second_step
from minos_web.security.outside import way_of
from minos_web.security.passwords import BadPassword, check_password, hash_password, matches, random_password
from minos_web.security.pending import close_all
from minos_web.security.permissions import GRANTABLE, Grant, Identity, Role, checked_pattern
from minos_web.security.signins import end_sign_ins, grants_of

CODE_HOURS = 24
"""So long a password that somebody else gave signs in."""
NEVER = 1e12
MOST_GRANTS = 100


class UserRefused(ValueError):
    """A change to users that would do harm. ``field`` says which part is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def find_user(session: Session, name: str) -> User | None:
    """The user of this name."""
    return session.scalar(select(User).where(User.name == name))


def identity_of_user(user: User) -> Identity:
    """A user as one from whom no request comes: of what is done later in their name."""
    return Identity(user.id, user.name, Role(user.role), "later", 0, grants_of(user))


def all_users(session: Session) -> list[User]:
    """All users by name."""
    return list(session.scalars(select(User).order_by(User.name)))


def add_user(session: Session, name: str, password: str, role: Role, now: float) -> User:
    """A new user. Raises BadName, BadPassword, UserRefused when the name is taken (whatever its case)."""
    check("user", name)
    kept = hash_password(check_password(password, name))  # before the first query: that one takes the write lock
    if session.scalar(select(User.id).where(func.lower(User.name) == name.lower())) is not None:
        raise UserRefused("name", f"there is a user {name} already")
    if role == Role.PUSHER:
        raise UserRefused("role", "only a token can be a pusher")
    user = User(name=name, password_hash=kept, role=role, created_at=now, disabled=False, password_at=now)
    session.add(user)
    session.flush()
    return user


def set_password(session: Session, user: User, password: str, now: float, keep: int | None = None) -> None:
    """Give ``user`` the password that they chose and sign all their browsers out, but for the sign-in ``keep``. Raises
    BadPassword.
    """
    checked = check_password(password, user.name)
    if user.must_change and matches(user.password_hash, checked):
        raise BadPassword("choose another password than the one that was given to you")
    user.password_hash, user.password_at = hash_password(checked), now
    user.must_change, user.code_until = False, None
    close_all(session, user.id)
    end_sign_ins(session, user.id, keep)


def give_password(session: Session, user: User, now: float) -> str:
    """A new one-time password of ``user``, shown to whoever gives it. It signs in for a day, and only to be changed."""
    _refuse_outside(session, user)
    password = random_password()
    user.password_hash, user.password_at = hash_password(password), now
    user.must_change, user.code_until = True, now + CODE_HOURS * 3600
    close_all(session, user.id)
    end_sign_ins(session, user.id)
    return password


def _refuse_outside(session: Session, user: User) -> None:
    if way_of(session, user.id):
        raise UserRefused("", f"{user.name} has no password here: others keep it, and change it there")


def must_change(session: Session, user: User) -> None:
    """The password of ``user`` opens nothing any more but the page where it is changed; so long as they need."""
    _refuse_outside(session, user)
    user.must_change, user.code_until = True, NEVER
    close_all(session, user.id)
    end_sign_ins(session, user.id)


def set_role(session: Session, user: User, role: Role) -> None:
    """Give ``user`` another role. Raises UserRefused for the last admin."""
    if role == Role.PUSHER:
        raise UserRefused("role", "only a token can be a pusher")
    if role != Role.ADMIN:
        _refuse_last_admin(session, user)
    user.role = role
    end_sign_ins(session, user.id)


def add_grant(session: Session, user: User, grant: Grant, by: str, now: float) -> ClusterGrant:
    """``user`` is something on certain clusters from now on; on the same clusters it takes the place of what they were.
    Raises BadPattern, UserRefused.
    """
    if grant.role not in GRANTABLE:
        raise UserRefused("role", f"on clusters somebody is one of {', '.join(GRANTABLE)}")
    pattern = checked_pattern(grant.pattern)
    row = next((one for one in user.grants if one.pattern == pattern), None)
    if row is None:
        if len(user.grants) >= MOST_GRANTS:
            raise UserRefused("pattern", f"{user.name} has {MOST_GRANTS} grants already: take some away, or use *")
        row = ClusterGrant(pattern=pattern)
        user.grants.append(row)
    row.role, row.created_by, row.created_at = grant.role, by, now
    end_sign_ins(session, user.id)
    session.flush()
    return row


def remove_grant(session: Session, user: User, grant_id: int) -> ClusterGrant | None:
    """Take a grant away; None when ``user`` has no such grant."""
    row = next((one for one in user.grants if one.id == grant_id), None)
    if row is not None:
        user.grants.remove(row)
        end_sign_ins(session, user.id)
        session.flush()
    return row


def set_disabled(session: Session, user: User, disabled: bool) -> None:
    """Let ``user`` in no more, or again; tokens of a disabled user are worth nothing. Raises UserRefused for the last admin."""
    if disabled:
        _refuse_last_admin(session, user)
        end_sign_ins(session, user.id)
    user.disabled = disabled


def reset_second_step(session: Session, user: User) -> None:
    """Take the second step away from who lost it, and sign their browsers out. Raises UserRefused if there is none."""
    if not second_step.forget(session, user.id):
        raise UserRefused("user", f"{user.name} has no second step")
    close_all(session, user.id)
    end_sign_ins(session, user.id)


def delete_user(session: Session, user: User) -> None:
    """The user, their sign-ins, tokens and grants are gone; history and schedules keep the name. Raises UserRefused for the
    last admin.
    """
    _refuse_last_admin(session, user)
    session.delete(user)
    session.flush()


def _refuse_last_admin(session: Session, user: User) -> None:
    others = select(func.count()).where(User.role == Role.ADMIN, User.disabled.is_(False), User.id != user.id)
    if user.role == Role.ADMIN and not session.scalar(others):
        raise UserRefused("role", f"{user.name} is the last admin; make another user admin first")
