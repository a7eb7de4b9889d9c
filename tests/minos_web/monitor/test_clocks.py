"""Clocks that are wrong, in words and in what becomes of figures."""

import pytest

from minos_common.words import SampleGroup, Samples
from minos_web.monitor.clocks import in_our_time, wrong_clock


@pytest.mark.parametrize(
    ("offset", "text"),
    [
        (0.0, ""),
        (4.9, ""),
        (-4.9, ""),
        (3600.2, "its clock is 3,600 s ahead of the console's"),
        (-6.0, "its clock is 6 s behind the console's"),
    ],
)
def test_a_wrong_clock_is_told(offset: float, text: str) -> None:
    assert wrong_clock(offset) == text


@pytest.mark.parametrize(
    ("shift", "offset", "at"),
    [
        (0.3, 0.0, 1000.0),  # a host's clock that is about right is left alone
        (-3600.5, 3600.0, -2600.5),
        (3600.0, -3600.0, 4600.0),
        (0.0, 3600.0, 1000.0),  # taken before the clock was set
        (None, 3600.0, -2600.0),  # the worker does not know
        (None, 1.5, 1000.0),
    ],
)
def test_figures_are_placed_by_our_clock(shift: float | None, offset: float, at: float) -> None:
    samples = Samples("b", [SampleGroup(1000.0, {"a": 1.0}), SampleGroup(1000.0, {"b": 1.0})], shift)
    assert [group.at for group in in_our_time(samples, offset)] == [at, at]
    assert [group.at for group in samples.groups] == [1000.0, 1000.0]
