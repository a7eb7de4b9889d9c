"""Client commands that people ran, and those they keep for the next time."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from minos_web.models.clusters import Cluster
from minos_web.models.meta import Base
from minos_web.models.operations import Step


class ClientRun(Base):
    """One client command that somebody ran: ``command`` with ``words`` as they were typed. Its step says how it went.

    ``typed`` is what it was given to read while it ran: [{step, at, text, end}], ``at`` the bytes it had printed by then
    and ``step`` the number of the step that gave it.
    ``files`` were given with it: [{name, size, sha256}].
    """

    __tablename__ = "client_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("steps.id", ondelete="CASCADE"), unique=True)
    cluster_id: Mapped[int] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"), index=True)
    command: Mapped[str] = mapped_column(String(32))
    words: Mapped[str] = mapped_column(Text, default="")
    interactive: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[float] = mapped_column(index=True)
    typed: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    step: Mapped[Step] = relationship(lazy="joined")
    cluster: Mapped[Cluster] = relationship()


class SavedCommand(Base):
    """A client command that is kept under a name, for everybody, on all clusters of a service."""

    __tablename__ = "saved_commands"
    __table_args__ = (UniqueConstraint("service", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    service: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(64))
    command: Mapped[str] = mapped_column(String(32))
    words: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[float]
