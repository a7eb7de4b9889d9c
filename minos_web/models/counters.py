"""Counters: the newest values that programs outside Minos push."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from minos_web.models.meta import Base


class Counter(Base):
    """The newest value of one counter. ``endpoint`` is what it speaks of, usually the host that pushed it; ``pushed_by`` is
    the user whose token brought it.
    """

    __tablename__ = "counters"
    __table_args__ = (UniqueConstraint("group", "name", "endpoint"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(128))
    endpoint: Mapped[str] = mapped_column(String(128))
    value: Mapped[float]
    unit: Mapped[str] = mapped_column(String(32), default="")
    label: Mapped[str] = mapped_column(String(255), default="")
    at: Mapped[float] = mapped_column(index=True)
    pushed_by: Mapped[str] = mapped_column(String(64), default="")
