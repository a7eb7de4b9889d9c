"""What is typed into a filter, understood or answered with what is known."""

import pytest

from minos_web.views.lists.terms import LONGEST, Term, read_terms

KEYS = ("rack", "state", "role")


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("  ", []),
        ("db-1", [Term("", ("db-1",))]),
        ("rack:r12 state:down", [Term("rack", ("r12",)), Term("state", ("down",))]),
        ("RACK:r12", [Term("rack", ("r12",))]),
        ("state:down,degraded", [Term("state", ("down", "degraded"))]),
        ("-state:running db", [Term("state", ("running",), True), Term("", ("db",))]),
        ("-db", [Term("", ("db",), True)]),
        ('role:"a b" x', [Term("role", ("a b",)), Term("", ("x",))]),
        ('"rack:r12"', [Term("", ("rack:r12",))]),
        ("10.0.0.1:80", [Term("", ("10.0.0.1:80",))]),
        ("a,b", [Term("", ("a,b",))]),
        ("-", []),
        ('""', [Term("", ())]),
        ('"open', [Term("", ("open",))]),
        ("50% _x", [Term("", ("50%",)), Term("", ("_x",))]),
    ],
)
def test_a_filter_is_understood(text: str, terms: list[Term]) -> None:
    typed = read_terms(text, KEYS)
    assert [*typed.terms] == terms and not typed.problem


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rak:r12", "no key 'rak' here; there are rack, role, state"),
        ("http://x", "Put quotes round it"),
        ("rack:", "Behind rack: stands nothing"),
        ("rack:,", "Behind rack: stands nothing"),
        ("x" * (LONGEST + 1), "at most 400 characters"),
        ("a " * 21, "at most 20 conditions"),
    ],
)
def test_what_is_wrong_is_told_with_what_is_known(text: str, words: str) -> None:
    assert words in read_terms(text, KEYS).problem
