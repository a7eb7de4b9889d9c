"""Counters that programs outside Minos push: checked as a whole, the newest value kept, every value in the history."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import msgspec
from sqlalchemy import delete, func, insert, select, tuple_
from sqlalchemy.orm import Session

from minos_web.models.counters import Counter
from minos_web.monitor.series.port import Batch, SeriesName
from minos_web.monitor.series.writing import SeriesWriter
from minos_web.operations.refusal import Refused

FRESH_SECONDS, OLD_SECONDS = 15.0, 120.0
"""A value is told to other programs while it is fresh; a late one may still come back, an old one is a matter of the past."""
MOST_AT_ONCE, MOST_KEPT = 1000, 20_000
"""Counters in one push, and counters that are known at a time: each is a series of its own."""
_LONGEST = {"group": 64, "name": 128, "endpoint": 128, "unit": 32, "label": 255}
_LONGEST_METRIC = 160
_NEEDED = ("group", "name", "endpoint")
Key = tuple[str, str, str]
"""Group, name and endpoint."""


class Pushed(msgspec.Struct, forbid_unknown_fields=True):
    """One value as it is pushed. ``endpoint`` is what it speaks of; empty: the address that it came from."""

    group: str
    name: str
    value: float
    unit: str
    endpoint: str = ""
    label: str = ""


@dataclass(frozen=True)
class Push:
    """One push: its ``counters`` in order, the ``address`` it came from, whose token brought it, and when."""

    counters: Sequence[Pushed]
    address: str
    user: str
    now: float


def store(session: Session, push: Push) -> int:
    """Keep a push, all of it or nothing; how many counters it named. One that is named twice has its last value.

    Raises Refused with the place of what is wrong, e.g. ``[3].name``.
    """
    rows = {_key(row): row for number, one in enumerate(push.counters) for row in [_row(push, one, number)]}
    if not rows:
        return 0
    _check_room(session, set(rows))
    values = [{**row, "at": push.now, "pushed_by": push.user} for row in rows.values()]
    session.execute(_insert_or_renew(session), values)
    _keep_history(session, list(rows.values()), push.now)
    return len(rows)


def _keep_history(session: Session, rows: Sequence[dict[str, Any]], now: float) -> None:
    """The one place that writes counters into the series."""
    samples = [(series_of(row["group"], row["name"], row["endpoint"]), int(now), row["value"]) for row in rows]
    SeriesWriter().store(session, Batch("counters", uuid4().hex), samples)


def metric_of(group: str, name: str) -> str:
    """What the series of a counter is called: ``counter.<group>.<name>``. A dot of the group is written %2E, so that no two
    counters share a series.
    """
    return f"counter.{group.replace('%', '%25').replace('.', '%2E')}.{name}"


def series_of(group: str, name: str, endpoint: str) -> SeriesName:
    """The series of one counter; its endpoint is the host."""
    return SeriesName(metric_of(group, name), endpoint)


def age_of(at: float, now: float) -> str:
    """fresh, late or old."""
    age = now - at
    return "fresh" if age <= FRESH_SECONDS else "late" if age <= OLD_SECONDS else "old"


def fresh_counters(session: Session, now: float, seconds: float = FRESH_SECONDS) -> list[Counter]:
    """Counters that were pushed within so many seconds, in order of endpoint, group and name."""
    wanted = select(Counter).where(Counter.at >= now - seconds)
    return list(session.scalars(wanted.order_by(Counter.endpoint, Counter.group, Counter.name)))


def forget_counters(session: Session, before: float) -> int:
    """Delete counters that nobody pushed since ``before``; how many."""
    gone = session.execute(delete(Counter).where(Counter.at < before))
    return gone.rowcount  # type: ignore[no-any-return,attr-defined]


def _key(row: dict[str, Any]) -> Key:
    return row["group"], row["name"], row["endpoint"]


def _row(push: Push, one: Pushed, number: int) -> dict[str, Any]:
    """The columns of one counter. Raises Refused with its number in the list and its field."""
    row = {field: str(getattr(one, field)).strip() for field in _LONGEST}
    row["endpoint"] = row["endpoint"] or push.address
    for field, longest in _LONGEST.items():
        text, at = row[field], f"[{number}].{field}"
        if field in _NEEDED and not text:
            raise Refused("invalid", f"{field} must not be empty", at)
        if len(text) > longest:
            raise Refused("invalid", f"{field} has at most {longest} characters, not {len(text)}", at)
        if not text.isprintable():
            raise Refused("invalid", f"{field} holds a character that cannot be shown", at)
    if len(metric_of(row["group"], row["name"])) > _LONGEST_METRIC:
        most = _LONGEST_METRIC - len(metric_of("", ""))
        raise Refused("invalid", f"group and name together have at most {most} characters", f"[{number}].name")
    if not math.isfinite(one.value):
        raise Refused("invalid", "value must be a finite number", f"[{number}].value")
    return {**row, "value": one.value}


def _check_room(session: Session, keys: set[Key]) -> None:
    columns = tuple_(Counter.group, Counter.name, Counter.endpoint)
    known = session.scalar(select(func.count()).select_from(Counter)) or 0
    if known + len(keys) <= MOST_KEPT:
        return
    renewed = session.scalar(select(func.count()).select_from(Counter).where(columns.in_(sorted(keys)))) or 0
    if known + len(keys) - renewed > MOST_KEPT:
        text = f"{known} counters are known and at most {MOST_KEPT} are kept; those that nobody pushes are forgotten"
        raise Refused("too-many", text)


def _insert_or_renew(session: Session) -> Any:
    """Insert that renews the row which is there already, on every database in one statement: pushes cross each other."""
    fields = ("value", "unit", "label", "at", "pushed_by")
    if session.get_bind().dialect.name in ("mysql", "mariadb"):
        from sqlalchemy.dialects.mysql import insert as mysql_insert

        renewing = mysql_insert(Counter)
        return renewing.on_duplicate_key_update({field: renewing.inserted[field] for field in fields})
    from sqlalchemy.dialects.postgresql import insert as postgresql_insert
    from sqlalchemy.dialects.sqlite import insert as sqlite_insert

    kinds = {"sqlite": sqlite_insert, "postgresql": postgresql_insert}
    adding: Any = kinds.get(session.get_bind().dialect.name, insert)(Counter)
    return adding.on_conflict_do_update(
        index_elements=_NEEDED, set_={field: adding.excluded[field] for field in fields}
    )
