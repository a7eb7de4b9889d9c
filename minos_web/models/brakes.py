"""The emergency brake: who pulled it, on what, why, and who released it."""

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from minos_web.models.clusters import Cluster
from minos_web.models.meta import Base

ALL = "all"
"""In place of service/cluster: every cluster, and the workers themselves."""


class Brake(Base):
    """One pull of the brake, of a cluster or (``cluster_id`` None) of all. ``pulled`` is ALL or service/cluster while it is
    pulled, then None: its unique index is what keeps two people from pulling the same one twice.
    """

    __tablename__ = "brakes"

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"), index=True)
    pulled: Mapped[str | None] = mapped_column(String(100), unique=True)
    reason: Mapped[str] = mapped_column(Text)
    pulled_by: Mapped[str] = mapped_column(String(64))
    pulled_at: Mapped[float]
    released_by: Mapped[str] = mapped_column(String(64), default="", server_default="")
    released_at: Mapped[float | None]

    cluster: Mapped[Cluster | None] = relationship(lazy="joined")

    @property
    def about(self) -> str:
        """service/cluster, or "all"."""
        return f"{self.cluster.service}/{self.cluster.name}" if self.cluster else ALL


class BrakeRevision(Base):
    """The one row that counts pulls and releases: by its number workers tell what is newer."""

    __tablename__ = "brake_revisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
