"""PURE. One check of one thing by one rule: the figure that it tells, and what that means."""

from collections.abc import Mapping
from dataclasses import dataclass

from minos_web.monitor.alerts.grammar import Metric
from minos_web.monitor.alerts.rules import Rule, Test

OK, WARNING, ERROR, UNKNOWN, GONE = "ok", "warning", "error", "unknown", "gone"
BAD = frozenset({WARNING, ERROR})
WAITS = frozenset({"changing", "maintenance"})
"""Words of things that somebody is at work on: neither good nor bad, the check does not count."""


@dataclass(frozen=True)
class Finding:
    """``seen`` is ok, warning, error, unknown (nothing is told) or gone (there is nothing to judge any more)."""

    seen: str
    value: float | None = None
    reason: str = ""


class Rates:
    """Growth per second of counters between one look and the next. Between two looks at one sample it is what it was."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[float, float, float | None]] = {}

    def of(self, key: str, at: float, value: float) -> float | None:
        """Growth since the last look at this counter; None at the first, and when it began anew."""
        before = self._last.get(key)
        if before is not None and at <= before[0]:
            return before[2]
        rate = (value - before[1]) / (at - before[0]) if before is not None and value >= before[1] else None
        self._last[key] = (at, value, rate)
        return rate

    def keep(self, before: float) -> None:
        """Forget what was last looked at before this time."""
        self._last = {key: one for key, one in self._last.items() if one[0] >= before}


def value_of(metric: Metric, figures: Mapping[str, float]) -> float | None:
    """What the figures tell of a metric; None where one of them is not told, or nothing can be divided by."""
    value = figures.get(metric.figure)
    if value is None or not metric.below:
        return value
    below = figures.get(metric.below)
    return value / below if below else None


def judged(rule: Rule, test: Test, value: float | None, level: str = "") -> Finding:
    """What a number means. ``level`` is that of the alert that fires already: it stays until it is clear."""
    if value is None:
        return Finding(UNKNOWN, None, "nothing is told of it")
    return Finding(_seen(rule, test, value, level), value, f"{rule.metric} is {value:.6g}")


def _seen(rule: Rule, test: Test, value: float, level: str) -> str:
    if test.worse is not None and test.worse.holds(value):
        return ERROR
    if test.condition.holds(value):
        return rule.level
    if level and test.clear is not None and not test.clear.holds(value):
        return rule.level
    return OK


def judged_word(rule: Rule, test: Test, word: str | None, level: str = "", reason: str = "") -> Finding | None:
    """What a word means; None: this check does not count."""
    if word is None:
        return Finding(UNKNOWN, None, "nothing is told of it")
    if word in WAITS and not test.condition.holds_word(word):
        return None
    reason = reason or f"{rule.metric} is {word}"
    if test.worse is not None and test.worse.holds_word(word):
        return Finding(ERROR, None, reason)
    if test.condition.holds_word(word):
        return Finding(rule.level, None, reason)
    if level and test.clear is not None and not test.clear.holds_word(word):
        return Finding(rule.level, None, reason)
    return Finding(OK, None, reason)
