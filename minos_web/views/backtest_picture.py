"""PURE. A back-test as a strip: a bar for every time that a rule would have fired, in a thousand steps of its span."""

from dataclasses import dataclass

from minos_web.monitor.alerts.backtest import Outcome

WIDTH = 1000
THINNEST = 2
MOST = 1000


@dataclass(frozen=True)
class Bar:
    """From ``left``, ``width`` steps wide; ``level`` is the worst of what it stands for."""

    left: int
    width: int
    level: str


def bars(outcome: Outcome) -> list[Bar]:
    """Bars from left to right; what stands at the same steps is one bar."""
    span = max(1.0, outcome.end - outcome.start)
    found: list[Bar] = []
    for episode in sorted(outcome.episodes, key=lambda one: one.fired):
        left = _step(episode.fired, outcome.start, span)
        right = _step(outcome.end if episode.ended is None else episode.ended, outcome.start, span)
        left = min(left, WIDTH - THINNEST)
        width = max(THINNEST, right - left)
        last = found[-1] if found else None
        if last is not None and left <= last.left + last.width:
            level = "error" if "error" in (last.level, episode.level) else episode.level
            found[-1] = Bar(last.left, max(last.width, left + width - last.left), level)
        else:
            found.append(Bar(left, width, episode.level))
    return found[:MOST]


def _step(at: float, start: float, span: float) -> int:
    return max(0, min(WIDTH, round((at - start) / span * WIDTH)))
