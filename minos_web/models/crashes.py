"""Processes of tasks that ended when nobody wanted them to, until somebody heard of it."""

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from minos_web.models.clusters import Task
from minos_web.models.meta import Base


class Crash(Base):
    """``kind`` crash: a process ended unexpectedly; fatal: its worker gave the task up. ``at`` by the console's clock,
    ``noted_at`` when it heard of it. ``lines`` are the last ones that the process printed.

    ``quiet`` says why nobody is told (an operation, maintenance, a silence, or it was over before); empty: somebody is, and
    was at ``told_at``.
    """

    __tablename__ = "crashes"

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    at: Mapped[float] = mapped_column(index=True)
    noted_at: Mapped[float]
    host: Mapped[str] = mapped_column(String(128))
    pid: Mapped[int | None]
    again: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    lines: Mapped[list[str]] = mapped_column(JSON, default=list)
    quiet: Mapped[str] = mapped_column(String(255), default="")
    told_at: Mapped[float | None] = mapped_column(index=True)

    task: Mapped[Task] = relationship()
