"""PURE. A heat map: which shade a value has, in which group its square stands, and what the shades mean."""

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass

SHADES = 8


@dataclass(frozen=True)
class Cell:
    """One square. ``value`` is None when it is not known, and ``why`` says why then."""

    name: str
    group: str
    url: str
    value: float | None
    why: str = ""


@dataclass(frozen=True)
class Scale:
    """From which value to which the shades go, evenly."""

    low: float
    high: float

    def shade(self, value: float) -> int:
        """1 for the lowest to SHADES for the highest; what lies beyond the ends has that of the end."""
        share = (value - self.low) / (self.high - self.low)
        return min(SHADES, max(1, int(share * SHADES) + 1))

    def begins(self) -> list[float]:
        """Where each shade begins."""
        return [self.low + (self.high - self.low) * number / SHADES for number in range(SHADES)]


def scale_of(values: Iterable[float], unit: str) -> Scale:
    """Percent goes from 0 to 100, if no value lies beyond; everything else from 0 (or the lowest) to the highest."""
    found = list(values)
    low, high = min([0.0, *found]), max([0.0, *found])
    if unit == "percent" and low >= 0 and high <= 100:
        return Scale(0.0, 100.0)
    return Scale(low, high if high > low else low + 1.0)


def grouped(cells: Iterable[Cell], by_value: bool) -> list[tuple[str, list[Cell]]]:
    """Cells of each group, groups by name; within a group by name, or the highest first and the unknown last."""
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(cell.group, []).append(cell)
    key: Callable[[Cell], tuple[bool, float, str]] = (
        (lambda cell: (cell.value is None, -(cell.value or 0.0), cell.name))
        if by_value
        else lambda cell: (False, 0.0, cell.name)
    )
    return [(group, sorted(groups[group], key=key)) for group in sorted(groups)]


@dataclass(frozen=True)
class Summary:
    """Of all values that are known: lowest, median, highest; and how many squares there are, known or not."""

    low: float | None
    middle: float | None
    high: float | None
    unknown: int
    total: int


def summary_of(cells: Iterable[Cell]) -> Summary:
    """What the squares say together."""
    found = list(cells)
    values = [cell.value for cell in found if cell.value is not None]
    unknown = len(found) - len(values)
    if not values:
        return Summary(None, None, None, unknown, len(found))
    return Summary(min(values), statistics.median(values), max(values), unknown, len(found))
