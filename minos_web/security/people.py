"""Users: adding, changing and disabling them. Whatever makes a user another one signs their browsers out."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_common.names import check
from minos_web.models.people import User
from minos_web.security import second_step
from minos_web.security.passwords import check_password, hash_password
from minos_web.security.pending import close_all
from minos_web.security.permissions import Role
from minos_web.security.signins import end_sign_ins


class UserRefused(ValueError):
    """A change to users that would do harm. ``field`` says which part is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def find_user(session: Session, name: str) -> User | None:
    """The user of this name."""
    return session.scalar(select(User).where(User.name == name))


def all_users(session: Session) -> list[User]:
    """All users by name."""
    return list(session.scalars(select(User).order_by(User.name)))


def add_user(session: Session, name: str, password: str, role: Role, now: float) -> User:
    """A new user. Raises BadName, BadPassword, UserRefused when the name is taken (whatever its case)."""
    check("user", name)
    kept = hash_password(check_password(password, name))  # before the first query: that one takes the write lock
    if session.scalar(select(User.id).where(func.lower(User.name) == name.lower())) is not None:
        raise UserRefused("name", f"there is a user {name} already")
    user = User(name=name, password_hash=kept, role=role, created_at=now, disabled=False)
    session.add(user)
    session.flush()
    return user


def set_password(session: Session, user: User, password: str, keep: int | None = None) -> None:
    """Give ``user`` another password and sign all their browsers out, but for the sign-in ``keep``. Raises BadPassword."""
    user.password_hash = hash_password(check_password(password, user.name))
    close_all(session, user.id)
    end_sign_ins(session, user.id, keep)


def set_role(session: Session, user: User, role: Role) -> None:
    """Give ``user`` another role. Raises UserRefused for the last admin."""
    if role != Role.ADMIN:
        _refuse_last_admin(session, user)
    user.role = role
    end_sign_ins(session, user.id)


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


def _refuse_last_admin(session: Session, user: User) -> None:
    others = select(func.count()).where(User.role == Role.ADMIN, User.disabled.is_(False), User.id != user.id)
    if user.role == Role.ADMIN and not session.scalar(others):
        raise UserRefused("role", f"{user.name} is the last admin; make another user admin first")
