"""Whether rounds run when they should, by what is noted of them."""

from dataclasses import dataclass

import pytest

from minos_web.monitor.timetable import late, late_ones, next_run, state_of, trouble

NOW = 10_000.0


@dataclass
class Noted:
    name: str = "health"
    seconds: float = 10.0
    began_at: float | None = NOW - 5
    ended_at: float | None = NOW - 4
    failing_since: float | None = None
    error: str = ""


@pytest.mark.parametrize(
    ("noted", "state", "words", "told"),
    [
        (Noted(), "ok", "", False),
        (Noted(began_at=None, ended_at=None), "new", "", False),
        (Noted(began_at=NOW - 70, ended_at=NOW - 69), "ok", "", False),
        (Noted(began_at=NOW - 71, ended_at=NOW - 69), "late", "should have begun 61 s ago", True),
        (Noted(seconds=3600, began_at=NOW - 3000, ended_at=NOW - 2999), "ok", "", False),
        (Noted(began_at=NOW - 5, ended_at=None), "running", "", False),
        (Noted(began_at=NOW - 5, ended_at=NOW - 20), "running", "", False),
        (Noted(began_at=NOW - 500, ended_at=NOW - 600), "running", "", False),
        (Noted(began_at=NOW - 601, ended_at=NOW - 700), "late", "has been at it for 601 s", True),
        (Noted(seconds=3600, began_at=NOW - 5000, ended_at=NOW - 9000), "running", "", False),
        (Noted(failing_since=NOW - 30, error="boom"), "failing", "", False),
        (Noted(failing_since=NOW - 301, error="boom"), "failing", "has failed for 301 s: boom", True),
        # A clock that was set back is no reason to cry.
        (Noted(began_at=NOW + 3600, ended_at=NOW + 3601), "ok", "", False),
    ],
)
def test_judging(noted: Noted, state: str, words: str, told: bool) -> None:
    assert state_of(noted, NOW) == state
    assert trouble(noted, NOW) == words and bool(trouble(noted, NOW)) == told
    assert bool(late(noted, NOW)) == (state == "late")
    assert bool(late_ones([noted], NOW)) == (state == "late")


def test_the_next_run() -> None:
    assert next_run(Noted()) == NOW + 5
    assert next_run(Noted(began_at=None)) is None and next_run(Noted(ended_at=None)) is None
