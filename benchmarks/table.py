"""Figures of a benchmark as a Markdown table: medians of all passes, and ratios of one side to the other. PURE."""

from statistics import median
from typing import NamedTuple

from benchmarks.sides import Figures

_SIDES = ("minos", "supervisord")


class Row(NamedTuple):
    """One figure on both sides."""

    what: str
    unit: str
    minos: float
    supervisord: float

    @property
    def ratio(self) -> float | None:
        """How many times supervisord's figure Minos' is; None where there is nothing to divide by."""
        return self.minos / self.supervisord if self.supervisord > 0 else None


KINDS = (
    ("memory (PSS)", "MiB", "pss_bytes", 2**20),
    ("memory alone", "MiB", "alone_bytes", 2**20),
    ("RSS, summed", "MiB", "rss_bytes", 2**20),
    ("CPU", "s/min", "cpu_seconds_per_minute", 1),
    ("start of all", "s", "start_seconds", 1),
)
EACH = (
    ("PSS of each task", "KiB", "pss_bytes", 2**10),
    ("memory alone of each task", "KiB", "alone_bytes", 2**10),
    ("RSS of each task", "KiB", "rss_bytes", 2**10),
    ("CPU of each task", "ms/min", "cpu_seconds_per_minute", 1e-3),
)
"""(name, unit, field of Figures, how much of the field is one of the unit)."""


def rows(found: list[Figures]) -> list[Row]:
    """All rows: each figure at each count of tasks, then what a task adds between the least and the most."""
    counts = sorted({one.tasks for one in found})
    made = [
        Row(f"{tasks} tasks: {what}", unit, *(middle(found, side, tasks, field) / size for side in _SIDES))
        for tasks in counts
        for what, unit, field, size in KINDS
        if tasks > 0 or field != "start_seconds"
    ]
    if len(counts) > 1:
        made += [
            Row(what, unit, *(slope(found, side, field) / size for side in _SIDES)) for what, unit, field, size in EACH
        ]
    return made


def middle(found: list[Figures], side: str, tasks: int, field: str) -> float:
    """Median of a field over all passes."""
    values: list[float] = [getattr(one, field) for one in found if one.side == side and one.tasks == tasks]
    return median(values)


def slope(found: list[Figures], side: str, field: str) -> float:
    """What one task adds to a field, between the least and the most tasks measured."""
    counts = [one.tasks for one in found]
    few, many = min(counts), max(counts)
    return (middle(found, side, many, field) - middle(found, side, few, field)) / (many - few)


def markdown(found: list[Figures], about: dict[str, str]) -> str:
    """The table, with on what it was measured above it."""
    lines = [", ".join(f"{name} {value}" for name, value in about.items()), ""]
    lines += ["| | unit | Minos | supervisord | ratio |", "|---|---|---:|---:|---:|"]
    for row in rows(found):
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        lines.append(f"| {row.what} | {row.unit} | {row.minos:.2f} | {row.supervisord:.2f} | {ratio} |")
    return "\n".join(lines) + "\n"
