"""PURE. When rows are counted: in which hours of the day, how often, and what comes next; and what a count printed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

DAY = 86400.0
_ROWS = re.compile(rb"^\s*ROWS=(\d+)\s*$", re.MULTILINE)
_PROGRESS = re.compile(rb"map (\d{1,3})% reduce")
_WHOLE = b"completed successfully"


class TableRow(Protocol):
    """What is looked at of a table."""

    wanted: Any
    counted_at: Any
    tried_at: Any
    counting: Any


Row = TypeVar("Row", bound=TableRow)


@dataclass(frozen=True)
class Hours:
    """Counts begin from ``start`` o'clock until ``end`` o'clock; past midnight when that is earlier, all day when it is the
    same. Each table is counted every ``period_days``.
    """

    start: int
    end: int
    period_days: float

    def began(self, now: datetime) -> datetime | None:
        """When the hours in which ``now`` lies began; None outside of them."""
        today = now.replace(hour=self.start, minute=0, second=0, microsecond=0)
        inside = (now.hour - self.start) % 24 < ((self.end - self.start) % 24 or 24)
        if not inside:
            return None
        return today if today <= now else today - timedelta(days=1)

    def next_start(self, now: datetime) -> datetime:
        """When the next hours begin, after those in which ``now`` lies."""
        today = now.replace(hour=self.start, minute=0, second=0, microsecond=0)
        return today if today > now else today + timedelta(days=1)


def next_of(rows: Iterable[Row], hours: Hours, now: datetime) -> Row | None:
    """The table of one cluster that is counted now: none outside of the hours or while another one is; of those that are due
    the one that waits longest. One that was tried in these hours has its next turn in the next ones.
    """
    rows, began = list(rows), hours.began(now)
    if began is None or any(row.counting for row in rows):
        return None
    due = [row for row in rows if is_due(row, hours, now) and (row.tried_at or 0) < began.timestamp()]
    return min(due, key=lambda row: (row.counted_at or 0, row.tried_at or 0), default=None)


def is_due(row: TableRow, hours: Hours, now: datetime) -> bool:
    """Whether a table is to be counted and was not within the period. Half a day is forgiven: a table that was counted late
    in its hours does not slip into the day after next.
    """
    age = now.timestamp() - (row.counted_at or 0)
    return bool(row.wanted) and age >= hours.period_days * DAY - min(0.5, hours.period_days / 2) * DAY


def rows_in(output: bytes) -> int | None:
    """The number of rows that HBase's counter printed; None when it did not come to an end."""
    found = _ROWS.findall(output)
    if found:
        return int(found[-1])
    return 0 if _WHOLE in output else None  # it prints no number of nothing


def progress_in(output: bytes) -> int | None:
    """How many percent of a table are counted; None when that is not told yet."""
    found = _PROGRESS.findall(output)
    return min(100, int(found[-1])) if found else None
