"""How often somebody did something lately, counted by all web processes together."""

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from minos_web.models.meta import Base


class RateWindow(Base):
    """One count; ``key`` is a digest of what is counted. ``entries`` are times of a window that moves (newest first), ``number``
    is that of one which begins anew at ``expires_at``. Then the row may be deleted.
    """

    __tablename__ = "rate_windows"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    entries: Mapped[list[float]] = mapped_column(JSON, default=list)
    number: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[float] = mapped_column(index=True)
