"""PURE. The life of an alert: pending, firing, resolved; unknown when nothing is told any more; flapping when it changes all
the time. Live checks and back-tests walk through the same one.
"""

import math
from dataclasses import dataclass, replace

from minos_web.monitor.alerts.finding import BAD, ERROR, GONE, OK, UNKNOWN, Finding

PENDING, FIRING, RESOLVED = "pending", "firing", "resolved"
FLAP_SECONDS = 900.0
"""Changes within so many seconds are counted together; without one for as long it is calm again."""
FLAP_CHANGES = 3
"""So many changes that people would hear of, after the first, are too many: they hear that it flaps."""


@dataclass(frozen=True)
class Limits:
    """How many checks in a row count, and for how long it must be bad. What is bad, now more and now less, for more than
    ``patience`` seconds fires whatever the count is.
    """

    checks: int = 3
    for_seconds: float = 0.0
    patience: float = math.inf


def limits_of(for_seconds: float, checks: int, seconds: float) -> Limits:
    """Limits of a rule, when ``seconds`` lie between two checks."""
    return Limits(checks, for_seconds, for_seconds + 3 * checks * seconds)


@dataclass(frozen=True)
class Life:
    """See models/alerts.Alert. ``level`` is the one that counts: another that is seen counts after as many checks."""

    state: str
    level: str
    seen: str
    checks: int
    since: float
    fired_at: float | None = None
    unknown_since: float | None = None
    resolved_at: float | None = None
    flips: tuple[float, ...] = ()
    flapping_since: float | None = None

    @property
    def open(self) -> bool:
        """Whether it is not over."""
        return self.state != RESOLVED

    def is_unknown(self, limits: Limits) -> bool:
        """Whether nothing was told for so many checks that people should know."""
        return self.seen == UNKNOWN and self.checks >= limits.checks


@dataclass(frozen=True)
class Event:
    """What happened; ``kind`` is one of models/alerts.AlertEvent."""

    kind: str
    text: str = ""


Step = tuple[Life | None, tuple[Event, ...]]


def advance(life: Life | None, finding: Finding, now: float, limits: Limits) -> Step:
    """One more check. No life: nothing is wrong, nor was of late. A life that comes back as None was never worth a word."""
    if life is None or not life.open:
        return _begin(life, finding, now, limits)
    if finding.seen == GONE:
        return _over(life, now, finding.reason or "it is not there any more")
    if life.state == PENDING:
        return _pending(life, finding, now, limits)
    counted, events = _counted(life, finding, now, limits)
    if life.flapping_since is not None:
        return _flapping(life, counted, events, now)
    return _firing(life, counted, events, now, limits)


def _begin(life: Life | None, finding: Finding, now: float, limits: Limits) -> Step:
    """Something bad where nothing was; what was over a moment ago goes on, so that flapping is seen."""
    if finding.seen not in BAD:
        return life, ()
    if life is not None and now - (life.resolved_at or 0.0) <= FLAP_SECONDS:
        begun = replace(
            life, state=PENDING, level=finding.seen, seen=finding.seen, checks=1, since=now, resolved_at=None
        )
    else:
        begun = Life(PENDING, finding.seen, finding.seen, 1, now)
    return _fire(begun, (Event("pending", finding.reason),), now, limits, finding.reason)


def _pending(life: Life, finding: Finding, now: float, limits: Limits) -> Step:
    if finding.seen == OK:
        if life.fired_at is None:
            return None, ()
        over = replace(life, state=RESOLVED, seen=OK, checks=1, unknown_since=None, resolved_at=now)
        return over, (Event("resolved", "good before it fired again"),)
    counted, events = _counted(life, finding, now, limits)
    if life.fired_at is None and counted.is_unknown(limits):
        return None, events  # nobody ever heard of it, and nothing is told of it any more
    if finding.seen in BAD:
        return _fire(replace(counted, level=finding.seen), events, now, limits, finding.reason)
    return counted, events


def _fire(life: Life, events: tuple[Event, ...], now: float, limits: Limits, reason: str) -> Step:
    """Bad for long enough?"""
    lasts = now - life.since
    if lasts < limits.for_seconds or (life.checks < limits.checks and lasts <= limits.patience):
        return life, events
    again = life.fired_at is not None
    fired = replace(life, state=FIRING, fired_at=now)
    return (
        _changed(fired, (*events, Event("firing", reason)), now)
        if again
        else (fired, (*events, Event("firing", reason)))
    )


def _counted(life: Life, finding: Finding, now: float, limits: Limits) -> tuple[Life, tuple[Event, ...]]:
    """The life with this check counted, and what became known or unknown by it."""
    same = finding.seen == life.seen
    most = max(limits.checks, life.checks)
    counted = replace(life, seen=finding.seen, checks=min(life.checks + 1, most) if same else 1)
    if finding.seen == UNKNOWN and life.unknown_since is None:
        return replace(counted, unknown_since=now), (Event("unknown", finding.reason),)
    if finding.seen != UNKNOWN and life.unknown_since is not None:
        return replace(counted, unknown_since=None), (Event("known", finding.reason),)
    return counted, ()


def _firing(life: Life, counted: Life, events: tuple[Event, ...], now: float, limits: Limits) -> Step:
    if counted.seen == OK:
        flapping, more = _changed(counted, events, now)
        return (flapping, more) if flapping.flapping_since is not None else _over(flapping, now, "", more)
    confirmed = counted.checks >= limits.checks
    if counted.seen == UNKNOWN:
        news = confirmed and not life.is_unknown(limits)
        return _changed(counted, events, now) if news else (counted, events)
    if life.is_unknown(limits):  # people heard that nobody knows
        counted, events = _changed(counted, events, now)
    if not confirmed or counted.seen == counted.level:
        return counted, events
    worse = counted.seen == ERROR
    told = (*events, Event("level", f"{counted.level} became {counted.seen}"))
    level = replace(counted, level=counted.seen)
    return _changed(level, told, now) if worse else (level, told)


def _flapping(life: Life, counted: Life, events: tuple[Event, ...], now: float) -> Step:
    """Quiet until it does not change any more."""
    if counted.seen != life.seen:
        return replace(counted, flips=_late(life.flips, now)), events
    if now - max(life.flips, default=0.0) < FLAP_SECONDS:
        return counted, events
    calm = replace(counted, flapping_since=None, flips=())
    told = (*events, Event("calm", "it did not change for a while"))
    if calm.seen == OK:
        return _over(calm, now, "", told)
    return (replace(calm, level=calm.seen) if calm.seen in BAD else calm), told


def _changed(life: Life, events: tuple[Event, ...], now: float) -> tuple[Life, tuple[Event, ...]]:
    """A change of which people would hear; too many of them are flapping."""
    flips = _late(life.flips, now)
    changed = replace(life, flips=flips)
    if len(flips) < FLAP_CHANGES or life.flapping_since is not None:
        return changed, events
    text = f"it changed {len(flips)} times within {FLAP_SECONDS / 60:.0f} minutes"
    return replace(changed, flapping_since=now), (*events, Event("flapping", text))


def _late(flips: tuple[float, ...], now: float) -> tuple[float, ...]:
    return (*(at for at in flips if now - at < FLAP_SECONDS), now)[-FLAP_CHANGES:]


def _over(life: Life, now: float, why: str, events: tuple[Event, ...] = ()) -> Step:
    if life.fired_at is None:
        return None, ()  # nobody ever had to know
    over = replace(life, state=RESOLVED, resolved_at=now, unknown_since=None, flapping_since=None)
    return over, (*events, Event("resolved", why))
