"""Keytabs of clusters, sealed."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from minos_web.models.clusters import Cluster
from minos_web.models.meta import Base


class Keytab(Base):
    """A keytab of a cluster, for the tasks on the host of ``address``, or for all ("") that have none of their own.

    ``sealed``: its bytes, see security/sealing. ``entries``: [{principal, version, encryption}], what it has keys for.
    """

    __tablename__ = "keytabs"
    __table_args__ = (UniqueConstraint("cluster_id", "name", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(128), default="")
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    entries: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    uploaded_by: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[float]

    cluster: Mapped[Cluster] = relationship()
