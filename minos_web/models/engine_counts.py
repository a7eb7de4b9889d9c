"""What the engine dropped, by reason: the line between its memory and whoever looks at it from a page."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from minos_web.models.meta import Base

REASONS = ("malformed", "unapproved", "undeliverable", "broken")
"""malformed: no message; unapproved: more than hello from a key that is not approved, or hello when too many wait
already or with a join token that is not taken; undeliverable: an answer or command that could not be sent; broken: an error of the engine's own.
"""


class EngineCount(Base):
    """Frames dropped for one reason since ``since``, when the engine started. ``last_at`` and ``last_key`` (Z85; empty
    when nobody's key was part of it) tell of the last one.
    """

    __tablename__ = "engine_counts"

    reason: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int]
    since: Mapped[float]
    last_at: Mapped[float | None]
    last_key: Mapped[str] = mapped_column(String(40), default="")
