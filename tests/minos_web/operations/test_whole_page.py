"""Answers of read-page taken apart."""

from typing import Any

import pytest

from minos_web.operations.whole_page import MOST_ONLY, MOST_TEXT, Group, Value, groups_of, question


@pytest.mark.parametrize(
    ("data", "groups"),
    [
        ({}, []),
        ({"groups": [1]}, []),
        ({"groups": {"b": 5}}, []),
        ({"groups": {"b": {"x": [1, "", ""], "odd": 5, "short": [1]}}}, [Group("b", (Value("x", 1.0, "", ""),))]),
        ({"groups": {"b": {"x": [True, None, None]}}}, [Group("b", (Value("x", None, "", ""),))]),
    ],
)
def test_what_is_not_as_it_should_be_is_left_out(data: dict[str, Any], groups: list[Group]) -> None:
    assert groups_of(data) == groups


@pytest.mark.parametrize(
    ("name", "domain", "short"),
    [
        ("Hadoop:service=NameNode,name=Info", "Hadoop", "service=NameNode,name=Info"),
        ("jobs", "", "jobs"),
        ("", "", "(the page itself)"),
        ("odd:", "odd", "odd:"),
    ],
)
def test_a_beans_name(name: str, domain: str, short: str) -> None:
    assert (Group(name, ()).domain, Group(name, ()).short) == (domain, short)


@pytest.mark.parametrize(
    ("number", "exact"), [(None, ""), (0.0, "0"), (1234567.0, "1,234,567"), (0.12345678, "0.123457"), (-2.5, "-2.5")]
)
def test_a_number_has_its_digits(number: float | None, exact: str) -> None:
    assert Value("x", number, "", "").exact == exact


def test_a_question_has_bounds() -> None:
    asked = question(" " + "x" * 900, [("a", "b")] * 40)
    assert len(asked["text"]) == MOST_TEXT and len(asked["only"]) == MOST_ONLY
