"""Hosts and their workers."""

from typing import Any

from sqlalchemy import JSON, BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from minos_web.models.meta import Base


class JoinToken(Base):
    """Approves one worker by itself, once: the first that shows it and calls itself ``host_name``. Only its SHA-256 is
    kept; a used one is deleted."""

    __tablename__ = "join_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    host_name: Mapped[str] = mapped_column(String(128))
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[float]
    expires_at: Mapped[float]


class Host(Base):
    """A machine with one worker. Its identity is the worker's public key; the name is a label.

    ``next_key`` is the key that its worker has made to use from now on, ``previous_key`` the one before; ``key_since`` is
    when it was changed last. ``brake_revision`` is the emergency brake's that its worker has written down; -1: it knows none.
    """

    __tablename__ = "hosts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(128), index=True)
    address: Mapped[str] = mapped_column(String(128), index=True)
    public_key: Mapped[str] = mapped_column(String(40), unique=True)
    next_key: Mapped[str | None] = mapped_column(String(40), unique=True)
    previous_key: Mapped[str | None] = mapped_column(String(40), index=True)
    key_since: Mapped[float | None]
    state: Mapped[str] = mapped_column(String(16), index=True)
    first_seen: Mapped[float]
    decided_at: Mapped[float | None]
    decided_by: Mapped[str] = mapped_column(String(64), default="")
    beat_at: Mapped[float | None]
    session: Mapped[str] = mapped_column(String(64), default="")
    boot_id: Mapped[str] = mapped_column(String(64), default="")
    worker_version: Mapped[str] = mapped_column(String(32), default="")
    worker_started: Mapped[float | None]
    worker_starts: Mapped[int] = mapped_column(default=0)
    clock_offset: Mapped[float] = mapped_column(default=0.0)
    roots: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    degraded: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    packages: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    maintenance: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    brake_revision: Mapped[int | None] = mapped_column(BigInteger)
    figures: Mapped[dict[str, float]] = mapped_column(JSON, default=dict)
    figures_at: Mapped[float | None]
