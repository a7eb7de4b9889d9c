"""The waves of an operation as its page shows them: how each stands, its blocks, and no more lines than a page bears."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from minos_common.states import STEP_ENDED, StepState
from minos_web.models.operations import Operation, Step
from minos_web.operations.step_rows import StepRow, Wanted, rows_of, worst_rows
from minos_web.operations.wave_sums import Mark, WaveSum
from minos_web.views.badges import Badge, step_badge
from minos_web.views.paging import Page

WAVES = 40
"""Waves on one page."""
SMALL = 12
"""A wave of so many steps shows all of them wherever it stands."""
LINES = 50
"""Steps of a wave, or of a list, that are shown at once."""
MOST_LARGE = 3
"""Larger waves that show steps without being asked for: those that move, or went wrong."""
BLOCKS = 600
"""Blocks of all waves of a page together."""
LONGEST = 600
"""Characters of a message on the page."""


@dataclass(frozen=True)
class StepLine:
    """A step as the page shows it; ``took`` in seconds."""

    row: StepRow
    badge: Badge
    took: float | None

    @property
    def step(self) -> Step:
        """Its row."""
        return self.row.step

    @property
    def message(self) -> str:
        """What it says, cut where it is endless."""
        text = self.step.message
        return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


@dataclass(frozen=True)
class WaveView:
    """A wave: its state, blocks of (kind, title), its lines (``hidden`` more are not shown), and how many have ended."""

    number: int
    name: str
    kind: str
    always: bool
    ended: int
    total: int
    tally: str
    blocks: tuple[tuple[str, str], ...]
    lines: tuple[StepLine, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it is unfolded at first: what moves, went wrong or is small is, the rest is folded."""
        return self.moves or self.total <= SMALL

    @property
    def moves(self) -> bool:
        """Whether it moves or went wrong."""
        return self.kind in ("changing", "failed", "unknown", "paused")

    @property
    def hidden(self) -> int:
        """Steps that have no line."""
        return self.total - len(self.lines)


def waves_page(waves: Sequence[WaveSum], number: int | None, over: bool) -> Page:
    """The waves that are shown: those of page ``number``; without one, those around what moves or went wrong first."""
    if number is None:
        kinds = ((StepState.FAILED, StepState.UNKNOWN),) if over else ()
        at = next(
            (place for place, wave in enumerate(waves) for some in kinds if any(wave.states[state] for state in some)),
            0 if over else next((place for place, wave in enumerate(waves) if not wave.over), 0),
        )
        number = at // WAVES + 1
    number = min(max(1, number), max(1, -(-len(waves) // WAVES)))
    return Page(waves[(number - 1) * WAVES : number * WAVES], number, WAVES, len(waves))


def waves_of(session: Session, operation: Operation, shown: Sequence[WaveSum], marks: Sequence[Mark]) -> list[WaveView]:
    """The waves of one page with their lines."""
    by_wave: dict[int, list[Mark]] = {}
    for mark in marks:
        by_wave.setdefault(mark.wave, []).append(mark)
    size = block_size(shown)
    views = [_view(wave, by_wave.get(wave.number, []), size) for wave in shown]
    lines = _lines(session, operation, views)
    return [replace(view, lines=tuple(lines.get(view.number, ()))) for view in views]


def _view(wave: WaveSum, marks: Sequence[Mark], size: int) -> WaveView:
    return WaveView(
        number=wave.number,
        name=wave.name,
        kind=wave_kind(wave.states),
        always=wave.always,
        ended=sum(count for state, count in wave.states.items() if state in STEP_ENDED),
        total=wave.total,
        tally=tally(wave.states),
        blocks=tuple(blocks_of(marks, size, wave.total)),
    )


def _lines(session: Session, operation: Operation, views: Sequence[WaveView]) -> dict[int, list[StepLine]]:
    small = tuple(view.number for view in views if view.total <= SMALL)
    rows = rows_of(session, operation.id, Wanted(waves=small), 0, SMALL * WAVES) if small else []
    large = [view.number for view in views if view.total > SMALL and view.moves][:MOST_LARGE]
    if not small and not large and views:
        large = [views[0].number]
    for number in large:
        rows += worst_rows(session, operation.id, number, LINES)
    found: dict[int, list[StepLine]] = {}
    for row in rows:
        found.setdefault(row.step.wave, []).append(line_of(row))
    return found


def line_of(row: StepRow) -> StepLine:
    """A step with its badge, and the seconds from its sending to its end while there is one."""
    step = row.step
    ended = step.ended_at is not None and step.sent_at is not None
    return StepLine(row, step_badge(step), step.ended_at - step.sent_at if ended else None)  # type: ignore[operator]


def block_size(shown: Sequence[WaveSum]) -> int:
    """How many steps stand in one block, so that all waves of a page together have few."""
    return max(1, -(-sum(wave.total for wave in shown) // BLOCKS))


def blocks_of(marks: Sequence[Mark], size: int, total: int) -> list[tuple[str, str]]:
    """(kind, title) of every block of a wave, from left to right."""
    by_place: dict[int, list[Mark]] = {}
    for mark in marks:
        by_place.setdefault(mark.position, []).append(mark)
    if size == 1:
        return [
            (_kind(mark.state), f"{mark.label}: {_word(mark.state)}") for some in by_place.values() for mark in some
        ]
    found = []
    for first, some in by_place.items():
        words = ", ".join(f"{mark.count} {_word(mark.state)}" for mark in some)
        states = Counter({mark.state: mark.count for mark in some})
        found.append((_mostly(states), f"steps {first + 1:,}–{min(first + size, total):,}: {words}"))
    return found


def _mostly(states: Counter[str]) -> str:
    """The kind of a block of many steps: that of most of them, and a flaw where others went wrong."""
    kind = _kind(states.most_common(1)[0][0])
    wrong = states[StepState.FAILED] + states[StepState.UNKNOWN]
    return f"{kind} mn-block--flawed" if wrong and kind not in ("failed", "unknown") else kind


def _kind(state: str) -> str:
    return _badge_of(state).kind


def _word(state: str) -> str:
    return _badge_of(state).word


def _badge_of(state: str) -> Badge:
    return _BADGES.get(state) or Badge("unknown", state)


_BADGES = {state.value: step_badge(Step(state=state.value)) for state in StepState}


def tally(states: Mapping[str, int]) -> str:
    """How far a wave is: 2 of 3, 1 failed."""
    get: Callable[[str], int] = lambda state: states.get(state, 0)  # noqa: E731
    ends = (StepState.FAILED, StepState.SKIPPED, StepState.CANCELLED)
    others = [f"{get(state):,} {state}" for state in ends if get(state)]
    done = [f"{get(StepState.DONE):,} of {sum(states.values()):,}"] if get(StepState.DONE) or not others else []
    return ", ".join(done + others)


def wave_kind(states: Mapping[str, int]) -> str:
    """The kind of a wave's badge from the states of its steps: the worst that is worth a look."""
    there = {state for state, count in states.items() if count}
    for state, kind in (
        (StepState.FAILED, "failed"),
        (StepState.UNKNOWN, "unknown"),
        (StepState.RUNNING, "changing"),
        (StepState.SENT, "changing"),
    ):
        if state in there:
            return kind
    if StepState.WAITING in there:
        return "waiting" if there == {StepState.WAITING} else "changing"
    for state, kind in ((StepState.CANCELLED, "cancelled"), (StepState.SKIPPED, "skipped")):
        if state in there:
            return kind
    return "done"
