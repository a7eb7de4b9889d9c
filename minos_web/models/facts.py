"""What the tasks' pages told last: facts of one kind of one task in one row."""

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from minos_web.models.meta import Base


class TaskFacts(Base):
    """``packed`` as minos_common.facts has it, with growth per second beside the counters. ``at`` by the console's clock, when
    it heard; ``taken_at`` in seconds since the host's boot, when the page answered; ``run`` names the process. ``error`` says why the page
    told nothing at ``error_at``; what it had told before stays.
    """

    __tablename__ = "task_facts"
    __table_args__ = (UniqueConstraint("task_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32), index=True)
    at: Mapped[float] = mapped_column(default=0.0)
    taken_at: Mapped[float] = mapped_column(default=0.0)
    run: Mapped[str] = mapped_column(String(64), default="")
    packed: Mapped[bytes] = mapped_column(LargeBinary(2**24 - 1), default=b"")
    count: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    error_at: Mapped[float | None]
