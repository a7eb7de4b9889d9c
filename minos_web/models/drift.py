"""Drift that somebody has looked at and leaves as it is, for a while."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from minos_web.models.meta import Base


class DriftIgnored(Base):
    """A part of a task may stay as it lies on the host (``held`` is its digest) until ``until``. Anything else that lies
    there later is told again.
    """

    __tablename__ = "drift_ignored"
    __table_args__ = (UniqueConstraint("task_id", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    part: Mapped[str] = mapped_column(String(255))
    held: Mapped[str] = mapped_column(String(16))
    until: Mapped[float]
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[float]
