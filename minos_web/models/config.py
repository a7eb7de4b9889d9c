"""The virtual config directory: every revision of every file, for ever.

Revision ids count over all files, so "the directory as of revision N" is one number: for each path the newest
revision whose id is not above N.
"""

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from minos_web.models.meta import Base


class ConfigFile(Base):
    """A path of the virtual config directory, e.g. conf/zookeeper/zookeeper-dptst.cfg."""

    __tablename__ = "config_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(String(400), unique=True)


class ConfigRevision(Base):
    """One saved content of a file; ``content`` is None where the revision deletes the file."""

    __tablename__ = "config_revisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("config_files.id"), index=True)
    number: Mapped[int]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    author: Mapped[str] = mapped_column(String(64))
    at: Mapped[float] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(String(400), default="")

    file: Mapped[ConfigFile] = relationship(lazy="joined")
