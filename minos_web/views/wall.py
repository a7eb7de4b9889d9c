"""PURE. The wall: a square for each task or host, the unwell ones first, drawn so that ten thousand are few bytes."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from minos_web.views.badges import URGENCY, urgency

STEP, SIDE = 10, 8
"""From one square to the next, and how large each is, in pixels."""
WIDEST, USUAL = 34, 12


@dataclass(frozen=True)
class Named:
    """Something with a name of its own on the wall: it is told on it, and leads to its page."""

    kind: str
    title: str
    url: str


@dataclass(frozen=True)
class Square:
    """Where a named one stands: ``path`` is its shape, another for each kind."""

    named: Named
    path: str


@dataclass(frozen=True)
class Group:
    """Squares that belong together. ``runs`` are those without a name: kind and the lines that are drawn for them."""

    title: str
    about: str
    url: str
    kinds: list[tuple[str, int]]
    squares: list[Square]
    runs: list[tuple[str, str]]
    width: int
    height: int

    @property
    def total(self) -> int:
        """How many squares there are."""
        return sum(number for _, number in self.kinds)

    @property
    def words(self) -> str:
        """What they say, for those who do not see them: 3 running, 1 down."""
        return ", ".join(f"{number:,} {kind}" for kind, number in self.kinds) or "none"


def group_of(title: str, about: str, url: str, kinds: Mapping[str, int], named: Iterable[Named]) -> Group:
    """``kinds`` is how many there are of each, with the named ones among them. More named ones of a kind than there are
    (things change between two looks) stand there all the same.
    """
    chosen = sorted(named, key=lambda one: urgency(one.kind))
    of_kind = Counter(one.kind for one in chosen)
    counted = {kind: max(kinds.get(kind, 0), of_kind[kind]) for kind in {*kinds, *of_kind}}
    order = sorted((kind for kind, number in counted.items() if number), key=urgency)
    columns = columns_for(sum(counted.values()))
    squares, runs, place = [], [], 0
    for kind in order:
        for one in (one for one in chosen if one.kind == kind):
            squares.append(Square(one, shape_at(kind, place % columns * STEP, place // columns * STEP)))
            place += 1
        left = counted[kind] - of_kind[kind]
        if left:
            runs.append((kind, run_of(place, left, columns)))
            place += left
    rows = max(1, -(-place // columns))
    width, height = min(columns, max(1, place)) * STEP - STEP + SIDE, rows * STEP - STEP + SIDE
    return Group(title, about, url, [(kind, counted[kind]) for kind in order], squares, runs, width, height)


def columns_for(total: int) -> int:
    """How many squares stand in a row: about twice as many as there are rows, and no more than a narrow screen has room for."""
    return min(WIDEST, max(USUAL, math.ceil(math.sqrt(total * 2))))


def run_of(first: int, number: int, columns: int) -> str:
    """Lines through so many places from ``first`` on, one for each row: dashes make squares of them."""
    lines, place, end = [], first, first + number
    while place < end:
        row, column = divmod(place, columns)
        length = min(columns - column, end - place)
        lines.append(f"M{column * STEP} {row * STEP + SIDE // 2}h{length * STEP - STEP + SIDE}")
        place += length
    return "".join(lines)


def shape_at(kind: str, left: int, top: int) -> str:
    """The outline of one square: what is unwell has a shape of its own, for who cannot tell its colour."""
    return f"M{left} {top}{_SHAPES.get(kind, _SHAPES['running'])}"


def ordered(groups: Sequence[Group]) -> list[Group]:
    """Groups with something unwell first, then by title."""
    return sorted(
        groups, key=lambda one: (urgency(one.kinds[0][0]) if one.kinds else len(URGENCY), one.about, one.title)
    )


_SHAPES = {
    "running": "h8v8h-8z",
    "down": "m1.5 0l2.5 2.5l2.5 -2.5l1.5 1.5l-2.5 2.5l2.5 2.5l-1.5 1.5l-2.5 -2.5l-2.5 2.5l-1.5 -1.5l2.5 -2.5l-2.5 -2.5z",
    "degraded": "m4 0l4 8h-8z",
    "unknown": "h2v8h-2zm3 0h2v8h-2zm3 0h2v8h-2z",
    "changing": "m4 0a4 4 0 1 0 .01 0z",
    "maintenance": "m4 0l4 4l-4 4l-4 -4z",
    "stopped": "h8v8h-8zm2 2v4h4v-4z",
    "waiting": "h8v8h-8zm2 2v4h4v-4z",
}
