"""What people should hear of who look at no page: written in the transaction that decides it, sent afterwards."""

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from minos_web.models.meta import Base


class News(Base):
    """One thing to tell. ``kind`` is problem, recovery, unknown, flapping, crash, report, note or test; ``level`` error,
    warning or info. Empty ``service``, ``cluster`` and ``host``: it is of none. ``key`` is that of what it is about: a recovery
    has that of its problem. ``path`` is a page of the console. ``recipients`` are mail addresses of a report that is for
    certain people only; of everything else the routes say who hears it. ``html`` is a report as a mail shows it, empty for
    plain ``text``. ``routed_at``: when it was decided who hears it; None: not yet.
    """

    __tablename__ = "news"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[float] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(16))
    level: Mapped[str] = mapped_column(String(8))
    service: Mapped[str] = mapped_column(String(32), default="")
    cluster: Mapped[str] = mapped_column(String(64), default="")
    host: Mapped[str] = mapped_column(String(128), default="")
    key: Mapped[str] = mapped_column(String(300), default="", index=True)
    title: Mapped[str] = mapped_column(String(255))
    text: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    path: Mapped[str] = mapped_column(String(255), default="")
    recipients: Mapped[list[str]] = mapped_column(JSON, default=list)
    routed_at: Mapped[float | None] = mapped_column(index=True)
