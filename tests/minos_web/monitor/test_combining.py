"""Series put together: sums are whole or unknown, never smaller than what is."""

from typing import Any

import pytest

from minos_web.monitor.combining import combined


def line(points: list[tuple[int, float | None]], metric: str = "m", **labels: str) -> dict[str, Any]:
    return {"name": metric, "labels": labels, "points": [list(point) for point in points]}


A = line([(0, 1.0), (10, 2.0), (20, 3.0)], host="a")
B = line([(0, 10.0), (10, 20.0), (20, 30.0)], host="b")
LATE = line([(4, 10.0), (14, 20.0), (24, 30.0)], host="c")
SILENT = line([(0, 10.0), (10, 20.0)], host="d")
LONG = line([(at, 1.0) for at in range(0, 100, 10)], host="e")
YOUNG = line([(at, 5.0) for at in range(60, 100, 10)], host="f")
HOLED = line([(0, 5.0), (10, 5.0), (20, None), (90, 5.0)], host="g")


@pytest.mark.parametrize(
    ("series", "how", "gone", "points"),
    [
        ([A, B], "sum", set(), [[0, 11], [10, 22], [20, 33]]),
        ([A, B], "average", set(), [[0, 5.5], [10, 11], [20, 16.5]]),
        ([A], "sum", set(), [[0, 1], [10, 2], [20, 3]]),
        # not measured in step: the last value counts for a while, the first one for what is just before it
        ([A, LATE], "sum", set(), [[0, 11], [4, 11], [10, 12], [14, 22], [20, 23], [24, 33]]),
        # one that fell silent: for thirty seconds its last value counts, then nobody knows the sum
        ([LONG, SILENT], "sum", set(), [*([at, 11 if at == 0 else 21] for at in range(0, 50, 10)), *([at, None] for at in range(50, 100, 10))]),
        # ... unless its task or host is there no more
        ([LONG, SILENT], "sum", {1}, [*([at, 11 if at == 0 else 21] for at in range(0, 50, 10)), *([at, 1] for at in range(50, 100, 10))]),
        # a hole in the middle is a hole, also of one that is gone afterwards
        ([LONG, HOLED], "sum", {1}, [*([at, 6] for at in range(0, 50, 10)), *([at, None] for at in range(50, 90, 10)), [90, 6]]),
        # an average is over those that are known
        ([LONG, SILENT], "average", set(), [[0, 5.5], *([at, 10.5] for at in range(10, 50, 10)), *([at, 1] for at in range(50, 100, 10))]),
        # a new one has nothing to do with the time long before it
        ([LONG, YOUNG], "sum", set(), [*([at, 1] for at in range(0, 30, 10)), *([at, 6] for at in range(30, 100, 10))]),
    ],
)  # fmt: skip
def test_together(series: list[dict[str, Any]], how: str, gone: set[int], points: list[list[float | None]]) -> None:
    (made,) = combined(series, how, 5, 10, gone)
    assert made["points"] == points


def test_each_metric_is_put_together_by_itself_and_keeps_what_all_labels_share() -> None:
    series = [
        line([(0, 1.0)], "x", host="a", job="j"),
        line([(0, 2.0)], "y", host="a"),
        line([(0, 4.0)], "x", host="b", job="j"),
    ]
    made = combined(series, "sum", 5, 10, set())
    assert [(one["name"], one["labels"], one["points"]) for one in made] == [
        ("x", {"job": "j"}, [[0, 5.0]]),
        ("y", {"host": "a"}, [[0, 2.0]]),
    ]


def test_the_highest_by_their_averages() -> None:
    peak, empty = line([(0, 9.0), (10, None), (20, 0.0)], host="peak"), line([], host="empty")
    assert combined([A, empty, peak, B], "top", 2, 10, set()) == [B, peak]
    assert combined([A, empty], "top", 5, 10, set()) == [A, empty]


def test_each_is_left_alone_and_nothing_gives_nothing() -> None:
    assert combined([A, B], "each", 1, 10, set()) == [A, B]
    assert combined([], "sum", 1, 10, set()) == []
