"""PURE. When something is due, in words: every day at 02:30 Europe/Berlin."""

import re

from cronsim import CronSim, CronSimError

from minos_web.operations.schedules.when import When, local_of, local_words

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
_FIXED = re.compile(r"(\d{1,2}) (\d{1,2}) (\*|\d{1,2}) \* (\*|[0-7](?:[,-][0-7])*)")


def words_of(when: When) -> str:
    """One line without a capital and full stop."""
    if when.timing == "once":
        found = f"once, {local_words(when.at, when.zone)}"
    elif when.timing == "every":
        found = every_words(when.every)
    else:
        found = f"{_cron_words(when.cron)} {when.zone}"
    if when.hours is None:
        return found
    opens, closes = str(when.hours).split("–")
    return f"{found}, between {opens} and {closes}"


def every_words(seconds: int) -> str:
    """every 15 minutes · every hour."""
    size, unit = next((size, unit) for size, unit in _UNITS if seconds % size == 0)
    number = seconds // size
    return f"every {unit}" if number == 1 else f"every {number} {unit}s"


def day_and_time(cron: str) -> tuple[str, list[int]] | None:
    """("02:30", days from 0 for Monday, all of them for every day) of a line that says just that; None for others."""
    found = _FIXED.fullmatch(" ".join(cron.split()))
    if found is None or found[3] != "*":
        return None
    days = _days(found[4])
    return (_time(found[1], found[2]), days) if days else None


def cron_of(time: str, days: list[int]) -> str:
    """The line of cron for a time of the day on such days (from 0 for Monday); all days for none."""
    hour, _, minute = time.partition(":")
    # cron counts from 0 for Sunday
    some = "*" if len(set(days)) in (0, 7) else ",".join(str(one) for one in sorted((day + 1) % 7 for day in set(days)))
    return f"{int(minute)} {int(hour)} * * {some}"


def time_words(at: float, zone: str, now: float) -> str:
    """Tue 2026-12-01 02:30, or 02:30 when it is of the same day in the zone."""
    local, today = local_of(at, zone), local_of(now, zone)
    return f"{local:%H:%M}" if local.date() == today.date() else f"{local:%a %Y-%m-%d %H:%M}"


def _cron_words(cron: str) -> str:
    found = _FIXED.fullmatch(" ".join(cron.split()))
    days = _days(found[4]) if found else None
    if found is None or days is None or (found[3] != "*" and len(days) < 7):
        return _explained(cron)
    time = _time(found[1], found[2])
    if found[3] != "*":
        return f"on day {int(found[3])} of every month at {time}"
    return f"{_day_words(days)} at {time}"


def _day_words(days: list[int]) -> str:
    if len(days) == 7:
        return "every day"
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{DAYS[days[0]]} to {DAYS[days[-1]]}"
    named = [DAYS[day] for day in days]
    return f"every {named[0]}" if len(named) == 1 else f"every {', '.join(named[:-1])} and {named[-1]}"


def _days(text: str) -> list[int] | None:
    """Days of cron's last field from 0 for Monday; None for a range that runs backwards."""
    if text == "*":
        return list(range(7))
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        if "-" in last or int(last or first) < int(first):
            return None
        found |= {(day + 6) % 7 for day in range(int(first), int(last or first) + 1)}
    return sorted(found)


def _time(minute: str, hour: str) -> str:
    return f"{int(hour):02d}:{int(minute):02d}"


def _explained(cron: str) -> str:
    from datetime import UTC, datetime

    try:
        said: str = CronSim(cron, datetime(2026, 1, 1, tzinfo=UTC)).explain()
    except CronSimError:
        return f"cron {cron}"
    return said[:1].lower() + said[1:]
