"""What belongs to a user's way of signing in: a second step, and who the user is to a directory or identity provider."""

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from minos_web.models.meta import Base
from minos_web.models.people import User


class SecondStep(Base):
    """A user's secret for codes that change every 30 seconds, sealed. ``confirmed_at`` is None until a first code came.

    ``last_step`` is the number of the 30 seconds whose code was used last: none is taken twice.
    """

    __tablename__ = "second_steps"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[float]
    confirmed_at: Mapped[float | None]
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Base):
    """A code for one sign-in without the device. Only its SHA-256 is kept; a used one is gone."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))


class PendingSignIn(Base):
    """A browser that took the first step of signing in. Only the SHA-256 of its secret is kept; ``way`` is how it did."""

    __tablename__ = "pending_sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    way: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[float]
    tries: Mapped[int] = mapped_column(default=0)

    user: Mapped[User] = relationship(lazy="joined")


class OutsideIdentity(Base):
    """Who a user is elsewhere. ``way`` is "directory" or "provider"; ``subject`` is their own name for the person.

    The digest stands in for it in the index, as names of directories have no length that every database takes.
    """

    __tablename__ = "outside_identities"
    __table_args__ = (UniqueConstraint("way", "subject_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    way: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(Text)
    subject_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[float]

    user: Mapped[User] = relationship(lazy="joined")
