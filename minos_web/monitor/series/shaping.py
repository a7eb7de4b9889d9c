"""PURE. From samples to the points of a chart: averages, growth, gaps, and the buckets that long times are kept in."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEVELS = (60, 600, 3600)
"""Seconds of the buckets that are kept when samples themselves are gone."""
SHORTEST = 10
"""Seconds between samples that are never a gap, however near to each other others are."""
GAP = 3
"""So many times the usual distance is a gap."""


class Points(NamedTuple):
    """Values in time order; each stands for ``counts`` samples. Three arrays of one length."""

    seconds: NDArray[np.int64]
    values: NDArray[np.float64]
    counts: NDArray[np.float64]

    def between(self, start: float, end: float) -> "Points":
        """Those from ``start`` to ``end``, both within."""
        first, last = np.searchsorted(self.seconds, start), np.searchsorted(self.seconds, end, "right")
        return self.only(slice(first, last))

    def only(self, which: Any) -> "Points":
        """Some of them: a slice, places, or a truth for each."""
        return Points(self.seconds[which], self.values[which], self.counts[which])


class Buckets(NamedTuple):
    """What was measured from second ``at`` until the next bucket begins. ``last`` is what counters are told by. Six arrays
    of one length.
    """

    at: NDArray[np.int64]
    counts: NDArray[np.float64]
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    last: NDArray[np.float64]

    def points(self, rate: bool) -> Points:
        """What a chart shows of them: the last values if growth is wanted, else the means."""
        return Points(self.at, self.last if rate else self.mean, self.counts)


def samples(seconds: ArrayLike, values: ArrayLike) -> Points:
    """Samples as they were measured, in time order."""
    found = np.asarray(seconds, np.int64)
    return Points(found, np.asarray(values, np.float64), np.ones(len(found)))


def joined(parts: list[Points]) -> Points:
    """All points, in time order; of several at one second the first part's counts."""
    if not parts:
        return samples([], [])
    whole = parts[0] if len(parts) == 1 else Points(*map(np.concatenate, zip(*parts, strict=True)))
    if np.all(whole.seconds[1:] > whole.seconds[:-1]):
        return whole
    _, first = np.unique(whole.seconds, return_index=True)
    return whole.only(first)


def level_of(step: int) -> int:
    """The longest buckets that still give a point of their own for every ``step`` seconds; 0: the samples themselves."""
    return max((level for level in LEVELS if level <= step), default=0)


def buckets(points: Points, level: int) -> Buckets:
    """Samples as buckets of ``level`` seconds."""
    slots, begins = _slots(points.seconds, level)
    if not len(begins):
        return Buckets(slots, *(np.empty(0) for _ in range(5)))
    ends = np.append(begins[1:], len(points.seconds)) - 1
    values = points.values
    counts = np.add.reduceat(points.counts, begins)
    mean = np.add.reduceat(values * points.counts, begins) / counts
    low, high = np.minimum.reduceat(values, begins), np.maximum.reduceat(values, begins)
    return Buckets(slots, counts, mean, low, high, values[ends])


def _slots(seconds: NDArray[np.int64], step: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The steps in which anything is, and the place of the first of each."""
    slots = seconds - seconds % step
    begins = np.flatnonzero(np.diff(slots, prepend=-1))
    return slots[begins], begins


def average(points: Points, step: int) -> list[tuple[int, float | None]]:
    """Averages over steps aligned to the epoch; a gap is one (second, None) point."""
    at, begins = _slots(points.seconds, step)
    if not len(at):
        return []
    means = np.add.reduceat(points.values * points.counts, begins) / np.add.reduceat(points.counts, begins)
    found: list[tuple[int, float | None]] = list(zip(at.tolist(), means.tolist(), strict=True))
    gap = GAP * max(step, usual_distance(points))
    for place in np.flatnonzero(np.diff(at) > gap)[::-1].tolist():
        found.insert(place + 1, (int(at[place]) + step, None))
    return found


def usual_distance(points: Points) -> float:
    """Seconds that usually lie between two points."""
    distances = np.diff(points.seconds[-100:])
    return max(SHORTEST, float(np.median(distances))) if len(distances) else SHORTEST


def growth(points: Points) -> Points:
    """Growth per second of a counter, told at the end of each interval. Where it began anew there is none."""
    grown, took = np.diff(points.values), np.diff(points.seconds)
    good = (grown >= 0) & (took > 0)
    return Points(points.seconds[1:][good], grown[good] / took[good], points.counts[1:][good])
