"""A limit on bytes a second, kept over everything that shares it."""

import pytest

from minos_worker.packages import pace
from minos_worker.packages.pace import Pace


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(pace, "time", made)
    return made


@pytest.mark.parametrize(
    ("most", "pieces", "seconds"), [(1000, [500] * 10, 5.0), (0, [10**9] * 5, 0.0), (10, [1], 0.1)]
)
def test_bytes_take_their_time(clock: Clock, most: int, pieces: list[int], seconds: float) -> None:
    limited = Pace(most)
    for piece in pieces:
        limited.take(piece)
    assert clock.now - 100.0 == pytest.approx(seconds)


def test_a_rest_is_not_saved_up_for_a_burst(clock: Clock) -> None:
    limited = Pace(1000)
    clock.now += 60
    begin = clock.now
    for _ in range(4):
        limited.take(1000)
    assert clock.now - begin == pytest.approx(4.0)
