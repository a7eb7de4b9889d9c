"""PURE. Whether the console's own rounds run when they should, by what is noted of them."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

TIMETABLE = "timetable"
"""The name of the row of what starts all rounds."""
LATE_SECONDS = 60.0
"""A round may be so late before anybody speaks of it; what starts all of them may be silent for so long."""
HANGS_SECONDS = 600.0
FAILING_SECONDS = 300.0
"""A round that failed at every try for so long is a problem; a single failure is not."""


class Noted(Protocol):
    """What is known of a round: a row, or the engine's own note."""

    name: str
    seconds: float
    began_at: float | None
    ended_at: float | None
    failing_since: float | None
    error: str


Some = TypeVar("Some", bound=Noted)


def under_way(noted: Noted) -> bool:
    """Whether it has begun and not ended."""
    return noted.began_at is not None and (noted.ended_at is None or noted.ended_at < noted.began_at)


def next_run(noted: Noted) -> float | None:
    """When it is to begin next; None while it is under way, or where it never began."""
    return None if noted.began_at is None or under_way(noted) else noted.began_at + noted.seconds


def late(noted: Noted, now: float) -> str:
    """Why it does not run as it should, in words; empty when it does."""
    if noted.began_at is None:
        return ""
    if under_way(noted):
        since = now - noted.began_at
        return f"has been at it for {since:.0f} s" if since > max(HANGS_SECONDS, 3 * noted.seconds) else ""
    waited = now - noted.began_at - noted.seconds
    return f"should have begun {waited:.0f} s ago" if waited > LATE_SECONDS else ""


def trouble(noted: Noted, now: float) -> str:
    """Why people should hear of it: it is late, or it has failed again and again; empty when all is well."""
    if noted.failing_since is not None and now - noted.failing_since > FAILING_SECONDS:
        return f"has failed for {now - noted.failing_since:.0f} s: {noted.error}"
    return late(noted, now)


def state_of(noted: Noted, now: float) -> str:
    """new, running, late, failing or ok."""
    if late(noted, now):
        return "late"
    if noted.failing_since is not None:
        return "failing"
    if noted.began_at is None:
        return "new"
    return "running" if under_way(noted) else "ok"


def late_ones(noted: Iterable[Some], now: float) -> list[Some]:
    """Those that do not run as they should."""
    return [one for one in noted if late(one, now)]
