"""Two texts beside each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minos_web.views.side_by_side import Row, Side, side_by_side

LONG = "\n".join(f"line {number}" for number in range(40))


def text(side: Side | None) -> str | None:
    return None if side is None else "".join(piece for piece, _ in side.pieces)


def rows(before: str, after: str) -> list[Row]:
    return [row for stretch in side_by_side(before, after) for row in stretch.rows]


@pytest.mark.parametrize(
    ("before", "after", "pairs"),
    [
        ("a", "a", []),
        ("a\nb", "a\nc", [("a", "a", True), ("b", "c", False)]),
        ("a", "a\nb", [("a", "a", True), (None, "b", False)]),
        ("a\nb", "b", [("a", None, False), ("b", "b", True)]),
        ("", "a", [(None, "a", False)]),
    ],
)
def test_lines_in_pairs(before: str, after: str, pairs: list[tuple[str | None, str | None, bool]]) -> None:
    assert [(text(row.left), text(row.right), row.same) for row in rows(before, after)] == pairs


def test_what_is_the_same_is_folded_but_for_three_lines_around_a_change() -> None:
    changed = LONG.replace("line 20", "line twenty")
    stretches = side_by_side(LONG, changed)
    assert [(len(one.rows), one.folded) for one in stretches] == [
        (17, True),
        (3, False),
        (1, False),
        (3, False),
        (16, True),
    ]


def test_only_the_part_of_a_line_that_differs_is_marked() -> None:
    [row] = rows("base_port=12000", "base_port=14000")
    assert row.right is not None and [piece for piece, differs in row.right.pieces if differs] == ["4"]


@given(st.lists(st.sampled_from("abc"), max_size=15), st.lists(st.sampled_from("abc"), max_size=15))
def test_both_texts_are_there_in_whole(before: list[str], after: list[str]) -> None:
    if before == after:
        return
    found = rows("\n".join(before), "\n".join(after))
    assert [text(row.left) for row in found if row.left] == before
    assert [text(row.right) for row in found if row.right] == after
    assert [row.left.number for row in found if row.left] == list(range(1, len(before) + 1))
