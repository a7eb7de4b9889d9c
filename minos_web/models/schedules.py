"""Schedules, what became of each of their times, and how the console's own rounds fare."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from minos_web.models.clusters import Cluster
from minos_web.models.meta import Base


class Schedule(Base):
    """What is to be done at certain times. ``kind`` is one of operations/schedules/kinds, ``arguments`` are of that kind.

    ``timing`` is once (``at``), every (``every`` seconds, counted from ``at``) or cron (``cron`` in ``zone``, a name such as
    Europe/Berlin). ``opens`` and ``closes`` are minutes after midnight in the zone between which it may begin, None: at any
    hour. ``missed`` says what becomes of times at which the console was down: skip, once or all. It is done in the name of
    ``owner``, who saved it last. ``next_at`` is the next time that nobody has taken up yet, None: there is none.
    ``failing``: people were told that it failed, so they hear when it works again.
    """

    __tablename__ = "schedules"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"), index=True)
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    timing: Mapped[str] = mapped_column(String(8))
    at: Mapped[float] = mapped_column(default=0.0)
    every: Mapped[int] = mapped_column(default=0)
    cron: Mapped[str] = mapped_column(String(120), default="")
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    opens: Mapped[int | None]
    closes: Mapped[int | None]
    missed: Mapped[str] = mapped_column(String(8), default="skip")
    paused: Mapped[bool] = mapped_column(default=False)
    owner: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[float]
    changed_at: Mapped[float]
    next_at: Mapped[float | None] = mapped_column(index=True)
    failing: Mapped[bool] = mapped_column(default=False)

    cluster: Mapped[Cluster | None] = relationship(lazy="joined")


class Occurrence(Base):
    """One time of a schedule. ``nominal_at`` is the time that it was for: no time of a schedule can be taken up twice.

    ``state`` is waiting, running, done, failed, missed (the console was down) or skipped (it could not begin in time).
    ``asked_by`` is who had it run now, empty: it was its time. ``begin_by``: it does not begin later. ``tried_at`` is when it
    was last looked at while it waited. ``operation_id`` or ``run_id`` (a client command) are what it began.
    """

    __tablename__ = "occurrences"
    __table_args__ = (UniqueConstraint("schedule_id", "nominal_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(ForeignKey("schedules.id", ondelete="CASCADE"))
    nominal_at: Mapped[float]
    asked_by: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(String(16), index=True)
    message: Mapped[str] = mapped_column(Text, default="")
    operation_id: Mapped[int | None] = mapped_column(ForeignKey("operations.id", ondelete="SET NULL"), index=True)
    run_id: Mapped[int | None]
    made_at: Mapped[float]
    begin_by: Mapped[float]
    tried_at: Mapped[float | None]
    began_at: Mapped[float | None]
    ended_at: Mapped[float | None]

    schedule: Mapped[Schedule] = relationship()


class Round(Base):
    """How one of the console's own rounds fares, noted by its engine every few seconds. ``failures`` count all since it is
    known; ``failing_since`` is when the first of those in a row was, None: the last time went well. ``told``: people were
    told that it does not run. The row ``timetable`` is of what starts all others: its failures are its own restarts.
    """

    __tablename__ = "rounds"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    seconds: Mapped[float]
    began_at: Mapped[float | None]
    ended_at: Mapped[float | None]
    took: Mapped[float | None]
    runs: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[float | None]
    failing_since: Mapped[float | None]
    error: Mapped[str] = mapped_column(Text, default="")
    told: Mapped[bool] = mapped_column(default=False)
