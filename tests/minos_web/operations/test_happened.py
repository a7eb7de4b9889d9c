"""What was planned beside what happened, wave by wave, with what was otherwise and why."""

from collections import Counter
from dataclasses import replace

import pytest

from minos_common.states import OperationState
from minos_web.operations.happened import Why, beside_the_plan
from minos_web.operations.wave_sums import WaveSum

OVER = OperationState.FAILED


def wave(states: str, **more: object) -> WaveSum:
    counted = Counter(states.split())
    return replace(WaveSum(2, "w", states=counted, verbs=Counter({"start": counted.total()})), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "why", "happened", "notes"),
    [
        (wave("done"), Why(OVER), "done", ()),
        (wave("done done"), Why(OVER), "all done", ()),
        (wave("done failed"), Why(OVER, "start: x/1", 2), "1 done, 1 failed", ()),
        (wave("skipped skipped"), Why(OVER, "start: x/1", 1), "all skipped", ("2 left out: given up when this failed: start: x/1",)),
        (wave("skipped done"), Why(OVER, "start: x/1", 1, {2: 1}), "1 done, 1 skipped",
         ("1 left out: its task had failed before",)),
        (wave("skipped skipped skipped"), Why(OVER, "x", 0, {2: 2}), "all skipped",
         ("2 left out: their tasks had failed before", "1 left out: given up when this failed: x")),
        (wave("skipped", undoes=0), Why(OVER), "skipped", ("1 left out: nothing that it makes good was begun",)),
        (wave("skipped"), Why(OVER, "later", 7), "skipped", ("1 left out",)),
        (wave("cancelled done"), Why(OperationState.CANCELLED), "1 done, 1 cancelled", ("1 cancelled",)),
        (wave("done", again=1), Why(OVER), "done", ("1 further attempt",)),
        (wave("done", again=3), Why(OVER), "done", ("3 further attempts",)),
    ],
)  # fmt: skip
def test_what_was_otherwise(found: WaveSum, why: Why, happened: str, notes: tuple[str, ...]) -> None:
    (line,) = beside_the_plan([found], why)
    assert (line.happened, line.notes) == (happened, notes)


def test_the_order_is_compared_with_the_plan() -> None:
    waves = [wave("done", number=n, began=at, ended=at + 5) for n, at in enumerate((0.0, 30.0, 10.0, 40.0))]
    lines = beside_the_plan(waves, Why(OVER))
    assert [bool(line.notes) for line in lines] == [False, False, True, False]
    assert lines[2].notes == ("begun before a wave that was planned earlier",)
    assert lines[0].took == 5.0


def test_what_was_planned_is_told_by_verb() -> None:
    mixed = wave("done done done", verbs=Counter({"stop": 2, "client": 1}), began=None)
    (line,) = beside_the_plan([mixed], Why(OVER))
    assert (line.planned, line.took) == ("client × 1, stop × 2", None)
