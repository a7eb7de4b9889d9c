"""Clusters on which failover may be drilled, and what the drills found."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from minos_web.models.meta import Base


class DrillGround(Base):
    """A cluster that an administrator marked as a test cluster: its daemons may be killed to see what happens."""

    __tablename__ = "drill_grounds"

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"), unique=True)
    marked_at: Mapped[float]
    marked_by: Mapped[str] = mapped_column(String(64))


class Drill(Base):
    """One drill, carried out by ``operation_id``. ``seconds`` from the kill until a task had its part again, ``well_seconds``
    until everything was as it should be (None: it never was). ``outcome`` is open, good, slow (over ``limit_seconds``),
    failed or cancelled; ``reason`` says why it is not good.
    """

    __tablename__ = "drills"

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"), index=True)
    operation_id: Mapped[int] = mapped_column(ForeignKey("operations.id", ondelete="CASCADE"), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    at: Mapped[float] = mapped_column(index=True)
    victim: Mapped[str] = mapped_column(String(64), default="")
    successor: Mapped[str] = mapped_column(String(64), default="")
    seconds: Mapped[float | None]
    well_seconds: Mapped[float | None]
    limit_seconds: Mapped[float] = mapped_column(default=0.0)
    outcome: Mapped[str] = mapped_column(String(16), default="open", index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[float | None]
