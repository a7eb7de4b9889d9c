"""Users, their sign-ins and API tokens, and the audit trail."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from minos_web.models.meta import Base


class User(Base):
    """A person. ``role`` is a value of minos_web.security.permissions.Role and counts everywhere; ``grants`` add to it.

    ``must_change``: the password was given by somebody else, and opens nothing but the page where it is changed; from
    ``code_until`` on it does not open even that.
    """

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[float]
    disabled: Mapped[bool] = mapped_column(default=False)
    must_change: Mapped[bool] = mapped_column(default=False, server_default=false())
    code_until: Mapped[float | None]
    password_at: Mapped[float | None]

    grants: Mapped[list["ClusterGrant"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", passive_deletes=True, order_by="ClusterGrant.pattern"
    )


class ClusterGrant(Base):
    """What a user is on certain clusters: ``role`` on all whose service/name fits ``pattern`` (* for any characters)."""

    __tablename__ = "grants"
    __table_args__ = (UniqueConstraint("user_id", "pattern"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    pattern: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[float]
    created_by: Mapped[str] = mapped_column(String(64))


class SignIn(Base):
    """A browser that signed in. Only the SHA-256 of its secret is kept. ``proved_at`` is when it was last proved who sits
    there: at signing in, and at each confirmation since.
    """

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[float]
    seen_at: Mapped[float]
    proved_at: Mapped[float] = mapped_column(default=0.0, server_default="0")
    address: Mapped[str] = mapped_column(String(64), default="")
    browser: Mapped[str] = mapped_column(String(255), default="")

    user: Mapped[User] = relationship(lazy="joined")


class ApiToken(Base):
    """A token for programs. Only its SHA-256 is kept, and its first characters (``hint``) to know it by. ``role`` never exceeds
    the user's. With ``clusters`` (patterns as those of grants) it counts on these alone.
    """

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(64))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[float]
    expires_at: Mapped[float]
    used_at: Mapped[float | None]
    clusters: Mapped[list[str] | None] = mapped_column(JSON)
    hint: Mapped[str] = mapped_column(String(16), default="", server_default="")

    user: Mapped[User] = relationship(lazy="joined")


class Approval(Base):
    """A dangerous act that waits for a second person. ``submission`` is exactly what was asked for; nothing of it can be
    changed any more. ``state`` is waiting, approved, refused, withdrawn or expired. ``cluster`` is service/name.
    """

    __tablename__ = "approvals"

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster: Mapped[str] = mapped_column(String(100), index=True)
    action: Mapped[str] = mapped_column(String(64))
    submission: Mapped[dict[str, Any]] = mapped_column(JSON)
    asked_by: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[float]
    expires_at: Mapped[float]
    state: Mapped[str] = mapped_column(String(16), index=True)
    decided_by: Mapped[str] = mapped_column(String(64), default="")
    decided_at: Mapped[float | None]
    message: Mapped[str] = mapped_column(Text, default="")
    operation_id: Mapped[int | None] = mapped_column(ForeignKey("operations.id", ondelete="SET NULL"))


class AuditEntry(Base):
    """Who changed what. ``chain`` is an HMAC over the entry and its predecessor's chain."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[float] = mapped_column(index=True)
    user: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64), index=True)
    target: Mapped[str] = mapped_column(String(255), index=True)
    address: Mapped[str] = mapped_column(String(64), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    chain: Mapped[str] = mapped_column(Text)
