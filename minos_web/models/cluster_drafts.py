"""Wizards that somebody began and has not ended: what was answered so far."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from minos_web.models.meta import Base


class ClusterDraft(Base):
    """One wizard of one user. ``kind`` is cluster (a new one) or hosts (which are added); ``answers`` are what was said, as
    text wherever somebody typed it; ``step`` is the furthest that was reached. ``made`` (service/name) and ``operation_id``
    are what came of it: it is over then, and only kept so that a second click finds the way.
    """

    __tablename__ = "cluster_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    owner: Mapped[str] = mapped_column(String(64), index=True)
    title: Mapped[str] = mapped_column(String(128), default="")
    step: Mapped[str] = mapped_column(String(16))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    made: Mapped[str] = mapped_column(String(128), default="")
    operation_id: Mapped[int | None] = mapped_column(ForeignKey("operations.id", ondelete="SET NULL"))
    created_at: Mapped[float]
    changed_at: Mapped[float] = mapped_column(index=True)
