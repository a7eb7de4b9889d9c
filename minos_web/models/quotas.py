"""Quotas of HDFS: the newest numbers of each directory, how they are read, who hears of them, and which reports went out."""

from sqlalchemy import JSON, BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from minos_web.models.clusters import Cluster
from minos_web.models.meta import Base


class QuotaReading(Base):
    """How the quotas of one cluster are read: in rounds while ``enabled``, of ``/user/*`` and of ``directories``.

    ``asked_at``: somebody wants it now. While ``reading`` the client command ``run`` counts, and ``sum_run`` adds up what
    has no space quota. ``changes`` are commands that set quotas: once they have ended it is read anew. The last try began
    at ``tried_at``; ``error`` says why it failed, after ``failures`` in a row, of which people were ``told``. The numbers are of
    ``read_at``.
    """

    __tablename__ = "quota_readings"

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"), unique=True)
    enabled: Mapped[bool] = mapped_column(default=True)
    directories: Mapped[list[str]] = mapped_column(JSON, default=list)
    asked_at: Mapped[float | None]
    asked_by: Mapped[str] = mapped_column(String(64), default="")
    reading: Mapped[bool] = mapped_column(default=False)
    run: Mapped[int | None]
    sum_run: Mapped[int | None]
    changes: Mapped[list[int]] = mapped_column(JSON, default=list)
    tried_at: Mapped[float | None]
    read_at: Mapped[float | None]
    took: Mapped[float | None]
    error: Mapped[str] = mapped_column(Text, default="")
    failures: Mapped[int] = mapped_column(default=0)
    told: Mapped[bool] = mapped_column(default=False)

    cluster: Mapped[Cluster] = relationship()


class Quota(Base):
    """One directory. Quotas are None where there is none, used numbers None while they are not known; all are of ``at``.

    ``error``: why the last read told nothing of it. ``bad`` is what people were told is wrong ("names=warning,space=error"),
    ``change`` the client command that set a quota last.
    """

    __tablename__ = "quotas"
    __table_args__ = (UniqueConstraint("cluster_id", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"))
    path: Mapped[str] = mapped_column(String(512))
    name_quota: Mapped[int | None] = mapped_column(BigInteger)
    names_used: Mapped[int | None] = mapped_column(BigInteger)
    space_quota: Mapped[int | None] = mapped_column(BigInteger)
    space_used: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[float | None]
    error: Mapped[str] = mapped_column(Text, default="")
    bad: Mapped[str] = mapped_column(String(64), default="")
    change: Mapped[int | None]

    cluster: Mapped[Cluster] = relationship()


class QuotaReport(Base):
    """Reports went out on ``day`` (2026-11-30, of the console's own clock): never twice, whoever is restarted meanwhile."""

    __tablename__ = "quota_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[str] = mapped_column(String(10), unique=True)
    at: Mapped[float]


class QuotaAddress(Base):
    """Mail addresses of a user of HDFS, who hears of the quotas of ``/user/<user>``."""

    __tablename__ = "quota_addresses"

    id: Mapped[int] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(String(128), unique=True)
    addresses: Mapped[list[str]] = mapped_column(JSON, default=list)
    changed_at: Mapped[float]
    changed_by: Mapped[str] = mapped_column(String(64), default="")
