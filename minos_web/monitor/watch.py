"""PURE. What a watched task's figures say about it, when that is wrong, and whether it may be restarted for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from minos_web.monitor.alerts.folding import AT_ONCE_HOSTS, AT_ONCE_SHARE

PAGE, MEMORY = "page", "memory"
"""What is watched of a task."""
HOUR = 3600.0
MOST_GOOD = 60
OWN = ("task.", "jvm.")
"""Figures that a task has without a status page."""


@dataclass(frozen=True)
class PageRule:
    """The page answers within ``seconds``, and ``figure`` (if any) has one of ``values``. ``grace`` seconds after a start
    it need not.
    """

    checks: int
    seconds: float
    grace: float = 60.0
    figure: str = ""
    values: Sequence[str] = ()


@dataclass(frozen=True)
class Looked:
    """What is known of a running task. ``at`` is when its figures were taken, ``up`` for how long it runs then."""

    at: float
    up: float
    figures: Mapping[str, float]
    texts: Mapping[str, str]
    error: str = ""


@dataclass(frozen=True)
class Count:
    """How a task stands: see models/watching.Watched."""

    bad: int = 0
    good: int = 0
    fired: bool = False
    fires: Sequence[float] = ()


def page_fault(rule: PageRule, looked: Looked) -> str | None:
    """What is wrong with its page; empty: nothing, None: that is not known."""
    if looked.up < rule.grace:
        return None
    if looked.error:
        return looked.error
    if not _has_page(looked):
        return None
    took = looked.figures.get("task.page_seconds", 0.0)
    if took > rule.seconds:
        return f"its status page took {took:.1f} s to answer, and {rule.seconds:g} s are allowed"
    return _wrong_word(rule, looked) if rule.figure else ""


def memory_fault(most: float, looked: Looked) -> str | None:
    """What is wrong with its memory; empty: nothing, None: that is not known."""
    used = looked.figures.get("task.rss_bytes")
    if used is None:
        return None
    return f"it has {_size(used)} of memory, and {_size(most)} are allowed" if used > most else ""


def _has_page(looked: Looked) -> bool:
    told = "task.page_seconds" in looked.figures or bool(looked.texts)
    return told or any(not name.startswith(OWN) for name in looked.figures)


def _wrong_word(rule: PageRule, looked: Looked) -> str:
    value: Any = looked.texts.get(rule.figure, looked.figures.get(rule.figure))
    wanted = " or ".join(rule.values)
    if value is None:
        return f"its status page does not tell {rule.figure}, which should be {wanted}"
    text = value if isinstance(value, str) else f"{value:g}"
    return "" if text in rule.values else f"its status page says {rule.figure} is {text}, not {wanted}"


def counted(count: Count, fault: str | None, checks: int, now: float) -> Count:
    """After one more check. Wrong after ``checks`` bad ones in a row; well again after as many good ones, and after twice as
    many for each time before within the hour: what goes to and fro is not told each time.
    """
    fires = tuple(at for at in count.fires if at > now - HOUR)
    if fault is None:
        return replace(count, fires=fires)
    if fault:
        bad = count.bad + 1
        if not count.fired and bad >= checks:
            return Count(bad, 0, True, (*fires, now))
        return Count(bad, 0, count.fired, fires)
    good = count.good + 1
    needed = min(max(checks * 2 ** min(len(fires) - 1, 10), checks), max(MOST_GOOD, checks))
    return Count(0, good, count.fired and good < needed, fires)


@dataclass(frozen=True)
class Around:
    """What a restart depends on beside the task: an operation that is open on its cluster (0: none), hosts, those that are
    lost and those lost within a minute, restarts of the job within the hour and how many are allowed, and other tasks of the
    job that are away.
    """

    operation: int = 0
    hosts: int = 1
    lost: int = 0
    lost_together: int = 0
    restarts: int = 0
    most_per_hour: int = 3
    away: Sequence[str] = field(default=())


@dataclass(frozen=True)
class Held:
    """Why a task is not restarted now. What ``passes`` by itself is waited for."""

    why: str
    passes: bool


def held_back(around: Around) -> Held | None:
    """Why nothing may be restarted by itself now; None: it may be."""
    if around.lost > AT_ONCE_SHARE * around.hosts or around.lost_together >= AT_ONCE_HOSTS:
        text = f"{around.lost} of {around.hosts} hosts are lost: nothing is restarted by itself until they are back"
        return Held(text, passes=False)
    if around.restarts >= around.most_per_hour:
        times = "once" if around.restarts == 1 else f"{around.restarts} times"
        return Held(f"tasks of its job were restarted {times} within the hour, which is the most allowed", passes=False)
    if around.operation:
        return Held(f"operation {around.operation} is open on its cluster", passes=True)
    if around.away:
        return Held(
            f"{', '.join(around.away[:3])} of the same job {'is' if len(around.away) == 1 else 'are'} away", passes=True
        )
    return None


def _size(count: float) -> str:
    for unit, size in (("GiB", 1024.0**3), ("MiB", 1024.0**2), ("KiB", 1024.0)):
        if count >= size:
            return f"{count / size:.4g} {unit}"
    return f"{count:.0f} bytes"
