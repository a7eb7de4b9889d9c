"""Packages on their way into the store."""

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from minos_web.models.meta import Base


class Arrival(Base):
    """One package that somebody sends in pieces (``kind`` upload) or has the console fetch (url, file, maven, build: from
    ``source``).

    ``state``: coming (pieces are sent), waiting (for the engine), fetching, checking, and at the end done (``package_id``
    says which, quarantined or not), failed (``message`` says why) or cancelled. ``size`` in bytes; None: not known;
    ``have`` of them are here, as far as the engine fetches. ``sha256`` is what was announced; empty: nothing.
    """

    __tablename__ = "arrivals"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(Text, default="")
    artifact: Mapped[str] = mapped_column(String(128))
    revision: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), default="")
    size: Mapped[int | None] = mapped_column(BigInteger)
    have: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[str] = mapped_column(String(16), index=True)
    message: Mapped[str] = mapped_column(Text, default="")
    package_id: Mapped[int | None] = mapped_column(ForeignKey("packages.id", ondelete="SET NULL"))
    created: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[float]
    ended_at: Mapped[float | None] = mapped_column(index=True)
