"""When something is due: tables of days on which clocks are changed, leap days, hours of the day, and years of it at once."""

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minos_web.operations.refusal import Refused
from minos_web.operations.schedules.when import (
    Hours,
    When,
    checked,
    due_times,
    hours_of,
    local_of,
    moment_of,
    next_after,
    next_times,
    zones,
)

BERLIN, NEW_YORK, LORD_HOWE = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"
DAYS_OF_BERLIN = ("2026-03-29", "2026-10-25")
"""At 02:00 its clocks go on by an hour; at 03:00 they go back by one."""


def at(text: str, zone: str = "UTC", fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp()


def shown(moment: float, zone: str) -> str:
    local = local_of(moment, zone)
    return f"{local:%m-%d %H:%M%z}"


def cron(line: str, zone: str = "UTC", hours: str = "") -> When:
    return When("cron", cron=line, zone=zone, hours=hours_of(hours, zone))


@pytest.mark.parametrize(
    ("line", "zone", "after", "times"),
    [
        # A time that the clocks leave out comes when they go on, on that day only.
        ("30 2 * * *", BERLIN, "2026-03-28T12:00", ["03-29 03:00+0200", "03-30 02:30+0200"]),
        ("0 2 * * *", BERLIN, "2026-03-28T12:00", ["03-29 03:00+0200", "03-30 02:00+0200"]),
        ("30 2 * * *", NEW_YORK, "2026-03-07T12:00", ["03-08 03:00-0400", "03-09 02:30-0400"]),
        # One that is left out and one that is there may fall together: once.
        ("0 2,3 * * *", BERLIN, "2026-03-29T00:00", ["03-29 03:00+0200", "03-30 02:00+0200"]),
        ("59 1 * * *", BERLIN, "2026-03-28T12:00", ["03-29 01:59+0100", "03-30 01:59+0200"]),
        # A time that they show twice comes at the first.
        ("30 2 * * *", BERLIN, "2026-10-24T12:00", ["10-25 02:30+0200", "10-26 02:30+0100"]),
        ("30 1 * * *", NEW_YORK, "2026-10-31T12:00", ["11-01 01:30-0400", "11-02 01:30-0500"]),
        ("0 3 * * *", BERLIN, "2026-10-24T12:00", ["10-25 03:00+0100", "10-26 03:00+0100"]),
        # What runs every hour goes by the clock as it is: one less, one more.
        ("0 * * * *", BERLIN, "2026-03-29T00:30", ["03-29 01:00+0100", "03-29 03:00+0200", "03-29 04:00+0200"]),
        ("0 * * * *", BERLIN, "2026-10-25T01:30", ["10-25 02:00+0200", "10-25 02:00+0100", "10-25 03:00+0100"]),
        # Clocks that move by half an hour, and zones that are off by a quarter of one.
        ("10 2 * * *", LORD_HOWE, "2026-10-03T12:00", ["10-04 02:30+1100", "10-05 02:10+1100"]),
        ("30 2 * * *", "Asia/Kathmandu", "2026-01-01T00:00", ["01-01 02:30+0545", "01-02 02:30+0545"]),
        # Leap days, ends of months, days of the week as cron has them.
        ("0 12 29 2 *", "UTC", "2026-01-01T00:00", ["02-29 12:00+0000", "02-29 12:00+0000"]),
        ("0 0 31 * *", "UTC", "2026-03-31T00:00", ["05-31 00:00+0000", "07-31 00:00+0000"]),
        ("0 0 * * 0", "UTC", "2026-12-01T00:00", ["12-06 00:00+0000", "12-13 00:00+0000"]),
        ("0 0 * * 7", "UTC", "2026-12-01T00:00", ["12-06 00:00+0000", "12-13 00:00+0000"]),
        ("0 0 13 * 5", "UTC", "2026-12-01T00:00", ["12-04 00:00+0000", "12-11 00:00+0000", "12-13 00:00+0000"]),
        ("0 0 1 1 *", "UTC", "2026-06-01T00:00", ["01-01 00:00+0000"]),
    ],
)
def test_lines_of_cron(line: str, zone: str, after: str, times: list[str]) -> None:
    found = next_times(cron(line, zone), at(after, zone), len(times))
    assert [shown(moment, zone) for moment in found] == times


def test_leap_days_are_four_years_apart() -> None:
    found = next_times(cron("0 12 29 2 *"), at("2026-01-01"), 3)
    assert [local_of(moment, "UTC").year for moment in found] == [2028, 2032, 2036]


def test_in_the_second_of_two_same_hours_the_time_of_the_first_is_over() -> None:
    found = next_after(cron("30 2 * * *", BERLIN), at("2026-10-25T02:10", BERLIN, fold=1))
    assert found is not None and shown(found, BERLIN) == "10-26 02:30+0100"


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, LORD_HOWE, "Africa/Casablanca", "America/Havana", "UTC"])
@pytest.mark.parametrize("line", ["30 2 * * *", "0 0 * * *", "15 1 * * *", "59 23 * * *"])
def test_a_time_of_the_day_comes_once_on_each_day_of_two_years(zone: str, line: str) -> None:
    days = [local_of(one, zone).date() for one in next_times(cron(line, zone), at("2026-01-01", zone) - 60, 730)]
    assert days == [datetime(2026, 1, 1).date() + timedelta(days=number) for number in range(len(days))]


@pytest.mark.parametrize("day", DAYS_OF_BERLIN)
def test_every_quarter_of_an_hour_is_every_quarter_whatever_the_clocks_do(day: str) -> None:
    found = next_times(cron("*/15 * * * *", BERLIN), at(f"{day}T00:00", BERLIN), 40)
    assert {after - before for before, after in pairwise(found)} == {900.0}


def test_every_so_many_seconds_are_counted_from_the_first_whatever_the_clocks_do() -> None:
    when = When("every", at=at("2026-03-28T20:00", BERLIN), every=6 * 3600, zone=BERLIN)
    found = next_times(when, at("2026-03-28T19:00", BERLIN), 3)
    assert [shown(one, BERLIN) for one in found] == ["03-28 20:00+0100", "03-29 03:00+0200", "03-29 09:00+0200"]
    assert next_after(when, found[1]) == found[2] and next_after(when, found[1] + 1) == found[2]


def test_once_is_once() -> None:
    when = When("once", at=100.0)
    assert next_times(when, 99.0, 3) == [100.0] and next_after(when, 100.0) is None


@pytest.mark.parametrize(
    ("hours", "zone", "moment", "inside"),
    [
        ("22:00-06:00", "UTC", "2026-12-01T23:00", True),
        ("22:00-06:00", "UTC", "2026-12-01T05:59", True),
        ("22:00-06:00", "UTC", "2026-12-01T06:00", False),
        ("22:00-06:00", "UTC", "2026-12-01T21:59", False),
        ("09:00-17:30", "UTC", "2026-12-01T17:29", True),
        ("09:00-17:30", "UTC", "2026-12-01T17:30", False),
        ("00:00-00:01", "UTC", "2026-12-01T00:00", True),
    ],
)
def test_hours_hold_their_beginning_and_not_their_end(hours: str, zone: str, moment: str, inside: bool) -> None:
    found = hours_of(hours, zone)
    assert found is not None and found.hold(at(moment, zone)) == inside


@pytest.mark.parametrize(
    ("moment", "closes", "opens"),
    [
        ("2026-12-01T23:00", "12-02 06:00+0100", "12-02 22:00+0100"),
        ("2026-12-01T06:00", "12-02 06:00+0100", "12-01 22:00+0100"),
        ("2026-03-28T23:00", "03-29 06:00+0200", "03-29 22:00+0200"),
        ("2026-10-24T23:00", "10-25 06:00+0100", "10-25 22:00+0100"),
    ],
)
def test_hours_begin_and_end_by_the_clock(moment: str, closes: str, opens: str) -> None:
    hours = Hours(22 * 60, 6 * 60, BERLIN)
    assert shown(hours.next_close(at(moment, BERLIN)), BERLIN) == closes
    assert shown(hours.next_open(at(moment, BERLIN)), BERLIN) == opens


def test_times_outside_of_the_hours_are_left_out() -> None:
    when = cron("0 */3 * * *", hours="22:00-06:00")
    found = next_times(when, at("2026-12-01T12:00"), 5)
    assert [f"{local_of(one, 'UTC'):%d %H}" for one in found] == ["02 00", "02 03", "03 00", "03 03", "04 00"]


@pytest.mark.parametrize(
    ("when", "field", "words"),
    [
        (When("weekly"), "timing", "once, every, cron"),
        (When("every", every=59), "every", "60 seconds"),
        (When("every", every=10**9), "every", "366 days"),
        (When("once", at=10.0), "at", "has passed"),
        (When("cron", cron="* * * *"), "cron", "five fields"),
        (When("cron", cron="* * * * * *"), "cron", "five fields"),
        (When("cron", cron="60 * * * *"), "cron", "minute"),
        (When("cron", cron="0 0 30 2 *"), "cron", ""),
        (When("cron", cron="@daily"), "cron", "five fields"),
        (When("cron", cron="0 12 * * *", hours=Hours(0, 60, "UTC")), "hours", "none of its times"),
        (When("every", every=60, zone="Europe/Nowhere"), "zone", "no zone"),
        (When("every", every=60, zone="../../etc/passwd"), "zone", "no zone"),
        (When("every", every=60, zone="/etc/localtime"), "zone", "no zone"),
        (When("every", every=60, zone=""), "zone", "no zone"),
        (When("every", every=60, zone="x" * 500), "zone", "no zone"),
    ],
)
def test_what_is_no_time(when: When, field: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        checked(when, 1000.0)
    assert refused.value.field == field and words in refused.value.message


@pytest.mark.parametrize("text", ["22-06", "22:00", "25:00-06:00", "22:60-06:00", "a-b", "06:00-06:00"])
def test_what_are_no_hours(text: str) -> None:
    with pytest.raises(Refused) as refused:
        hours_of(text, "UTC")
    assert refused.value.field == "hours"


def test_a_local_time_is_a_moment_and_one_that_is_not_there_is_refused() -> None:
    assert moment_of("2026-12-24T02:30", BERLIN, "once") == at("2026-12-24T02:30", BERLIN)
    assert moment_of("2026-10-25 02:30", BERLIN, "once") == at("2026-10-25T02:30", BERLIN)  # the first of two
    for text in ("2026-03-29 02:30", "2026-13-01 00:00", "tomorrow", ""):
        with pytest.raises(Refused) as refused:
            moment_of(text, BERLIN, "once")
        assert refused.value.field == "once"


@pytest.mark.parametrize(
    ("when", "first", "now", "found", "more"),
    [
        (When("every", every=3600), 3600.0, 3 * 3600.0, [3600.0, 7200.0, 10800.0], False),
        (When("every", every=3600), 3600.0, 3 * 3600.0 - 1, [3600.0, 7200.0], False),
        (When("every", every=60), 60.0, 86400.0, [86400.0 - 60 * back for back in (3, 2, 1, 0)], True),
        (When("once", at=50.0), 50.0, 1e6, [50.0], False),
        (When("every", every=86400), 86400.0, 86400.0 * 9, [86400.0 * day for day in (6, 7, 8, 9)], True),
    ],
)
def test_the_newest_of_what_is_due(when: When, first: float, now: float, found: list[float], more: bool) -> None:
    assert due_times(when, first, now, 4) == (found, more)


def test_a_month_away_is_not_gone_through_minute_by_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[float] = []

    def counted(when: When, moment: float) -> float | None:
        calls.append(moment)
        return next_after(when, moment)

    monkeypatch.setattr("minos_web.operations.schedules.when.next_after", counted)
    found, more = due_times(cron("* * * * *"), at("2026-10-01"), at("2026-11-01"), 11)
    assert len(found) == 11 and more and len(calls) < 100


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["30 2 * * *", "*/7 * * * *", "0 0 29 2 *", "15 3 * * 1,3", "0 0,12 1-7 * *", "5 */2 * * *"]),
    st.sampled_from([BERLIN, NEW_YORK, "UTC", "Asia/Shanghai"]),
    st.floats(at("2026-01-01"), at("2028-12-31")),
)
def test_the_next_one_is_later_and_none_lies_between(line: str, zone: str, moment: float) -> None:
    when = cron(line, zone)
    found = next_after(when, moment)
    assert found is not None and found > moment and math.fmod(found, 60) == 0
    assert next_after(when, (moment + found) / 2) == found
    assert due_times(when, found, found, 3) == ([found], False)


def test_zones_are_those_that_people_name() -> None:
    assert {"UTC", BERLIN, "Asia/Shanghai"} <= set(zones()) and datetime.now(UTC).tzinfo is UTC
