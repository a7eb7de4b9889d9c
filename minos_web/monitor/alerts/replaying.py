"""PURE. One thing walked through again, check by check, as live checks would have found it: the same judging, the same life."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from minos_web.monitor.alerts.finding import Rates, judged
from minos_web.monitor.alerts.life import FIRING, Life, Limits, advance
from minos_web.monitor.alerts.rules import Rule, Test
from minos_web.monitor.alerts.saying import due
from minos_web.monitor.series.shaping import LEVELS, Points


@dataclass(frozen=True)
class Span:
    """The checks of a back-test: one every ``step`` seconds from ``start`` to ``end``. What was told more than ``fresh`` seconds
    before a check tells nothing any more.
    """

    start: float
    end: float
    step: float
    fresh: float

    @property
    def times(self) -> NDArray[np.float64]:
        """When it is checked."""
        return np.arange(self.start, self.end + self.step / 1000, self.step)


@dataclass
class Told:
    """A figure as it was told: value by second, as far as it is still fresh at each check."""

    at: NDArray[np.float64]
    values: NDArray[np.float64]


def told_at(points: Points, span: Span) -> Told:
    """The latest value at each check, NaN where none was fresh."""
    times = span.times
    place = np.searchsorted(points.seconds, times, "right") - 1
    known = place >= 0
    at, values = np.full(len(times), np.nan), np.full(len(times), np.nan)
    if known.any():
        at[known], values[known] = points.seconds[place[known]], points.values[place[known]]
        fresh = np.maximum(span.fresh, _widths(points))
        values[known] = np.where(times[known] - at[known] > fresh[place[known]], np.nan, values[known])
    return Told(at, values)


def _widths(points: Points) -> NDArray[np.float64]:
    """Seconds for which each point stands: of averages twice as long as one of them, of samples nothing."""
    distances = np.diff(points.seconds, prepend=points.seconds[0] - LEVELS[0])
    return np.where(points.counts > 1, 2.0 * np.minimum(distances, LEVELS[-1]), 0.0)


@dataclass
class Walked:
    """What would have happened to one thing: (fired, ended or None, level, value), and how often of what."""

    fired: list[tuple[float, float | None, str, float | None]] = field(default_factory=list)
    news: list[tuple[float, str]] = field(default_factory=list)
    flips: int = 0
    flapping: int = 0


def walk(rule: Rule, test: Test, told: Sequence[Told], span: Span, limits: Limits) -> Walked:
    """Check by check. ``told``: the figure, and the one that it is divided by. While nothing is wrong only what is bad counts."""
    values = _values(test, told)
    bad, known, times = np.flatnonzero(_bad(test, values)), ~np.isnan(values), span.times
    walked, told_as, number = Walked(), "", 0
    life: Life | None = None
    while number < len(times):
        if life is None or not life.open:
            place = int(np.searchsorted(bad, number))
            if place == len(bad):
                break
            number = int(bad[place])
        now, value = float(times[number]), float(values[number]) if known[number] else None
        level = life.level if life is not None and life.state == FIRING else ""
        was, life = life, advance(life, judged(rule, test, value, level), now, limits)[0]
        _note(walked, was, life, value, now)
        if life is not None:
            news, told_as = due(life, told_as, False, limits)
            walked.news += [(now, news)] if news else []
        number += 1
    return walked


def _values(test: Test, told: Sequence[Told]) -> NDArray[np.float64]:
    """What is judged at each check; NaN where it is not known."""
    values = told[0].values
    if len(told) > 1:
        values = np.divide(values, told[1].values, out=np.full(len(values), np.nan), where=told[1].values != 0)
    if not test.condition.rate:
        return values
    rates = Rates()
    pairs = zip(told[0].at.tolist(), values.tolist(), strict=True)
    grown = [None if math.isnan(value) else rates.of("", at, value) for at, value in pairs]
    return np.array([np.nan if one is None else one for one in grown])


def _bad(test: Test, values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where what is told is bad, or worse."""
    ways = (*test.condition.ways, *(test.worse.ways if test.worse is not None else ()))
    found = np.zeros(len(values), np.bool_)
    for way in ways:
        holds = ~np.isnan(values)
        for one in way:
            holds &= one.hold(values)
        found |= holds
    return found


def _note(walked: Walked, was: Life | None, life: Life | None, value: float | None, now: float) -> None:
    fired, fires = was is not None and was.state == FIRING, life is not None and life.state == FIRING
    if life is not None and fires and not fired:
        walked.fired.append((now, None, life.level, value))
    elif life is not None and fires and was is not None and life.level != was.level:
        start, _, level, first = walked.fired[-1]
        walked.fired[-1] = (start, None, max(level, life.level, key=("warning", "error").index), first)
    elif fired and not fires and walked.fired:
        start, _, level, first = walked.fired[-1]
        walked.fired[-1] = (start, now, level, first)
    if life is not None and life.flips and life.flips[-1] == now and (was is None or life.flips != was.flips):
        walked.flips += 1
    if life is not None and life.flapping_since == now:
        walked.flapping += 1
