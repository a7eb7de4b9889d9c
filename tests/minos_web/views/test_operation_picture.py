"""The time line of an operation: its scale, its lanes, and that thousands of steps are few bars."""

from collections import Counter

import pytest

from minos_web.operations.wave_sums import Mark, WaveSum
from minos_web.views.operation_picture import ROWS, Scale, group_of, lanes_of, scale_of, ticks_of


def wave(number: int, *states: str, name: str = "") -> WaveSum:
    return WaveSum(number, name or f"wave {number}", states=Counter(states))


def mark(at: int, state: str, sent: float | None, ended: float | None, verb: str = "start") -> Mark:
    return Mark(0, at, state, verb, 1, at, f"{verb}: x/{at}", sent, ended)


@pytest.mark.parametrize(
    ("end", "now", "eta", "scale"),
    [
        (200.0, 999.0, None, Scale(100.0, 200.0)),
        (100.0, 999.0, None, Scale(100.0, 101.0)),
        (None, 200.0, None, Scale(100.0, 203.0, 200.0)),
        (None, 200.0, 50.0, Scale(100.0, 250.0, 200.0)),
        (None, 200.0, 9999.0, Scale(100.0, 400.0, 200.0)),
        (None, 90.0, None, Scale(100.0, 90.03, 90.0)),
    ],
)
def test_scale(end: float | None, now: float, eta: float | None, scale: Scale) -> None:
    assert scale_of(100.0, end, now, eta) == scale
    assert 0 <= scale.at(150.0) <= 100


@pytest.mark.parametrize(
    ("span", "step"), [(6, 1), (50, 10), (600, 120), (7200, 1800), (86400, 14400), (10**7, 86400 * 20)]
)
def test_ticks_are_few_and_round(span: int, step: int) -> None:
    ticks = ticks_of(Scale(0.0, float(span)))
    assert len(ticks) <= 7
    assert ticks[1].seconds == step


def test_each_step_of_a_small_wave_has_its_row() -> None:
    marks = [
        mark(0, "done", 0, 50),
        mark(1, "failed", 50, 60),
        mark(2, "running", 60, None),
        mark(3, "waiting", None, None),
    ]
    (lane,) = lanes_of([wave(0, "done", "failed", "running", "waiting")], {0: "failed"}, marks, Scale(0, 100, 80))
    assert [(bar.row, bar.left, bar.width, bar.kind) for bar in lane.bars] == [
        (0, 0, 50, "done"), (2, 60, 20, "changing"), (1, 50, 10, "failed"),
    ]  # fmt: skip
    assert (lane.rows, lane.kind) == (4, "failed")


def test_thousands_of_steps_are_few_bars() -> None:
    marks = [mark(n, "failed" if n % 7 == 3 else "done", n / 50, n / 50 + 5) for n in range(5000)]
    (lane,) = lanes_of([wave(0, *(one.state for one in marks))], {0: "failed"}, marks, Scale(0, 105))
    assert lane.rows == ROWS
    assert len(lane.bars) <= 4 * ROWS
    assert sum(bar.steps for bar in lane.bars) == 5000
    assert all(bar.left + bar.width <= 100 for bar in lane.bars)


def test_marks_of_many_steps_count_as_many() -> None:
    marks = [Mark(0, 50 * n, "done", "start", 50, n, "", 10.0, 20.0) for n in range(4)]
    (lane,) = lanes_of([wave(0, *["done"] * 200)], {0: "done"}, marks, Scale(0, 100))
    assert sorted((bar.row, bar.steps) for bar in lane.bars) == [(0, 50), (2, 50), (4, 50), (6, 50)]


def test_looks_are_marks_of_their_batch() -> None:
    waves = [
        wave(0, "done", name="x, batch 1 of 2: stop"),
        wave(1, "failed", name="x, batch 1 of 2: look at the facts"),
    ]
    marks = [mark(0, "done", 0, 10), Mark(1, 0, "failed", "gate", 1, 7, "x: facts hold again", 10, 90)]
    (lane,) = lanes_of(waves, {0: "done", 1: "failed"}, marks, Scale(0, 100))
    assert (lane.title, lane.kind, len(lane.bars)) == ("x, batch 1 of 2", "failed", 1)
    assert [(one.left, one.kind, one.title, one.step) for one in lane.diamonds] == [
        (90, "failed", "x: facts hold again: did not hold", 7)
    ]


def test_only_batches_share_a_lane() -> None:
    assert group_of(wave(0, name="balancer: off")) == "balancer: off"


def test_what_stands_at_the_very_end_is_seen() -> None:
    (lane,) = lanes_of([wave(0, "done")], {0: "done"}, [mark(0, "done", 100, 100)], Scale(0, 100))
    assert (lane.bars[0].left, lane.bars[0].width) == (99.8, 0.2)
