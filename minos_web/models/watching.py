"""What a cluster's tasks are watched for beside their process, and how they stand there."""

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from minos_web.models.clusters import Task
from minos_web.models.meta import Base


class WatchPolicy(Base):
    """For the tasks of ``job``, or of every job that has no policy of its own (empty).

    ``page_checks``: so many checks in a row of a status page may be bad, 0: it is not watched. It is bad when it does not
    answer within ``page_seconds``, or when ``page_figure`` (if any) is none of ``page_values``; in the first ``page_grace``
    seconds after a start nothing is asked of it. ``memory_bytes`` and ``memory_checks`` in the same way. The actions are
    tell or restart, the latter for a job at most ``most_per_hour`` times.
    """

    __tablename__ = "watch_policies"
    __table_args__ = (UniqueConstraint("cluster_id", "job"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"), index=True)
    job: Mapped[str] = mapped_column(String(32), default="")
    page_checks: Mapped[int] = mapped_column(default=0)
    page_seconds: Mapped[float] = mapped_column(default=0.0)
    page_grace: Mapped[float] = mapped_column(default=60.0)
    page_figure: Mapped[str] = mapped_column(String(200), default="")
    page_values: Mapped[list[str]] = mapped_column(JSON, default=list)
    page_action: Mapped[str] = mapped_column(String(8), default="tell")
    memory_checks: Mapped[int] = mapped_column(default=0)
    memory_bytes: Mapped[float] = mapped_column(default=0.0)
    memory_action: Mapped[str] = mapped_column(String(8), default="tell")
    most_per_hour: Mapped[int] = mapped_column(default=3)
    changed_at: Mapped[float]
    changed_by: Mapped[str] = mapped_column(String(64))


class Watched(Base):
    """A task that is, or lately was, not as its policy wants it; ``kind`` is page or memory.

    ``bad`` and ``good`` are checks in a row, ``checked_at`` the time of the figures last looked at. ``fired_at``: since when
    it counts as wrong, None: it does not (any more). ``fires`` and ``restarts`` are times within the last hour. ``told``:
    people heard of it, so they hear of its end. ``held`` says why it was not restarted though that is wished.
    """

    __tablename__ = "watched"
    __table_args__ = (UniqueConstraint("task_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text, default="")
    bad: Mapped[int] = mapped_column(default=0)
    good: Mapped[int] = mapped_column(default=0)
    checked_at: Mapped[float]
    fired_at: Mapped[float | None]
    fires: Mapped[list[float]] = mapped_column(JSON, default=list)
    restarts: Mapped[list[float]] = mapped_column(JSON, default=list)
    told: Mapped[bool] = mapped_column(default=False)
    held: Mapped[str] = mapped_column(Text, default="")
    operation_id: Mapped[int | None]

    task: Mapped[Task] = relationship()
