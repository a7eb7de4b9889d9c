"""Operations and their steps: what an operator asked for and how far it is."""

from typing import Any

from sqlalchemy import JSON, Double, Float, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from minos_web.models.clusters import Cluster, Task
from minos_web.models.meta import Base

_FLOAT = Float().with_variant(Double(), "mysql", "mariadb", "postgresql")
"""SQLite's column is called so from the first release on; it is of double precision everywhere."""
WORKERS = 0
"""In place of a cluster's id: operations on the workers themselves. One of them may be open at a time as well."""


class Operation(Base):
    """What an operator asked for, of a cluster or (``cluster_id`` None) of the workers. ``open_cluster_id`` is the cluster,
    or WORKERS, while the operation is open, then None: its unique index is what keeps a second operation away.
    ``config_revision`` pins the whole config directory. ``held``: why the emergency brake keeps the engine from going on.
    """

    __tablename__ = "operations"

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"), index=True)
    open_cluster_id: Mapped[int | None] = mapped_column(unique=True)
    action: Mapped[str] = mapped_column(String(32))
    selection: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(16), index=True)
    message: Mapped[str] = mapped_column(Text, default="")
    held: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[float] = mapped_column(index=True)
    started_at: Mapped[float | None]
    ended_at: Mapped[float | None]
    config_revision: Mapped[int] = mapped_column(default=0)
    package_id: Mapped[int | None] = mapped_column(ForeignKey("packages.id"))
    wave_names: Mapped[list[str]] = mapped_column(JSON, default=list)

    @property
    def about(self) -> str:
        """What it is about, for the audit: service/cluster, or "workers"."""
        return f"{self.cluster.service}/{self.cluster.name}" if self.cluster else "workers"

    cluster: Mapped[Cluster | None] = relationship(lazy="joined")
    steps: Mapped[list["Step"]] = relationship(back_populates="operation", order_by="Step.wave, Step.position")


class Step(Base):
    """One command for one task. A step without an operation is a question (read a log, show ...).

    ``command_id`` is random and new for each attempt, so a repeated send is the same command to the worker.
    ``patience`` is in seconds from the first sending; past it, with the host silent, the step is unknown. A failed step
    that is ``passed_over`` was left behind by an operator who went on without it. A step that ``undoes`` a wave (its
    number) is carried out for every task with which that was begun, however the operation ends.
    """

    __tablename__ = "steps"
    __table_args__ = (Index("ix_steps_state_host", "state", "host_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    operation_id: Mapped[int | None] = mapped_column(ForeignKey("operations.id", ondelete="CASCADE"), index=True)
    wave: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), index=True)
    host_id: Mapped[int | None] = mapped_column(ForeignKey("hosts.id"))
    verb: Mapped[str] = mapped_column(String(32))
    label: Mapped[str] = mapped_column(String(255), default="")
    args: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    always: Mapped[bool] = mapped_column(default=False)
    undoes: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(16))
    command_id: Mapped[str] = mapped_column(String(64), unique=True)
    attempt: Mapped[int] = mapped_column(default=1)
    patience: Mapped[float] = mapped_column(_FLOAT, default=60.0)
    created_at: Mapped[float]
    created_by: Mapped[str] = mapped_column(String(64), default="")
    sent_at: Mapped[float | None]
    resent_at: Mapped[float | None]
    accepted_at: Mapped[float | None]
    ended_at: Mapped[float | None]
    cancel_asked_at: Mapped[float | None]
    message: Mapped[str] = mapped_column(Text, default="")
    output: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    fraction: Mapped[float | None]
    passed_over: Mapped[bool] = mapped_column(default=False, server_default=false())

    operation: Mapped[Operation | None] = relationship(back_populates="steps")
    task: Mapped[Task | None] = relationship()
