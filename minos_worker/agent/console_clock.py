"""What time it is at the console, whatever this host's time of day says. PURE: ``now`` is seconds since boot."""

from collections import deque
from typing import NamedTuple

MEASURES = 16
STEP_SECONDS = 1.0
"""Measures that contradict each other by more tell that the console's clock was set."""


class _Measure(NamedTuple):
    trip: float
    boot: float


class ConsoleClock:
    """Measured with beats and their answers; of the last ones the quickest tells best."""

    def __init__(self) -> None:
        self._asked: tuple[int, float] = (0, 0.0)
        self._measures: deque[_Measure] = deque(maxlen=MEASURES)

    @property
    def boot(self) -> float | None:
        """When this host was started, in epoch seconds of the console; None before the first answer."""
        return min(self._measures).boot if self._measures else None

    def asked(self, number: int, now: float) -> None:
        """Beat ``number`` leaves."""
        self._asked = (number, now)

    def answered(self, number: int, clock: float, now: float) -> None:
        """The console heard that beat at its time ``clock`` (epoch seconds)."""
        asked, at = self._asked
        if number != asked or now < at:
            return
        measure = _Measure(now - at, clock - (at + now) / 2)
        best = min(self._measures, default=measure)
        if abs(measure.boot - best.boot) > (measure.trip + best.trip) / 2 + STEP_SECONDS:
            self._measures.clear()
        self._measures.append(measure)
