"""PURE. What was planned beside what happened: the waves of an operation that is over, and why they went otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from minos_common.states import OperationState, StepState
from minos_web.operations.wave_sums import WaveSum


@dataclass(frozen=True)
class Why:
    """What explains steps that were not done: how the operation ended, the first step that failed (and its wave), and by
    wave how many steps were left out because their own tasks had failed.
    """

    state: OperationState
    failed: str = ""
    failed_wave: int | None = None
    own_fault: Mapping[int, int] | None = None


@dataclass(frozen=True)
class Line:
    """A wave: ``planned`` and ``happened`` in words, ``notes`` on what differs."""

    wave: WaveSum
    planned: str
    happened: str
    notes: tuple[str, ...]

    @property
    def took(self) -> float | None:
        """Seconds from its first step to the end of its last; None when nothing of it was sent."""
        wave = self.wave
        return None if wave.began is None or wave.ended is None else max(0.0, wave.ended - wave.began)


def beside_the_plan(waves: Sequence[WaveSum], why: Why) -> list[Line]:
    """A line for every wave, in the order in which they were planned."""
    lines, latest = [], 0.0
    for wave in waves:
        early = wave.began is not None and wave.began < latest - 0.5
        latest = max(latest, wave.began or 0.0)
        lines.append(Line(wave, _planned(wave), _happened(wave), tuple(_notes(wave, why, early))))
    return lines


def _planned(wave: WaveSum) -> str:
    if len(wave.verbs) == 1:
        verb = next(iter(wave.verbs))
        return f"{verb} × {wave.total:,}"
    return ", ".join(f"{verb} × {count:,}" for verb, count in sorted(wave.verbs.items()))


def _happened(wave: WaveSum) -> str:
    counts = [(state, wave.states[state]) for state in StepState if wave.states[state]]
    if len(counts) == 1:
        state, count = counts[0]
        return f"{'all ' if count > 1 else ''}{state.value}"
    return ", ".join(f"{count:,} {state.value}" for state, count in counts)


def _notes(wave: WaveSum, why: Why, early: bool) -> list[str]:
    notes = []
    own = (why.own_fault or {}).get(wave.number, 0)
    others = wave.states[StepState.SKIPPED] - own
    if own > 0:
        notes.append(f"{own:,} left out: {'its task' if own == 1 else 'their tasks'} had failed before")
    if others > 0:
        notes.append(f"{others:,} left out{_because(wave, why)}")
    if wave.states[StepState.CANCELLED]:
        notes.append(f"{wave.states[StepState.CANCELLED]:,} cancelled")
    if wave.again:
        notes.append(f"{wave.again:,} further attempt{'' if wave.again == 1 else 's'}")
    if early:
        notes.append("begun before a wave that was planned earlier")
    return notes


def _because(wave: WaveSum, why: Why) -> str:
    if why.failed and (why.failed_wave is None or why.failed_wave <= wave.number):
        return f": given up when this failed: {why.failed}"
    return ": nothing that it makes good was begun" if wave.undoes is not None else ""
