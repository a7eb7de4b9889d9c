"""What happened: one line of time out of many tables, newest first, page by page, and how often what happened."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_web.monitor import happening_sources as tables
from minos_web.monitor.happening_sources import Asked, Happening, Place, Rows
from minos_web.operations.refusal import Refused

KINDS = ("operation", "config", "alert", "crash", "task", "package", "maintenance", "act")
"""What one may ask for. A crash is a process that ended when nobody wanted it to; a task came or went otherwise. An act is
what else people did that may explain something: the brake, silences, hosts that were let in, schedules.
"""
_SOURCES: dict[str, tuple[str, Callable[[Session, Asked, Rows], Sequence[Happening]]]] = {
    "operation": ("operation", tables.operations),
    "config": ("config", tables.revisions),
    "fired": ("alert", tables.fired),
    "resolved": ("alert", tables.resolved),
    "crash": ("crash", tables.crashes),
    "task": ("task", tables.changes),
    "package": ("package", tables.packages),
    "package-act": ("package", tables.package_acts),
    "maintenance": ("maintenance", tables.maintenance),
    "act": ("act", tables.acts),
}
"""Name -> kind and how its rows are found. The names stand in cursors; of the same moment, what stands last here comes first."""
_RANK = {name: rank for rank, name in enumerate(_SOURCES)}
_CURSOR = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)~([a-z-]{1,16})~(\d{1,18})")


def place_in(text: str) -> Place:
    """The other way round of ``cursor_of``. Raises Refused."""
    match = _CURSOR.fullmatch(text)
    if match is None or match[2] not in _RANK:
        raise Refused("bad-request", "no place in the history; begin again without it", "cursor")
    return Place(float(match[1]), match[2], int(match[3]))


def cursor_of(one: Happening) -> str:
    """Where a page ends: the next one goes on below it, whatever has happened since."""
    return f"{one.at!r}~{one.source}~{one.row.id}"


def happenings(session: Session, asked: Asked) -> tuple[list[Happening], bool]:
    """What happened, newest first, and whether there was more than is told."""
    found: list[Happening] = []
    for name, (kind, rows_of) in _SOURCES.items():
        if kind in asked.kinds:
            found += rows_of(session, asked, Rows(name, _ties(asked, name)))
    found.sort(key=lambda one: (one.at, _RANK[one.source], one.row.id), reverse=True)
    return found[: asked.limit], len(found) > asked.limit


def how_many(session: Session, since: float) -> dict[str, int]:
    """Kind -> how many there were since then, of those that are worth a number."""
    return {
        kind: session.scalar(select(func.count()).where(*tables.since(kind, since))) or 0 for kind in tables.COUNTED
    }


def _ties(asked: Asked, name: str) -> int:
    """How rows of a source stand to the cursor at its very moment: below it (1), by their number (0), or above it (-1)."""
    if asked.cursor is None:
        return 0
    there, here = _RANK[asked.cursor.source], _RANK[name]
    return (there > here) - (there < here)


@dataclass(frozen=True)
class Day:
    """What happened on one day, by the clock of UTC."""

    number: int
    rows: list[Happening]


def by_day(found: Sequence[Happening]) -> list[Day]:
    """Rows, newest first, by day."""
    days: list[Day] = []
    for one in found:
        number = int(one.at // 86400)
        if not days or days[-1].number != number:
            days.append(Day(number, []))
        days[-1].rows.append(one)
    return days
