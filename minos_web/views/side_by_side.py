"""Two texts beside each other, as a page shows them: changed lines in pairs, what is the same folded away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

CONTEXT = 3
"""Lines of what is the same that stay in sight around a change."""

LONGEST_LINE = 400
"""Characters of a line within which it is worth looking for what exactly changed."""


@dataclass(frozen=True)
class Side:
    """A line: its number from 1, and its text in pieces (text, whether that piece differs)."""

    number: int
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Row:
    """A line on either side, None where there is none there."""

    left: Side | None
    right: Side | None
    same: bool


@dataclass(frozen=True)
class Stretch:
    """Rows that belong together; ``folded`` ones are the same on both sides and far from any change."""

    rows: tuple[Row, ...]
    folded: bool = False


def side_by_side(before: str, after: str) -> list[Stretch]:
    """Both texts in stretches; empty when they are equal."""
    left, right = before.splitlines(), after.splitlines()
    if left == right:
        return []
    codes = SequenceMatcher(None, left, right).get_opcodes()
    stretches: list[Stretch] = []
    for place, (kind, a, a_end, b, b_end) in enumerate(codes):
        if kind == "equal":
            rows = [_same(a + step, b + step, left[a + step]) for step in range(a_end - a)]
            stretches += _folded(rows, place > 0, place < len(codes) - 1)
        else:
            stretches.append(Stretch(tuple(_changed(left[a:a_end], right[b:b_end], a, b))))
    return stretches


def _same(a: int, b: int, text: str) -> Row:
    return Row(Side(a + 1, ((text, False),)), Side(b + 1, ((text, False),)), True)


def _folded(rows: list[Row], after_change: bool, before_change: bool) -> Iterator[Stretch]:
    """The rows with their middle folded, where that saves anything."""
    head = CONTEXT if after_change else 0
    tail = CONTEXT if before_change else 0
    if len(rows) <= head + tail + 1:
        yield Stretch(tuple(rows))
        return
    end = len(rows) - tail
    for part, folded in ((rows[:head], False), (rows[head:end], True), (rows[end:], False)):
        if part:
            yield Stretch(tuple(part), folded)


def _changed(left: Sequence[str], right: Sequence[str], a: int, b: int) -> Iterator[Row]:
    for step, (old, new) in enumerate(zip_longest(left, right)):
        olds, news = _pieces(old, new)
        yield Row(
            None if old is None else Side(a + step + 1, olds),
            None if new is None else Side(b + step + 1, news),
            False,
        )


Pieces = tuple[tuple[str, bool], ...]


def _pieces(old: str | None, new: str | None) -> tuple[Pieces, Pieces]:
    if old is None or new is None or max(len(old), len(new)) > LONGEST_LINE:
        return ((old or "", True),), ((new or "", True),)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.4:
        return ((old, True),), ((new, True),)
    codes = matcher.get_opcodes()
    olds = tuple((old[a:a_end], kind != "equal") for kind, a, a_end, _, _ in codes if a < a_end)
    news = tuple((new[b:b_end], kind != "equal") for kind, _, _, b, b_end in codes if b < b_end)
    return olds, news
