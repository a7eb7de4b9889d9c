"""Looking for entries of the audit trail: by who, what, to what, when, and any text; a page of them or all, piece by piece."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, String, cast, func, or_, select
from sqlalchemy.orm import Session, sessionmaker

from minos_web.models.people import AuditEntry

FIELDS = ("user", "action", "target", "q", "from", "to")
COLUMNS = ("id", "at", "user", "action", "target", "address", "details")
PIECE = 1000
MOST_EXPORTED = 1_000_000


class BadSearch(ValueError):
    """A search that cannot be made. ``field`` says which part is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Search:
    """What entries are looked for; what is empty fits all. ``action`` is the beginning of one, ``target`` and ``q`` parts."""

    user: str = ""
    action: str = ""
    target: str = ""
    q: str = ""
    start: float | None = None
    end: float | None = None


def search_of(given: Mapping[str, str]) -> Search:
    """What somebody typed, understood. Raises BadSearch."""
    typed = {name: given.get(name, "").strip()[:255] for name in FIELDS}
    start, end = moment(typed["from"], "from"), moment(typed["to"], "to")
    if start is not None and end is not None and end <= start:
        raise BadSearch("to", "the end must be after the beginning")
    return Search(typed["user"], typed["action"], typed["target"], typed["q"], start, end)


def moment(text: str, field: str) -> float | None:
    """Seconds since the epoch of a day or a day and time (UTC), or of seconds; the end of a day where it is a ``to``."""
    if not text:
        return None
    try:
        if text.replace(".", "", 1).isdigit() and len(text) < 18:
            return float(text)
        found = datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
        whole_day = field == "to" and len(text) == len("2026-01-31")
        return (found + timedelta(days=1 if whole_day else 0)).timestamp()
    except (ValueError, OverflowError):
        raise BadSearch(
            field, f"a day or time (UTC) such as 2026-01-31 or 2026-01-31 09:00, not {text[:40]!r}"
        ) from None


def query(search: Search) -> Select[AuditEntry]:
    """The entries that fit, in no order yet."""
    found = select(AuditEntry)
    if search.user:
        found = found.where(AuditEntry.user == search.user)
    if search.action:
        found = found.where(AuditEntry.action.startswith(search.action, autoescape=True))
    if search.target:
        found = found.where(AuditEntry.target.contains(search.target, autoescape=True))
    if search.q:
        columns = (AuditEntry.user, AuditEntry.action, AuditEntry.target, AuditEntry.address)
        anywhere = [column.contains(search.q, autoescape=True) for column in columns]
        found = found.where(or_(*anywhere, cast(AuditEntry.details, String).contains(search.q, autoescape=True)))
    if search.start is not None:
        found = found.where(AuditEntry.at >= search.start)
    if search.end is not None:
        found = found.where(AuditEntry.at < search.end)
    return found


def total(session: Session, search: Search) -> int:
    """How many entries fit."""
    return session.scalar(select(func.count()).select_from(query(search).subquery())) or 0


def entry_json(row: AuditEntry) -> dict[str, Any]:
    """One entry, with the seal that binds it to the one before."""
    return {**{name: getattr(row, name) for name in COLUMNS}, "chain": row.chain}


def exported(readers: sessionmaker[Session], search: Search, form: str) -> Iterator[bytes]:
    """All that fit, oldest first, as lines of JSON or CSV. Each piece is read in a transaction of its own: a slow line keeps none
    open.
    """
    if form == "csv":
        yield _csv([[*COLUMNS]])
    after, given = 0, 0
    while given < MOST_EXPORTED:
        with readers() as session:
            piece = query(search).where(AuditEntry.id > after).order_by(AuditEntry.id).limit(PIECE)
            rows = [entry_json(row) for row in session.scalars(piece)]
        if not rows:
            return
        after, given = rows[-1]["id"], given + len(rows)
        yield _csv([_cells(row) for row in rows]) if form == "csv" else _lines(rows)


def _lines(rows: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, sort_keys=True) + "\n" for row in rows).encode()


def _cells(row: dict[str, Any]) -> list[str]:
    at = datetime.fromtimestamp(row["at"], UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    texts = [row["user"], row["action"], row["target"], row["address"], json.dumps(row["details"], sort_keys=True)]
    return [str(row["id"]), at, *(_harmless(text) for text in texts)]


def _harmless(text: str) -> str:
    """A spreadsheet takes no text for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
