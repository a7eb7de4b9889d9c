"""The console's time, measured over a line that may be slow, while clocks are set."""

import pytest

from minos_common.words import SampleGroup, Samples
from minos_worker.agent.console_clock import ConsoleClock
from minos_worker.stats.batch import Batch

BOOT = 1_000_000.0
"""When this host was started, by the console."""


def measured(*measures: tuple[float, float, float]) -> float | None:
    """The boot after measures of (clock at asking, seconds to the console, seconds back)."""
    clock = ConsoleClock()
    for number, (at, there, back) in enumerate(measures, start=1):
        clock.asked(number, at)
        clock.answered(number, BOOT + at + there, at + there + back)
    return clock.boot


@pytest.mark.parametrize(
    ("measures", "wrong_by"),
    [
        ([(5.0, 0.001, 0.001)], 0.0),
        ([(5.0, 0.0, 4.0)], 2.0),  # one measure over a slow line may be wrong by half the way
        ([(5.0, 0.0, 4.0), (8.0, 0.002, 0.0)], 0.001),
        ([(5.0, 0.002, 0.0), (8.0, 9.0, 0.0)], 0.001),  # an engine that stood still spoils nothing
    ],
)
def test_the_quickest_answer_tells_best(measures: list[tuple[float, float, float]], wrong_by: float) -> None:
    boot = measured(*measures)
    assert boot is not None and abs(boot - BOOT) == pytest.approx(wrong_by, abs=1e-6)


def test_nothing_is_known_before_an_answer_to_what_was_asked() -> None:
    clock = ConsoleClock()
    clock.answered(1, BOOT, 1.0)
    clock.asked(2, 1.0)
    clock.answered(1, BOOT, 1.0)
    assert clock.boot is None


def test_a_clock_of_the_console_that_is_set_is_believed_at_once() -> None:
    clock = ConsoleClock()
    clock.asked(1, 1.0)
    clock.answered(1, BOOT + 1, 1.0)
    clock.asked(2, 2.0)
    clock.answered(2, BOOT + 3602, 2.5)
    assert clock.boot == pytest.approx(BOOT + 3600, abs=0.3)


def batch(clock: float, wrong_by: float, boot_id: str = "this") -> Batch:
    return Batch(Samples("b", [SampleGroup(0.0, {})]), BOOT + clock + wrong_by, clock, boot_id)


@pytest.mark.parametrize("wrong_by", [0.0, 3600.0, -3600.0])
def test_a_batch_is_placed_by_the_clock_that_nobody_sets(wrong_by: float) -> None:
    taken = batch(50.0, wrong_by)
    taken.place("this", BOOT)
    assert taken.samples.shift == pytest.approx(-wrong_by)
    taken.place("this", BOOT + 7)
    assert taken.samples.shift == pytest.approx(-wrong_by)  # settled


def test_what_was_taken_before_this_boot_is_placed_by_what_was_known_then() -> None:
    before = batch(50.0, 3600.0, "other")
    before.place("this", BOOT)
    assert before.samples.shift is None
    before.place("other", BOOT)
    before.place("this", BOOT + 99)
    assert before.samples.shift == pytest.approx(-3600.0)
    unknown = batch(50.0, 0.0)
    unknown.place("this", None)
    assert unknown.samples.shift is None
