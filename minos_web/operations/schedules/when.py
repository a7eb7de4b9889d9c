"""PURE. When something is due: once, every so many seconds, or by a line of cron in a zone, and in which hours of the day.

Cron is read by cronsim, which does as Debian's cron does. At a change to summer time a fixed time that the clocks leave out
comes when they go on; at a change back a time that they show twice comes once, at the first. What runs every hour or every
few minutes goes by the clock as it is: none is added, none is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from cronsim import CronSim, CronSimError

from minos_web.operations.refusal import Refused

TIMINGS = ("once", "every", "cron")
SHORTEST, LONGEST = 60, 366 * 86400
MOST_TRIES = 3000
"""So many times in a row may lie outside of the hours before it is said that none lies in them."""
LONGEST_CRON = 120
_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3]):([0-5]\d)")
_LOCAL = "%Y-%m-%d %H:%M"


@dataclass(frozen=True)
class Hours:
    """From ``opens`` until ``closes``, in minutes after midnight of ``zone``; over midnight when that is earlier."""

    opens: int
    closes: int
    zone: str

    def hold(self, at: float) -> bool:
        """Whether a moment lies in them."""
        local = local_of(at, self.zone)
        return (local.hour * 60 + local.minute - self.opens) % 1440 < (self.closes - self.opens) % 1440

    def next_close(self, at: float) -> float:
        """When they end next after a moment."""
        return self._next(self.closes, at)

    def next_open(self, at: float) -> float:
        """When they begin next after a moment."""
        return self._next(self.opens, at)

    def _next(self, minutes: int, at: float) -> float:
        local = local_of(at, self.zone)
        found = local.replace(hour=minutes // 60, minute=minutes % 60, second=0, microsecond=0)
        return (found if found.timestamp() > at else found + timedelta(days=1)).timestamp()

    def __str__(self) -> str:
        return f"{_clock(self.opens)}–{_clock(self.closes)}"


@dataclass(frozen=True)
class When:
    """``timing``: once (``at``), every (``every`` seconds, counted from ``at``) or cron (``cron``)."""

    timing: str
    at: float = 0.0
    every: int = 0
    cron: str = ""
    zone: str = "UTC"
    hours: Hours | None = None


def next_after(when: When, moment: float) -> float | None:
    """The first time after ``moment`` that lies in the hours; None when there is none."""
    for tries, found in enumerate(_all_after(when, moment)):
        if when.hours is None or when.hours.hold(found):
            return found
        if tries >= MOST_TRIES:
            return None
    return None


def next_times(when: When, moment: float, most: int) -> list[float]:
    """The next times, at most so many."""
    found: list[float] = []
    while len(found) < most:
        following = next_after(when, found[-1] if found else moment)
        if following is None:
            break
        found.append(following)
    return found


def due_times(when: When, first: float, now: float, most: int) -> tuple[list[float], bool]:
    """Times from ``first`` until ``now``, the newest ``most`` of them, oldest first; and whether there were others before.

    It looks back from now step by step: a console that was down for a month must not go through every minute of it.
    """
    span = 3600.0
    while True:
        begin = max(first, now - span)
        found: list[float] = []
        following = next_after(when, begin - 0.5)
        while following is not None and following <= now:
            found.append(following)
            following = next_after(when, following)
        if len(found) > most:
            return found[-most:], True
        if begin == first:
            return found, False
        span *= 8


def checked(when: When, now: float) -> float:
    """The next time of what somebody wants. Raises Refused with the field that is wrong."""
    if when.timing not in TIMINGS:
        raise Refused("bad-option", f"timing is one of {', '.join(TIMINGS)}, not {when.timing[:40]!r}", "timing")
    check_zone(when.zone)
    if when.timing == "every" and not SHORTEST <= when.every <= LONGEST:
        raise Refused("bad-option", "every is between 60 seconds and 366 days", "every")
    if when.timing == "cron":
        check_cron(when.cron)
    if when.timing == "once" and when.at <= now:
        raise Refused("bad-option", f"{local_words(when.at, when.zone)} has passed: choose a time to come", "at")
    found = next_after(when, now)
    if found is None and when.hours is not None:
        raise Refused("bad-option", f"none of its times lies between {when.hours} {when.zone}", "hours")
    if found is None:
        raise Refused("bad-option", "there is no such day in the next fifty years", "cron")
    return found


def check_zone(name: str) -> None:
    """Raises Refused for what is no zone."""
    try:
        _zone(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        text = f"there is no zone {name[:64]!r}; zones are called UTC, Europe/Berlin, Asia/Shanghai and so on"
        raise Refused("bad-option", text, "zone") from None


def check_cron(text: str) -> None:
    """Raises Refused for what is no line of cron."""
    fields = "minute, hour, day of month, month and day of week, e.g. 30 2 * * 1-5"
    if len(text) > LONGEST_CRON or len(text.split()) != 5:
        raise Refused("bad-option", f"cron has five fields: {fields}", "cron")
    try:
        CronSim(text, datetime(2026, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        raise Refused("bad-option", f"{error}: cron has {fields}", "cron") from None


def hours_of(text: str, zone: str) -> Hours | None:
    """Hours as somebody wrote them, 22:00-06:00; None for none. Raises Refused."""
    if not text.strip():
        return None
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        raise Refused("bad-option", f"hours are written as 22:00-06:00, not {text[:40]!r}", "hours")
    first, first_minute, last, last_minute = map(int, found.groups())
    hours = Hours(first * 60 + first_minute, last * 60 + last_minute, zone)
    if hours.opens == hours.closes:
        raise Refused("bad-option", "the hours begin and end at the same time: leave them empty for all day", "hours")
    return hours


def moment_of(text: str, zone: str, field: str) -> float:
    """A local time as somebody wrote it, 2026-12-24 02:30; one that the clocks show twice is the first. Raises Refused."""
    check_zone(zone)
    try:
        local = datetime.strptime(text.strip().replace("T", " ")[:16], _LOCAL).replace(tzinfo=_zone(zone))
    except ValueError:
        raise Refused("bad-option", f"a time is written as 2026-12-24 02:30, not {text[:40]!r}", field) from None
    found = local.timestamp()
    if local_of(found, zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        text = f"{local:%Y-%m-%d %H:%M} does not exist in {zone}: the clocks leave it out that day"
        raise Refused("bad-option", text, field)
    return found


def local_of(at: float, zone: str) -> datetime:
    """A moment as the clocks of a zone show it."""
    return datetime.fromtimestamp(at, _zone(zone))


def local_words(at: float, zone: str) -> str:
    """2026-12-24 02:30 Europe/Berlin."""
    return f"{local_of(at, zone):{_LOCAL}} {zone}"


@cache
def zones() -> tuple[str, ...]:
    """Names of all zones."""
    return tuple(sorted(name for name in available_timezones() if "/" in name or name == "UTC"))


def _all_after(when: When, moment: float) -> Iterator[float]:
    if when.timing == "once":
        if when.at > moment:
            yield when.at
    elif when.timing == "every":
        number = max(0, int((moment - when.at) // when.every) + 1)
        while True:
            yield when.at + number * when.every
            number += 1
    else:
        for found in CronSim(when.cron, local_of(moment, when.zone)):
            # In the second of two same hours it begins with times of the first.
            if found.timestamp() > moment:
                yield found.timestamp()


@cache
def _zone(name: str) -> ZoneInfo:
    if not name or name.startswith("/") or ".." in name:
        raise ValueError(name)
    return ZoneInfo(name)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
