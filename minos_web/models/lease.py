"""Which engine may act, and secrets the console made for itself."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from minos_web.models.meta import Base


class Lease(Base):
    """The one row that says which engine process is at work; ``epoch`` grows with every change of hands."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(128))
    epoch: Mapped[int]
    seen_at: Mapped[float]
