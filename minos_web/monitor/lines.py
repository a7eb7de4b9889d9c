"""PURE. Which lines of a chart matter most, and which of an earlier time belong to them."""

from collections.abc import Callable, Sequence

from minos_web.monitor.series.port import Line

DIGITS = 7
"""Digits of a value that are worth sending: a chart shows three."""


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _last(values: Sequence[float]) -> float:
    return values[-1]


RANKS: dict[str, Callable[[Sequence[float]], float]] = {"mean": _mean, "last": _last, "max": max}
"""What a line can be ranked by."""


def numbers_of(line: Line) -> list[float]:
    """The values of a line without its gaps."""
    return [value for _, value in line["points"] if value is not None]


def top(lines: Sequence[Line], count: int, by: str) -> tuple[list[Line], int]:
    """The ``count`` highest lines (0: all) in the order in which they came, and how many hold a number at all."""
    filled = [(line, values) for line in lines if (values := numbers_of(line))]
    if count and len(filled) > count:
        rank = RANKS[by]
        ranked = sorted(range(len(filled)), key=lambda number: (-rank(filled[number][1]), number))
        chosen = set(ranked[:count])
        return [line for number, (line, _) in enumerate(filled) if number in chosen], len(filled)
    return [line for line, _ in filled], len(filled)


def identity(line: Line) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What makes a line the same one at another time."""
    return line["name"], tuple(sorted(line["labels"].items()))


def same_lines(lines: Sequence[Line], wanted: Sequence[Line]) -> list[Line]:
    """Those of ``lines`` that are also among ``wanted``."""
    names = {identity(line) for line in wanted}
    return [line for line in lines if identity(line) in names]


def rounded(line: Line) -> Line:
    """The same line with values of ``DIGITS`` digits, whole ones without a point."""
    return {**line, "points": [[at, None if value is None else _short(value)] for at, value in line["points"]]}


def _short(value: float) -> float:
    short = float(f"{value:.{DIGITS}g}")
    return int(short) if short.is_integer() and abs(short) < 1e15 else short
