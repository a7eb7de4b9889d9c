"""Filters of lists that people keep for themselves."""

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from minos_web.models.meta import Base


class SavedFilter(Base):
    """What a user wants of a list, under a name of the user's own: the query of its URL. The ``usual`` one, at most one of a
    user and a list, is what an address without a query means.
    """

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("user_id", "list", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    list: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(64))
    query: Mapped[str] = mapped_column(String(1000))
    usual: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[float]
