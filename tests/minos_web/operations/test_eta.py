"""When an operation will be done: from its own steps, from earlier ones, or not told."""

import pytest

from minos_web.operations.eta import Ended, Eta, Left, estimate


def own(verb: str, *seconds: float, wave: int = 0) -> list[Ended]:
    return [Ended(wave, verb, one) for one in seconds]


@pytest.mark.parametrize(
    ("left", "ended", "earlier", "together", "seconds"),
    [
        pytest.param([Left(0, "start", 2)], own("start", 10, 10, 10), {}, 0, 10, id="all at once"),
        pytest.param([Left(0, "start", 6)], own("start", 10, 10, 10), {}, 2, 30, id="two at once"),
        pytest.param([Left(0, "start", 9)], own("start", 8, 10, 60), {}, 0, 60, id="of many the slowest counts"),
        pytest.param([Left(0, "start", 0, (4.0,))], own("start", 10, 10, 10), {}, 0, 6, id="what is at work is on its way"),
        pytest.param([Left(0, "start", 0, (99.0,))], own("start", 10, 10, 10), {}, 0, 0, id="late is no time below nothing"),
        pytest.param([Left(1, "stop", 1), Left(2, "start", 1)], own("stop", 5, 5, 5) + own("start", 7, 7, 7), {}, 0, 12,
                     id="waves come one after another"),
        pytest.param([Left(3, "start", 1)], own("start", 1, 1, 1) + own("start", 9, 9, 9, wave=3), {}, 0, 9,
                     id="the same wave is nearer than others"),
        pytest.param([Left(3, "start", 1)], own("start", 4, 4) + own("start", 4, wave=3), {}, 0, 4,
                     id="few of the same wave: all of the operation"),
        pytest.param([Left(0, "start", 1)], own("start", 1), {"start": [20, 20, 20]}, 0, 20, id="few here: earlier ones"),
        pytest.param([Left(0, "stop", 1), Left(0, "start", 1)], [], {"stop": [3] * 3, "start": [8] * 3}, 0, 8,
                     id="together in one wave"),
    ],
)  # fmt: skip
def test_it_is_told_from_what_ended(
    left: list[Left], ended: list[Ended], earlier: dict[str, list[float]], together: int, seconds: float
) -> None:
    found = estimate(left, ended, earlier, together)
    assert found is not None
    assert found.seconds == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("left", "ended", "earlier"),
    [
        pytest.param([], own("start", 1, 1, 1), {}, id="nothing is left"),
        pytest.param([Left(0, "start", 1)], own("start", 1, 1), {}, id="two steps say nothing"),
        pytest.param([Left(0, "start", 1)], [], {"start": [1, 1]}, id="nor do two earlier ones"),
        pytest.param([Left(0, "start", 1), Left(1, "stop", 1)], own("start", 1, 1, 1), {}, id="one verb is not known"),
        pytest.param([Left(0, "pause", 1)], own("pause", 1, 1, 1), {}, id="a person must come"),
    ],
)
def test_it_is_rather_not_told(left: list[Left], ended: list[Ended], earlier: dict[str, list[float]]) -> None:
    assert estimate(left, ended, earlier) is None


@pytest.mark.parametrize(
    ("eta", "words"),
    [
        (Eta(3, 12), "a few seconds, from 12 ended steps"),
        (Eta(42, 12), "about 40 s, from 12 ended steps"),
        (Eta(240, 12), "about 4 min, from 12 ended steps"),
        (Eta(7200, 0, 30), "about 2 h, from 30 steps of earlier operations"),
        (Eta(9000, 4, 1), "about 2.5 h, from 4 ended steps and 1 step of earlier operations"),
        (Eta(90_000, 5000), "about 25 h, from 5,000 ended steps"),
    ],
)
def test_it_says_from_what_it_is_known(eta: Eta, words: str) -> None:
    assert eta.words == words


def test_a_step_counts_once_though_two_waves_need_it() -> None:
    found = estimate(
        [Left(1, "start", 1), Left(2, "start", 1), Left(2, "stop", 1)], own("start", 4, 4, 4), {"stop": [1] * 5}
    )
    assert found == Eta(8, 3, 5)
