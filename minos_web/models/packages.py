"""The package store's index; the bytes lie in files."""

from sqlalchemy import BigInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from minos_web.models.meta import Base


class Package(Base):
    """A tarball: artifact + name + revision + timestamp, with size in bytes and hex digests."""

    __tablename__ = "packages"
    __table_args__ = (UniqueConstraint("artifact", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    artifact: Mapped[str] = mapped_column(String(128), index=True)
    name: Mapped[str] = mapped_column(String(200))
    revision: Mapped[str] = mapped_column(String(64))
    timestamp: Mapped[str] = mapped_column(String(15))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    sha1: Mapped[str] = mapped_column(String(40))
    uploaded_by: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[float]
    path: Mapped[str] = mapped_column(String(500))
