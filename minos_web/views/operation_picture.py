"""PURE. Waves and their steps on a time line: lanes, bars, marks and ticks, in percent of its width."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from minos_common.states import StepState
from minos_web.operations.wave_sums import Mark, WaveSum

ROWS = 8
"""Most rows of a lane: more steps than these share them."""
BAR_ROW = 7
GAP = 3
"""Tenths of a percent within which bars of one kind and row are one bar."""
THINNEST = 2
TICKS = 6
_NICE = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400)
_KINDS = {
    StepState.DONE: "done",
    StepState.FAILED: "failed",
    StepState.UNKNOWN: "unknown",
    StepState.RUNNING: "changing",
    StepState.SENT: "changing",
    StepState.CANCELLED: "cancelled",
    StepState.SKIPPED: "skipped",
}
_URGENT = ("failed", "unknown", "changing", "cancelled", "skipped", "done")


@dataclass(frozen=True)
class Scale:
    """The span of the line in seconds since the epoch, and the moment that is now where it is not over."""

    begin: float
    end: float
    now: float | None = None

    def at(self, moment: float) -> float:
        """Where a moment stands, in percent of the width."""
        part = (moment - self.begin) / max(1.0, self.end - self.begin)
        return round(min(1.0, max(0.0, part)) * 100, 1)


@dataclass(frozen=True)
class Bar:
    """Steps of one kind from ``left``, ``width`` wide (percent), in a row of their lane; ``steps`` of them."""

    left: float
    width: float
    row: int
    kind: str
    steps: int


@dataclass(frozen=True)
class Diamond:
    """A look at facts, where it ended or, while it goes on, where it stands now."""

    left: float
    kind: str
    title: str
    step: int


@dataclass(frozen=True)
class Lane:
    """Waves that belong together: their bars and diamonds. ``first`` is the number of the first one."""

    first: int
    title: str
    kind: str
    rows: int
    bars: tuple[Bar, ...]
    diamonds: tuple[Diamond, ...]

    @property
    def height(self) -> int:
        """In pixels."""
        return max(12, self.rows * BAR_ROW)


@dataclass(frozen=True)
class Tick:
    """A mark of the scale, ``seconds`` after its begin."""

    left: float
    seconds: float


def scale_of(begin: float, end: float | None, now: float, eta: float | None = None) -> Scale:
    """From begin to end; of what goes on a little further than now, or as far as it will likely take."""
    if end is not None:
        return Scale(begin, max(end, begin + 1.0))
    so_far = max(1.0, now - begin)
    ahead = min(eta, 2 * so_far) if eta else 0.0
    return Scale(begin, now + max(0.03 * so_far, ahead), now)


def ticks_of(scale: Scale) -> list[Tick]:
    """At most a few marks at round distances from the begin."""
    span = scale.end - scale.begin
    days = 86400.0 * max(1, -(-span // (86400 * TICKS)))
    step = next((one for one in _NICE if span / one <= TICKS), days)
    return [Tick(scale.at(scale.begin + n * step), n * step) for n in range(int(span // step) + 1)]


def lanes_of(waves: Sequence[WaveSum], kinds: dict[int, str], marks: Iterable[Mark], scale: Scale) -> list[Lane]:
    """A lane for each wave; the waves of one batch share theirs."""
    by_wave: dict[int, list[Mark]] = {}
    for mark in marks:
        by_wave.setdefault(mark.wave, []).append(mark)
    groups: dict[str, list[WaveSum]] = {}
    for wave in waves:
        groups.setdefault(group_of(wave), []).append(wave)
    return [
        _lane(title, some, kinds, [mark for wave in some for mark in by_wave.get(wave.number, ())], scale)
        for title, some in groups.items()
    ]


def group_of(wave: WaveSum) -> str:
    """The batch that a wave belongs to, or else its own name."""
    head, colon, _ = wave.name.partition(": ")
    return head if colon and ", batch " in head else wave.name


def _lane(title: str, waves: Sequence[WaveSum], kinds: dict[int, str], marks: Sequence[Mark], scale: Scale) -> Lane:
    looks = [mark for mark in marks if mark.verb == "gate"]
    steps = [mark for mark in marks if mark.verb != "gate"]
    rows = min(ROWS, max((wave.total for wave in waves), default=1))
    diamonds = [made for mark in looks if (made := _diamond(mark, scale)) is not None]
    worst = {kinds[wave.number] for wave in waves}
    kind = next((one for one in ("failed", "unknown", "changing", "paused") if one in worst), "")
    kind = kind or ("changing" if {"waiting", "done"} <= worst else next(iter(worst)) if len(worst) == 1 else "done")
    return Lane(waves[0].number, title, kind, max(1, rows), tuple(_bars(steps, rows, waves, scale)), tuple(diamonds))


def _bars(marks: Sequence[Mark], rows: int, waves: Sequence[WaveSum], scale: Scale) -> list[Bar]:
    """Bars by row from left to right; those of one kind that touch are one."""
    totals = {wave.number: wave.total for wave in waves}
    open_bars: dict[tuple[int, str], tuple[float, float, int]] = {}
    found: list[Bar] = []
    for mark in sorted(marks, key=lambda one: one.sent_at or 0.0):
        kind = _KINDS.get(StepState(mark.state), "")
        end = mark.ended_at if mark.ended_at is not None else scale.now
        if mark.sent_at is None or end is None or not kind:
            continue
        row = mark.position * rows // totals[mark.wave] if totals[mark.wave] > rows else mark.position
        left, right = scale.at(mark.sent_at), scale.at(end)
        last = open_bars.get((row, kind))
        if last is not None and left <= last[1] + GAP / 10:
            open_bars[row, kind] = (last[0], max(last[1], right), last[2] + mark.count)
            continue
        if last is not None:
            found.append(_bar(row, kind, last))
        open_bars[row, kind] = (left, right, mark.count)
    found += [_bar(row, kind, last) for (row, kind), last in open_bars.items()]
    return sorted(found, key=lambda bar: (-_URGENT.index(bar.kind), bar.row, bar.left))


def _bar(row: int, kind: str, span: tuple[float, float, int]) -> Bar:
    width = max(THINNEST / 10, span[1] - span[0])
    return Bar(round(min(span[0], 100 - width), 1), round(width, 1), row, kind, span[2])


def _diamond(mark: Mark, scale: Scale) -> Diamond | None:
    at = mark.ended_at if mark.ended_at is not None else scale.now
    kind = _KINDS.get(StepState(mark.state), "")
    if mark.sent_at is None or at is None or not kind:
        return None
    words = {"done": "held", "failed": "did not hold", "changing": "is looked at"}.get(kind, kind)
    return Diamond(scale.at(at), kind, f"{mark.label}: {words}", mark.id)
