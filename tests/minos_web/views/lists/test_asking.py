"""What a list's URL asks for, and URLs that ask for something else."""

import pytest

from minos_web.views.lists.asking import Names, asked, changed, same_filter

NAMES = Names(
    columns=("host", "rack", "cpu"),
    usual=("host", "cpu"),
    fixed=("host",),
    sorts=("host", "cpu"),
    keys=("rack",),
    kinds=("down", "running"),
    usual_sort="host",
)


@pytest.mark.parametrize(
    ("params", "field", "value"),
    [
        ({}, "size", 50),
        ({"size": "25"}, "size", 25),
        ({"size": "1"}, "size", 25),
        ({"size": "99999"}, "size", 200),
        ({"size": "-3"}, "size", 50),
        ({"size": "٣"}, "size", 50),
        ({"page": "x"}, "page", 1),
        ({"page": "7"}, "page", 7),
        ({"sort": "cpu"}, "sort", "cpu"),
        ({"sort": "-cpu"}, "turned", True),
        ({"sort": "rack"}, "sort", "host"),
        ({"sort": "-nothing"}, "turned", False),
        ({"kind": "down"}, "narrows", True),
        ({"q": "  "}, "narrows", False),
    ],
)
def test_what_is_asked(params: dict[str, str], field: str, value: object) -> None:
    assert getattr(asked(params, [], NAMES), field) == value


@pytest.mark.parametrize(
    ("chosen", "columns"),
    [
        ([], ("host", "cpu")),
        (["rack"], ("host", "rack")),
        (["cpu,rack"], ("host", "rack", "cpu")),
        (["<b>"], ("host", "cpu")),
    ],
)
def test_columns(chosen: list[str], columns: tuple[str, ...]) -> None:
    assert asked({}, chosen, NAMES).columns == columns


def test_a_state_that_is_none_is_answered_with_those_there_are() -> None:
    assert asked({"kind": "<b>"}, [], NAMES).problem == "There is no state '<b>' here; there are down, running."


def test_another_view_of_the_same() -> None:
    pairs = [("q", "x"), ("kind", "down"), ("col", "rack"), ("col", "cpu"), ("page", "7"), ("part", "hosts")]
    assert changed(pairs, {"kind": ""}) == [("q", "x"), ("col", "rack"), ("col", "cpu")]
    assert changed(pairs, {"page": "2"})[-1] == ("page", "2")
    assert same_filter(pairs, [("col", "cpu"), ("col", "rack"), ("kind", "down"), ("q", "x"), ("sort", "")])
    assert not same_filter(pairs, [("q", "x")])
