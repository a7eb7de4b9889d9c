"""When rows are counted, and what a count printed: case by case."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from minos_web.operations.row_windows import DAY, Hours, is_due, next_of, progress_in, rows_in

NIGHT, LATE, ALWAYS = Hours(0, 6, 30), Hours(22, 4, 30), Hours(5, 5, 30)


@dataclass
class Row:
    name: str = "t"
    counted_at: float | None = None
    tried_at: float | None = None
    wanted: bool = True
    counting: bool = False


def at(hour: int, minute: int = 30, day: int = 10) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "now", "began", "starts"),
    [
        (NIGHT, at(0, 0), at(0, 0), at(0, 0, 11)),
        (NIGHT, at(5, 59), at(0, 0), at(0, 0, 11)),
        (NIGHT, at(6, 0), None, at(0, 0, 11)),
        (NIGHT, at(23), None, at(0, 0, 11)),
        (LATE, at(21), None, at(22, 0)),
        (LATE, at(22, 0), at(22, 0), at(22, 0, 11)),
        (LATE, at(3), at(22, 0, 9), at(22, 0)),
        (LATE, at(4, 0), None, at(22, 0)),
        (ALWAYS, at(4), at(5, 0, 9), at(5, 0)),
        (ALWAYS, at(12), at(5, 0), at(5, 0, 11)),
    ],
)
def test_hours(hours: Hours, now: datetime, began: datetime | None, starts: datetime) -> None:
    assert (hours.began(now), hours.next_start(now)) == (began, starts)


NOW = at(3)


def ago(days: float) -> float:
    return (NOW - timedelta(days=days)).timestamp()


@pytest.mark.parametrize(
    ("row", "due"),
    [
        (Row(), True),
        (Row(wanted=False), False),
        (Row(counted_at=ago(31)), True),
        (Row(counted_at=ago(29.6)), True),
        (Row(counted_at=ago(29)), False),
        (Row(counted_at=ago(0)), False),
    ],
)
def test_due(row: Row, due: bool) -> None:
    assert is_due(row, NIGHT, NOW) is due


def test_a_short_period_is_kept_too() -> None:
    assert not is_due(Row(counted_at=ago(0.2)), Hours(0, 6, 0.5), NOW)
    assert is_due(Row(counted_at=ago(0.5)), Hours(0, 6, 0.5), NOW)


@pytest.mark.parametrize(
    ("rows", "now", "chosen"),
    [
        ([], NOW, None),
        ([Row("a")], at(12), None),
        ([Row("a", counted_at=ago(40)), Row("b")], NOW, "b"),
        ([Row("a", counted_at=ago(40)), Row("b", counted_at=ago(50))], NOW, "b"),
        ([Row("a", counting=True), Row("b")], NOW, None),
        ([Row("a", counting=True, wanted=False), Row("b")], NOW, None),
        ([Row("a", tried_at=ago(0.01)), Row("b", counted_at=ago(35))], NOW, "b"),
        ([Row("a", tried_at=ago(0.01))], NOW, None),
        ([Row("a", tried_at=ago(1))], NOW, "a"),
        ([Row("a", tried_at=ago(1)), Row("b", tried_at=ago(2))], NOW, "b"),
        ([Row("a", counted_at=ago(3))], NOW, None),
    ],
)
def test_the_next_one(rows: list[Row], now: datetime, chosen: str | None) -> None:
    found = next_of(rows, NIGHT, now)
    assert (found.name if found else None) == chosen


def test_a_day_has_so_many_seconds() -> None:
    assert timedelta(seconds=DAY) == timedelta(days=1)


@pytest.mark.parametrize(
    ("output", "rows", "progress"),
    [
        (b"", None, None),
        (b" map 40% reduce 0%\n", None, 40),
        (b" map 100% reduce 0%\nJob job_1 completed successfully\n\t\tROWS=1234\n", 1234, 100),
        (b"Job job_1 completed successfully\nCounters: 20\n\tBYTES=3\n", 0, None),
        (b"INFO ROWS=7 of it\n", None, None),
        (b"\t\tROWS=7\r\n", 7, None),
        (b"ERROR: Table nosuch does not exist\n", None, None),
    ],
)
def test_what_it_printed(output: bytes, rows: int | None, progress: int | None) -> None:
    assert (rows_in(output), progress_in(output)) == (rows, progress)
