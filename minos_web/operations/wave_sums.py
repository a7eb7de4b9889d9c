"""PURE. Waves and steps of an operation as numbers: what sums, pictures and comparisons are made of."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from minos_common.states import STEP_ENDED, StepState

STATES = {
    "pending": (StepState.WAITING,),
    "running": (StepState.SENT, StepState.RUNNING, StepState.UNKNOWN),
    "failed": (StepState.FAILED,),
    "done": (StepState.DONE,),
    "skipped": (StepState.SKIPPED, StepState.CANCELLED),
}
"""What lists are filtered by, and the states of steps that each stands for."""


@dataclass
class WaveSum:
    """A wave as numbers. ``began`` and ``ended`` are of its first and last step; ``again`` counts attempts after the first."""

    number: int
    name: str
    always: bool = False
    undoes: int | None = None
    states: Counter[str] = field(default_factory=Counter)
    verbs: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    began: float | None = None
    ended: float | None = None
    again: int = 0

    @property
    def total(self) -> int:
        """How many steps it has."""
        return self.states.total()

    @property
    def over(self) -> bool:
        """Whether every step has ended."""
        return all(state in STEP_ENDED for state in self.states)


@dataclass(frozen=True)
class Mark:
    """What pictures need of a step, or of ``count`` steps of one state that follow one another from ``position`` on: then
    ``id`` and ``label`` are of the first, and the times from the first sending to the last end.
    """

    wave: int
    position: int
    state: str
    verb: str
    count: int
    id: int
    label: str
    sent_at: float | None
    ended_at: float | None


def states_of(waves: Sequence[WaveSum]) -> Counter[str]:
    """How many steps of the operation are in each state."""
    return sum((wave.states for wave in waves), Counter())


def filter_counts(states: Counter[str]) -> dict[str, int]:
    """How many steps each filter finds."""
    return {name: sum(states[state] for state in some) for name, some in STATES.items()}
