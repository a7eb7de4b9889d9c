"""Tables of HBase whose rows are counted, and how many they had."""

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from minos_web.models.clusters import Cluster
from minos_web.models.meta import Base


class RowCount(Base):
    """One table. ``wanted``: it is to be counted in rounds. ``rows`` are of ``counted_at``, and stay when a later count fails:
    ``error`` says why the try of ``tried_at`` did. ``run`` is the client command that counts (while ``counting``) or counted.
    """

    __tablename__ = "row_counts"
    __table_args__ = (UniqueConstraint("cluster_id", "table"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"))
    table: Mapped[str] = mapped_column(String(255))
    wanted: Mapped[bool] = mapped_column(default=True)
    wanted_by: Mapped[str] = mapped_column(String(64), default="")
    rows: Mapped[int | None] = mapped_column(BigInteger)
    counted_at: Mapped[float | None]
    took: Mapped[float | None]
    tried_at: Mapped[float | None]
    error: Mapped[str] = mapped_column(Text, default="")
    counting: Mapped[bool] = mapped_column(default=False)
    run: Mapped[int | None]

    cluster: Mapped[Cluster] = relationship()
