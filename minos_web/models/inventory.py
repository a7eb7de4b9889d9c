"""What people keep of machines beside what their workers tell."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from minos_web.models.meta import Base


class Machine(Base):
    """One machine, with or without a worker. ``host`` is its name in small letters; ``rack`` too. Sizes in GB, of each disk.

    None is what nobody has said.
    """

    __tablename__ = "machines"

    id: Mapped[int] = mapped_column(primary_key=True)
    host: Mapped[str] = mapped_column(String(128), unique=True)
    ip: Mapped[str | None] = mapped_column(String(64), unique=True)
    idc: Mapped[str | None] = mapped_column(String(64))
    rack: Mapped[str | None] = mapped_column(String(128))
    cores: Mapped[int | None]
    ram_gb: Mapped[float | None]
    disks: Mapped[int | None]
    disk_gb: Mapped[float | None]
    ssds: Mapped[int | None]
    ssd_gb: Mapped[float | None]
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[float]
    changed_at: Mapped[float]
    changed_by: Mapped[str] = mapped_column(String(64))
