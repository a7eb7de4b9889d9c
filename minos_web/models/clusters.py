"""Clusters, their tasks and what happened to them."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from minos_common.words import TaskName
from minos_web.models.meta import Base


class Cluster(Base):
    """One deployment of a service, described by conf/<service>/<service>-<name>.cfg.

    ``problem`` says why the description cannot be read, empty when it can. ``health`` is ok, warning, error, stopped
    or unknown (see monitor/health), with the reason in words and since when. A cluster whose file is gone, and of which
    nothing is left on any host, is ``retired``: only its history counts, until a file describes it again. ``needs`` are the
    clusters that it uses (service/name); None: not looked at since before there was this column. ``maintenance``: job, or ""
    for all of it -> {reason, by, at, until}, see monitor/maintenance.
    """

    __tablename__ = "clusters"
    __table_args__ = (UniqueConstraint("service", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    service: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[float]
    version: Mapped[str] = mapped_column(String(64), default="")
    problem: Mapped[str] = mapped_column(Text, default="")
    bootstrapped_at: Mapped[float | None]
    cleanup_hash: Mapped[str] = mapped_column(String(255), default="")
    health: Mapped[str] = mapped_column(String(16), default="unknown")
    health_reason: Mapped[str] = mapped_column(Text, default="")
    health_since: Mapped[float | None]
    health_at: Mapped[float | None]
    health_jobs: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    retired: Mapped[bool] = mapped_column(default=False, server_default=false())
    needs: Mapped[list[str] | None] = mapped_column(JSON)
    maintenance: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    minimums: Mapped[dict[str, int] | None] = mapped_column(JSON)
    description: Mapped[str] = mapped_column(String(255), default="", server_default="")

    tasks: Mapped[list["Task"]] = relationship(
        back_populates="cluster",
        order_by="Task.job_order, Task.number",
        primaryjoin="and_(Task.cluster_id == Cluster.id, Task.retired.is_(False))",
    )


class Task(Base):
    """One process: a job on a host, with an instance number (-1: the host has a single one).

    ``address`` is the host as the description writes it; ``host_id`` the host that answers to it, if enrolled.
    ``described`` is False for a task that a worker still knows but the description no longer names; ``retired`` is True
    when no worker knows it either: the row stays for its history, and comes back when it is described again.
    ``leaving``: the description says that it is decommissioned. State columns say what the worker said last, at ``heard_at``.
    """

    __tablename__ = "tasks"
    __table_args__ = (UniqueConstraint("cluster_id", "job", "address", "instance"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"), index=True)
    job: Mapped[str] = mapped_column(String(32))
    job_order: Mapped[int] = mapped_column(default=0)
    number: Mapped[int] = mapped_column(default=0)
    address: Mapped[str] = mapped_column(String(128), index=True)
    host_number: Mapped[int] = mapped_column(default=0)
    instance: Mapped[int] = mapped_column(default=-1)
    host_id: Mapped[int | None] = mapped_column(ForeignKey("hosts.id"), index=True)
    described: Mapped[bool] = mapped_column(default=True)
    retired: Mapped[bool] = mapped_column(default=False, server_default=false())
    leaving: Mapped[bool] = mapped_column(default=False, server_default=false())
    base_port: Mapped[int] = mapped_column(default=0)
    ports: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)

    state: Mapped[str] = mapped_column(String(16), default="STOPPED")
    since: Mapped[float | None]
    heard_at: Mapped[float | None]
    wanted: Mapped[str] = mapped_column(String(16), default="stopped")
    bootstrapped: Mapped[bool] = mapped_column(default=False)
    pid: Mapped[int | None]
    started_at: Mapped[float | None]
    restarts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    last_lines: Mapped[list[str]] = mapped_column(JSON, default=list)
    last_exit: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    package: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    config_revision: Mapped[str] = mapped_column(String(64), default="")
    http_url: Mapped[str] = mapped_column(String(255), default="")
    unattended: Mapped[bool] = mapped_column(default=False)
    held: Mapped[dict[str, str] | None] = mapped_column(JSON)
    started_with: Mapped[dict[str, str] | None] = mapped_column(JSON)
    edited: Mapped[list[str] | None] = mapped_column(JSON)
    wanted_parts: Mapped[dict[str, str] | None] = mapped_column(JSON)
    wanted_revision: Mapped[int] = mapped_column(default=0, server_default="0")
    figures: Mapped[dict[str, float]] = mapped_column(JSON, default=dict)
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    figures_error: Mapped[str] = mapped_column(Text, default="")
    figures_at: Mapped[float | None]

    cluster: Mapped[Cluster] = relationship(back_populates="tasks")


def task_name(task: Task, service: str, cluster: str) -> TaskName:
    """The name by which the task's worker knows it."""
    return TaskName(service, cluster, task.job, None if task.instance < 0 else task.instance)


class TaskChange(Base):
    """A task changed state: history for the task and cluster pages. ``event_key`` is host key + the worker's event id."""

    __tablename__ = "task_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_key: Mapped[str] = mapped_column(String(128), unique=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), index=True)
    at: Mapped[float] = mapped_column(index=True)
    before: Mapped[str] = mapped_column(String(16))
    after: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text, default="")
    last_exit: Mapped[dict[str, Any] | None] = mapped_column(JSON)
