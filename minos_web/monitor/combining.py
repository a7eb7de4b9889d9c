"""PURE. Several series made into one, or the highest of them. What is missing makes a sum unknown, never smaller."""

import statistics
from collections.abc import Iterable, Sequence
from typing import Any

Point = Sequence[float | None]
HOLD_STEPS = 3
"""A value counts for so many steps (of at least ten seconds): series of several hosts are never measured in step."""
SHORTEST = 10.0
WAYS = ("each", "sum", "average", "top")


def combined(series: list[dict[str, Any]], how: str, top: int, step: int, gone: set[int]) -> list[dict[str, Any]]:
    """``series`` as minos_web.monitor.series tells them, put together: one of each metric for sum and average, the ``top``
    ones by their average for top. ``gone`` are positions of series whose task or host is there no more: they count while
    they have values, and their silence afterwards makes no sum unknown.
    """
    if how == "top":
        ranked = sorted(series, key=lambda one: -_mean(one["points"]))
        return ranked[:top]
    if how not in ("sum", "average"):
        return series
    made = []
    for metric in dict.fromkeys(one["name"] for one in series):
        own = [number for number, one in enumerate(series) if one["name"] == metric]
        lines = [_Line(series[number]["points"], step, number in gone) for number in own]
        labels = _shared([series[number]["labels"] for number in own])
        made.append({"name": metric, "labels": labels, "points": _together(lines, how)})
    return made


class _Line:
    """One series walked through once, in time order."""

    def __init__(self, points: list[Point], step: int, gone: bool) -> None:
        self.times = [float(at) for at, value in points if at is not None and value is not None]
        self.values = [float(value) for at, value in points if at is not None and value is not None]
        self._hold = HOLD_STEPS * max(step, SHORTEST)
        self._gone = gone
        self._next = 0

    def at(self, time: float) -> tuple[bool, float | None]:
        """Whether the series has anything to do with that time, and the value that counts then, None where none is known."""
        while self._next < len(self.times) and self.times[self._next] <= time:
            self._next += 1
        if self._next == 0:
            near = (
                bool(self.times) and self.times[0] - time <= self._hold
            )  # it only was not measured in step with others
            return (True, self.values[0]) if near else (False, None)
        if time - self.times[self._next - 1] <= self._hold:
            return True, self.values[self._next - 1]
        return not (self._gone and self._next == len(self.times)), None


def _together(lines: list[_Line], how: str) -> list[list[float | None]]:
    points: list[list[float | None]] = []
    for time in sorted({at for line in lines for at in line.times}):
        said = [value for counts, value in (line.at(time) for line in lines) if counts]
        known = [value for value in said if value is not None]
        if how == "average":
            points.append([time, statistics.fmean(known) if known else None])
        else:
            points.append([time, sum(known) if len(known) == len(said) else None])
    return points


def _mean(points: Iterable[Point]) -> float:
    values = [value for _, value in points if value is not None]
    return statistics.fmean(values) if values else float("-inf")


def _shared(labels: list[dict[str, str]]) -> dict[str, str]:
    """What all of them say alike."""
    first, rest = labels[0], labels[1:]
    return {name: value for name, value in first.items() if all(other.get(name) == value for other in rest)}
