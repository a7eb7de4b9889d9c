"""The package store's index; the bytes lie in files."""

from sqlalchemy import BigInteger, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from minos_web.models.meta import Base


class Package(Base):
    """A tarball: artifact + name + revision + timestamp, with size in bytes and hex digests.

    ``state`` is ready, quarantined or damaged (``reason`` says why), or deleted (its file is gone, operations still name it).
    At ``checked_at`` it was read anew last.
    ``version`` is what its name or folder says; ``contents`` what was found in it (see store.inspection), compressed.
    ``manifest`` is the SHA-256 of the list of its blocks, for hosts that hand them to each other; empty when it has none.
    """

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
    state: Mapped[str] = mapped_column(String(16), default="ready", server_default="ready")
    reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[str] = mapped_column(String(64), default="", server_default="")
    manifest: Mapped[str] = mapped_column(String(64), default="", server_default="")
    blocks_size: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    checked_at: Mapped[float | None]
    contents: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
