"""Which lines of a chart are told, as tables of cases."""

from typing import Any

import pytest

from minos_web.monitor.lines import rounded, same_lines, top


def line(host: str, *values: float | None) -> dict[str, Any]:
    return {"name": "m", "labels": {"host": host}, "points": [[10 * at, value] for at, value in enumerate(values)]}


LINES = [
    line("calm", 1, 1, 1),
    line("late", 0, 0, 9),
    line("spike", 0, 20, 0),
    line("even", 5, 5, 5),
    line("none", None),
]


@pytest.mark.parametrize(
    ("count", "by", "hosts"),
    [
        (0, "mean", ["calm", "late", "spike", "even"]),
        (9, "mean", ["calm", "late", "spike", "even"]),
        (2, "mean", ["spike", "even"]),
        (1, "last", ["late"]),
        (2, "max", ["late", "spike"]),
    ],
)
def test_the_top_lines_in_their_own_order(count: int, by: str, hosts: list[str]) -> None:
    kept, filled = top(LINES, count, by)
    assert ([one["labels"]["host"] for one in kept], filled) == (hosts, 4)


def test_gaps_do_not_count_and_ties_keep_the_first() -> None:
    kept, _ = top([line("a", 4, None, None), line("b", 4, 4), line("c", 3)], 1, "mean")
    assert kept[0]["labels"]["host"] == "a"


def test_the_same_lines_of_another_time() -> None:
    assert same_lines([line("calm", 7), line("gone", 1)], LINES) == [line("calm", 7)]


def test_values_are_as_exact_as_a_chart_needs() -> None:
    points = rounded(line("a", 1 / 3, 2.0, None, 123456789.25))["points"]
    assert [value for _, value in points] == [0.3333333, 2, None, 123456800]
