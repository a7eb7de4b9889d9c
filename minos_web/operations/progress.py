"""PURE. What is next in an operation: which steps may go, which are given up, how the operation stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from minos_common.states import STEP_ENDED, STEP_OPEN, OperationState, StepState


@dataclass(frozen=True)
class StepView:
    """A step as far as progress needs it."""

    id: int
    wave: int
    state: StepState
    always: bool = False
    label: str = ""
    message: str = ""
    passed_over: bool = False


@dataclass
class Decision:
    """What to do now: step ids to send, to skip (never needed any more), to cancel (never sent), to ask to stop;
    and the state and message of the operation afterwards.
    """

    state: OperationState
    send: list[int] = field(default_factory=list)
    skip: list[int] = field(default_factory=list)
    cancel: list[int] = field(default_factory=list)
    ask_to_stop: list[int] = field(default_factory=list)
    message: str = ""


def decide(state: OperationState, steps: Sequence[StepView], pauses: bool = False) -> Decision:
    """The next moves of an open operation.

    A failed step lets the other steps of its wave that are under way finish, sends nothing more, and ends the
    operation as failed; waves marked always run in any case. A cancelled operation asks running steps to stop.
    An operation that ``pauses`` stands still at a failed step instead, until an operator has it tried again or goes on
    without it. An unknown step (host silent) holds a running operation, but not a cancelled one: it settles later by itself.
    """
    failed = [s for s in steps if s.state in (StepState.FAILED, StepState.CANCELLED) and not s.passed_over]
    cancelling = state is OperationState.CANCELLING
    if cancelling:
        return _stop_early(steps, OperationState.CANCELLING, OperationState.CANCELLED, ask=True)
    if failed and pauses:
        return Decision(OperationState.PAUSED, message=f"paused: {failure_message(failed)}")
    if failed:
        decision = _stop_early(steps, OperationState.RUNNING, OperationState.FAILED, ask=False)
        decision.message = failure_message(failed)
        return decision
    if state is OperationState.PAUSED:
        return Decision(OperationState.PAUSED)
    return _go_on(steps)


def _go_on(steps: Sequence[StepView]) -> Decision:
    wave = _current_wave(steps)
    if wave is None:
        left = [s.label for s in steps if s.passed_over and s.state is not StepState.DONE]
        if left:
            return Decision(OperationState.FAILED, message=f"done, but without {', '.join(left[:5])}{_more(left)}")
        return Decision(OperationState.DONE)
    send = [s.id for s in steps if s.wave == wave and s.state is StepState.WAITING]
    return Decision(OperationState.RUNNING, send=send)


def _stop_early(steps: Sequence[StepView], meanwhile: OperationState, at_end: OperationState, ask: bool) -> Decision:
    """Give up what was not begun, let what is under way end, then run the waves marked always."""
    given_up = [s.id for s in steps if s.state is StepState.WAITING and not s.always]
    decision = Decision(meanwhile)
    if ask:
        decision.cancel = given_up
        decision.ask_to_stop = [s.id for s in steps if s.state in STEP_OPEN and not s.always]
    else:
        decision.skip = given_up
    settled = STEP_ENDED | {StepState.UNKNOWN} if ask else STEP_ENDED
    busy = [s for s in steps if not s.always and s.state is not StepState.WAITING and s.state not in settled]
    if busy:
        return decision
    rest = [s for s in steps if s.always]
    wave = _current_wave(rest)
    if wave is None:
        decision.state = at_end
    else:
        decision.send = [s.id for s in rest if s.wave == wave and s.state is StepState.WAITING]
    return decision


def _current_wave(steps: Sequence[StepView]) -> int | None:
    return min((s.wave for s in steps if s.state not in STEP_ENDED), default=None)


def _more(names: Sequence[str]) -> str:
    return f" and {len(names) - 5} more" if len(names) > 5 else ""


def failure_message(failed: Sequence[StepView]) -> str:
    """One sentence for the head of the page: how many steps failed, in how many ways, and the first one's reason."""
    ways = {s.message for s in failed}
    first = failed[0]
    head = f"{first.label}: {first.message}" if first.message else first.label
    if len(failed) == 1:
        return head
    in_ways = "the same way" if len(ways) == 1 else f"{len(ways)} ways"
    return f"{len(failed)} steps failed in {in_ways}; first {head}"
