"""Which hosts have which blocks of a package: what they say while they fetch it."""

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from minos_web.models.hosts import Host
from minos_web.models.meta import Base


class PackageSpread(Base):
    """A host and a package of so many ``blocks``. ``have`` are the blocks it has, ``granted`` those that it was last told to ask of the console
    (a bit each). Bytes by where they came from: the console, other hosts, packages that lay on the host itself.
    """

    __tablename__ = "package_spread"

    package_id: Mapped[int] = mapped_column(ForeignKey("packages.id", ondelete="CASCADE"), primary_key=True)
    host_id: Mapped[int] = mapped_column(ForeignKey("hosts.id", ondelete="CASCADE"), primary_key=True)
    host: Mapped[Host] = relationship()
    rack: Mapped[str] = mapped_column(String(128), default="")
    blocks: Mapped[int] = mapped_column(default=0)
    have: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    granted: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    granted_at: Mapped[float] = mapped_column(default=0.0)
    granted_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    whole: Mapped[bool] = mapped_column(default=False)
    began_at: Mapped[float]
    heard_at: Mapped[float]
    from_console: Mapped[int] = mapped_column(BigInteger, default=0)
    from_hosts: Mapped[int] = mapped_column(BigInteger, default=0)
    from_own: Mapped[int] = mapped_column(BigInteger, default=0)
