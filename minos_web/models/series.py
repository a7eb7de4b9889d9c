"""Samples: a number at a time."""

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from minos_web.models.meta import Base


class Series(Base):
    """What is measured where. Empty texts where a part does not apply (a host's figure has no cluster)."""

    __tablename__ = "series"
    __table_args__ = (UniqueConstraint("metric", "host", "service", "cluster", "job", "task"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(String(160))
    host: Mapped[str] = mapped_column(String(128), index=True)
    service: Mapped[str] = mapped_column(String(32), default="")
    cluster: Mapped[str] = mapped_column(String(64), default="", index=True)
    job: Mapped[str] = mapped_column(String(32), default="")
    task: Mapped[str] = mapped_column(String(16), default="")


class Sample(Base):
    """One number; ``at`` in whole seconds since the epoch."""

    __tablename__ = "samples"
    __table_args__ = {"sqlite_with_rowid": False}

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[int] = mapped_column(Integer, primary_key=True)
    value: Mapped[float]
