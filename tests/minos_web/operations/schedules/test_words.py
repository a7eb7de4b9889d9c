"""When, in words that people use; and the two simple kinds of cron as a form has them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from minos_web.operations.schedules.when import Hours, When
from minos_web.operations.schedules.words import cron_of, day_and_time, every_words, time_words, words_of

BERLIN = "Europe/Berlin"
EVE = datetime(2026, 12, 24, 2, 30, tzinfo=ZoneInfo(BERLIN)).timestamp()


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (When("once", at=EVE, zone=BERLIN), "once, 2026-12-24 02:30 Europe/Berlin"),
        (When("every", every=60), "every minute"),
        (When("every", every=900), "every 15 minutes"),
        (When("every", every=3600), "every hour"),
        (When("every", every=7200), "every 2 hours"),
        (When("every", every=86400), "every day"),
        (When("every", every=90), "every 90 seconds"),
        (When("cron", cron="30 2 * * *", zone=BERLIN), "every day at 02:30 Europe/Berlin"),
        (When("cron", cron="0 0 * * 0-6"), "every day at 00:00 UTC"),
        (When("cron", cron="5 9 * * 1-5"), "Monday to Friday at 09:05 UTC"),
        (When("cron", cron="5 9 * * 0"), "every Sunday at 09:05 UTC"),
        (When("cron", cron="5 9 * * 7,6"), "every Saturday and Sunday at 09:05 UTC"),
        (When("cron", cron="5 9 * * 1,3,5"), "every Monday, Wednesday and Friday at 09:05 UTC"),
        (When("cron", cron="0 4 1 * *"), "on day 1 of every month at 04:00 UTC"),
        (
            When("cron", cron="0 2 * * *", hours=Hours(22 * 60, 6 * 60, "UTC")),
            "every day at 02:00 UTC, between 22:00 and 06:00",
        ),
    ],
)
def test_words(when: When, words: str) -> None:
    assert words_of(when) == words


@pytest.mark.parametrize(
    "line", ["*/15 * * * *", "0 4 1 * 1", "0 4 1 6 *", "0 4 * * MON#1", "0 4 L * *", "0 4 * * 5-2"]
)
def test_other_lines_are_explained_or_shown(line: str) -> None:
    said = words_of(When("cron", cron=line))
    assert said.endswith(" UTC") and len(said) > 10 and said[0].islower()


@pytest.mark.parametrize(
    ("time", "days", "line"),
    [
        ("02:30", [], "30 2 * * *"),
        ("02:30", [0, 1, 2, 3, 4, 5, 6], "30 2 * * *"),
        ("00:05", [0, 4], "5 0 * * 1,5"),
        ("23:59", [6], "59 23 * * 0"),
    ],
)
def test_a_form_and_its_line(time: str, days: list[int], line: str) -> None:
    assert cron_of(time, days) == line
    assert day_and_time(line) == (time, days if 0 < len(days) < 7 else list(range(7)))


@pytest.mark.parametrize("line", ["*/5 * * * *", "0 4 1 * *", "0 4 * 6 *", "0,30 4 * * *", "0 4 * * MON"])
def test_lines_that_are_no_time_of_the_day(line: str) -> None:
    assert day_and_time(line) is None


def test_a_time_of_today_needs_no_date() -> None:
    assert time_words(EVE, BERLIN, EVE - 3600) == "02:30"
    assert time_words(EVE, BERLIN, EVE - 86400) == "Thu 2026-12-24 02:30"
    assert time_words(EVE, "America/New_York", EVE - 3600) == "20:30"


def test_weeks_are_days() -> None:
    assert every_words(7 * 86400) == "every 7 days"
