"""PURE. Two edits of one text brought together, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

OURS, BETWEEN, THEIRS = "<<<<<<< ", "=======", ">>>>>>> "
"""How the lines begin that stand around what both sides changed."""


@dataclass(frozen=True)
class Merged:
    """``text`` has the changes of both sides; ``clashes`` counts the places where both are in it, between marks."""

    text: str
    clashes: int


def merge(base: str, mine: str, theirs: str, mine_name: str, theirs_name: str) -> Merged:
    """What became of ``base`` on both sides, as one text. The names say in the marks whose lines they are."""
    lines: list[str] = []
    clashes = 0
    for was, one, other in _chunks(*(text.split("\n") for text in (base, mine, theirs))):
        if one in (other, was):
            lines += other
        elif other == was:
            lines += one
        else:
            clashes += 1
            lines += [OURS + mine_name, *one, BETWEEN, *other, THEIRS + theirs_name]
    return Merged("\n".join(lines), clashes)


def first_mark(text: str) -> int | None:
    """Number of the first line (from 1) that is such a mark, None when there is none."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith((OURS, THEIRS)):
            return number
    return None


Chunk = tuple[list[str], list[str], list[str]]


def _chunks(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[Chunk]:
    """The three texts cut at the lines that all of them have: what stands between two such lines, and the lines."""
    at_base = at_mine = at_theirs = 0
    for number, (in_mine, in_theirs) in sorted(_common(base, mine, theirs).items()):
        if in_mine < at_mine or in_theirs < at_theirs:
            continue
        if (number, in_mine, in_theirs) != (at_base, at_mine, at_theirs):
            yield base[at_base:number], mine[at_mine:in_mine], theirs[at_theirs:in_theirs]
        yield ([base[number]],) * 3
        at_base, at_mine, at_theirs = number + 1, in_mine + 1, in_theirs + 1
    yield base[at_base:], mine[at_mine:], theirs[at_theirs:]


def _common(base: list[str], mine: list[str], theirs: list[str]) -> dict[int, tuple[int, int]]:
    """Line of the base -> its line on either side, for those that both sides kept."""
    ours, others = _kept(base, mine), _kept(base, theirs)
    return {number: (ours[number], others[number]) for number in ours.keys() & others.keys()}


def _kept(base: list[str], side: list[str]) -> dict[int, int]:
    blocks = SequenceMatcher(None, base, side).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}
