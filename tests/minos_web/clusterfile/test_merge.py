"""Two edits of one text brought together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minos_web.clusterfile.merge import Merged, first_mark, merge

BASE = "a\nb\nc\nd\ne\n"


def merged(mine: str, theirs: str, base: str = BASE) -> Merged:
    return merge(base, mine, theirs, "yours", "saved")


@pytest.mark.parametrize(
    ("mine", "theirs", "text"),
    [
        (BASE, BASE, BASE),
        ("a\nB\nc\nd\ne\n", BASE, "a\nB\nc\nd\ne\n"),
        (BASE, "a\nB\nc\nd\ne\n", "a\nB\nc\nd\ne\n"),
        ("A\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n", "A\nb\nc\nd\nE\n"),
        ("a\nb\nd\ne\n", "a\nb\nc\nd\ne\nf\n", "a\nb\nd\ne\nf\n"),
        ("x\na\nb\nc\nd\ne\n", "a\nb\nc\nd\n", "x\na\nb\nc\nd\n"),
        ("a\nB\nc\nd\ne\n", "a\nB\nc\nd\ne\n", "a\nB\nc\nd\ne\n"),
        ("a\nb\nc\nd\ne", BASE, "a\nb\nc\nd\ne"),
    ],
)
def test_changes_of_different_places_fit_together(mine: str, theirs: str, text: str) -> None:
    assert merged(mine, theirs) == Merged(text, 0)


def test_changes_of_the_same_place_are_both_kept_between_marks() -> None:
    found = merged("a\nmine\nc\nd\nE\n", "a\ntheirs\nc\nd\ne\n")
    assert found.text == "a\n<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> saved\nc\nd\nE\n"
    assert (found.clashes, first_mark(found.text)) == (1, 2)
    assert first_mark(BASE) is None


texts = st.lists(st.sampled_from("abcd"), max_size=12).map("\n".join)


@given(texts, texts)
def test_one_side_alone_wins(base: str, side: str) -> None:
    assert merged(side, base, base) == merged(base, side, base) == merged(side, side, base) == Merged(side, 0)


@given(texts, texts, texts)
def test_no_line_that_somebody_wrote_is_lost(base: str, mine: str, theirs: str) -> None:
    found = merged(mine, theirs, base)
    lines = found.text.split("\n")
    for side in (mine, theirs):
        for line in set(side.split("\n")) - set(base.split("\n")):
            assert line in lines


@given(texts, texts, texts)
def test_there_are_marks_around_every_clash_and_nowhere_else(base: str, mine: str, theirs: str) -> None:
    found = merged(mine, theirs, base)
    assert found.text.count("<<<<<<< yours") == found.text.count(">>>>>>> saved") == found.clashes
    assert (first_mark(found.text) is None) is (found.clashes == 0)
