"""Dashboards that people put together themselves."""

from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from minos_web.models.meta import Base


class Dashboard(Base):
    """Panels in their order, as minos_web.monitor.dashboard says. ``owner`` is a user's name; ``sharing`` is private, view
    or edit. ``revision`` grows by one with each change: who saves names the one that they began with.
    """

    __tablename__ = "dashboards"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    owner: Mapped[str] = mapped_column(String(64), index=True)
    sharing: Mapped[str] = mapped_column(String(16))
    revision: Mapped[int] = mapped_column(default=1)
    panels: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    created_at: Mapped[float]
    changed_at: Mapped[float]
    changed_by: Mapped[str] = mapped_column(String(64))
