"""From samples to the points of a chart."""

import numpy as np
import pytest

from minos_web.monitor.series.shaping import Points, average, buckets, growth, joined, level_of, samples, usual_distance


def points(*rows: tuple[int, float]) -> Points:
    return samples([at for at, _ in rows], [value for _, value in rows])


def rows(found: Points) -> list[tuple[float, ...]]:
    return list(zip(found.seconds.tolist(), found.values.tolist(), strict=True))


@pytest.mark.parametrize(
    ("step", "level"), [(1, 0), (59, 0), (60, 60), (599, 60), (600, 600), (3600, 3600), (86400, 3600)]
)
def test_the_longest_buckets_that_are_fine_enough(step: int, level: int) -> None:
    assert level_of(step) == level


def test_averages_stand_at_whole_steps() -> None:
    assert average(points((100, 1), (110, 3), (120, 5), (130, 7)), 20) == [(100, 2), (120, 6)]


def test_a_bucket_counts_for_as_many_samples_as_it_stands_for() -> None:
    assert average(Points(np.array([0, 60]), np.array([1.0, 8.0]), np.array([6.0, 1.0])), 120) == [(0, 2.0)]


@pytest.mark.parametrize(
    ("seconds", "step", "gaps"),
    [
        ((0, 10, 20, 60), 10, [30]),  # four missing
        ((0, 10, 20, 40), 10, []),  # one missing is no gap
        ((0, 60, 120, 180), 10, []),  # where a minute is usual, a minute is no gap
        ((0, 60, 120, 400), 10, [130]),
        ((0, 10, 20, 200), 60, []),
        ((0, 10, 20, 400), 60, [60]),
    ],
)
def test_gaps_are_shown_as_gaps(seconds: tuple[int, ...], step: int, gaps: list[int]) -> None:
    told = average(points(*((at, 1) for at in seconds)), step)
    assert [at for at, value in told if value is None] == gaps


def test_the_usual_distance() -> None:
    assert usual_distance(points()) == usual_distance(points((5, 1))) == 10
    assert usual_distance(points((0, 1), (1, 1), (2, 1))) == 10
    assert usual_distance(points((0, 1), (60, 1), (120, 1), (500, 1))) == 60


@pytest.mark.parametrize(
    ("counted", "told"),
    [
        ([(0, 5), (10, 25), (20, 25)], [(10, 2), (20, 0)]),
        ([(0, 5), (10, 3), (20, 13)], [(20, 1)]),  # began anew
        ([(0, 5)], []),
        ([], []),
    ],
)
def test_growth(counted: list[tuple[int, float]], told: list[tuple[int, float]]) -> None:
    assert rows(growth(points(*counted))) == told


def test_buckets() -> None:
    found = buckets(points((50, 1), (60, 2), (70, 6), (119, 4), (600, 9)), 60)
    assert [one.tolist() for one in found] == [
        [0, 60, 600], [1, 3, 1], [1, 4, 9], [1, 2, 9], [1, 6, 9], [1, 4, 9]
    ]  # fmt: skip
    assert [one.tolist() for one in buckets(points(), 60)] == [[]] * 6
    assert rows(found.points(rate=False)) == [(0, 1), (60, 4), (600, 9)]
    assert rows(found.points(rate=True)) == [(0, 1), (60, 4), (600, 9)]


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([], []),
        ([[(1, 5)], [(2, 6)]], [(1, 5), (2, 6)]),
        ([[(2, 6)], [(1, 5)]], [(1, 5), (2, 6)]),
        ([[(1, 5), (3, 7)], [(1, 9), (2, 6)]], [(1, 5), (2, 6), (3, 7)]),
        ([[(1, 5), (1, 9)]], [(1, 5)]),
    ],
)
def test_of_two_at_one_second_the_first_counts(
    parts: list[list[tuple[int, float]]], whole: list[tuple[int, float]]
) -> None:
    assert rows(joined([points(*part) for part in parts])) == whole


def test_those_between() -> None:
    found = points((1, 1), (2, 2), (3, 3), (4, 4))
    assert rows(found.between(2, 3)) == [(2, 2), (3, 3)]
    assert rows(found.between(9, 10)) == rows(found.between(3, 2)) == []
