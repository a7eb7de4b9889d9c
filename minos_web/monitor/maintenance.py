"""PURE. What somebody works on is not well on purpose: it is shown as it is, and cries no alarm."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WHOLE = ""
"""In place of a job: the whole cluster."""


@dataclass(frozen=True)
class Note:
    """Who works on something since when, why, and until when at most (None: until somebody says that it is over)."""

    reason: str
    by: str
    at: float
    until: float | None = None

    def kept(self) -> dict[str, Any]:
        """As the row keeps it."""
        return {"reason": self.reason, "by": self.by, "at": self.at, "until": self.until}

    @property
    def words(self) -> str:
        """One line for people."""
        return f"maintenance by {self.by}" + (f": {self.reason}" if self.reason else "")


def note_of(kept: Mapping[str, Any] | None, now: float) -> Note | None:
    """The note that a row keeps, while it counts."""
    if not kept:
        return None
    note = Note(str(kept.get("reason", "")), str(kept.get("by", "")), float(kept.get("at", 0.0)), kept.get("until"))
    return note if note.until is None or now < note.until else None


def of_job(kept: Mapping[str, Any] | None, job: str, now: float) -> Note | None:
    """That of a job of a cluster, or else of the whole cluster."""
    notes = kept or {}
    return note_of(notes.get(job), now) or note_of(notes.get(WHOLE), now)
