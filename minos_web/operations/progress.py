"""PURE. What is next in an operation: which steps may go, which are given up, how the operation stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from minos_common.states import STEP_ENDED, STEP_OPEN, OperationState, StepState
from minos_web.operations.causes import pattern_of


@dataclass(frozen=True)
class StepView:
    """A step as far as progress needs it. ``begun``: it was sent; ``undoes`` is the wave that it makes good; ``alone``: it
    is tried again without the others that failed.
    """

    id: int
    wave: int
    state: StepState
    always: bool = False
    label: str = ""
    message: str = ""
    passed_over: bool = False
    task: int | None = None
    begun: bool = False
    undoes: int | None = None
    alone: bool = False


@dataclass(frozen=True)
class Manner:
    """How an operator wants it done. ``pauses``: stand still at a failure. ``together``: most steps of a wave at once (0:
    all). ``tolerated``: so many tasks may fail, and are left behind, before the operation counts as failed.
    """

    pauses: bool = False
    together: int = 0
    tolerated: int = 0


AS_USUAL = Manner()
_BAD = frozenset({StepState.FAILED, StepState.CANCELLED})


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


def decide(state: OperationState, steps: Sequence[StepView], manner: Manner = AS_USUAL) -> Decision:
    """The next moves of an open operation.

    A failed step lets the other steps of its wave that are under way finish, sends nothing more, and ends the
    operation as failed; waves marked always run in any case, and those that undo what was begun. A cancelled operation
    asks running steps to stop. An operation that ``pauses`` stands still at a failed step instead, until an operator
    has it tried again or goes on without it. An unknown step (host silent) holds a running operation, but not a cancelled
    one: it settles later by itself. Steps that are tried again alone go first, and nothing else with them.
    """
    left_behind = _tolerated(steps, manner.tolerated)
    failed = [s for s in steps if s.state in _BAD and not s.passed_over and s.task not in left_behind]
    if state is OperationState.CANCELLING:
        return _stop_early(steps, OperationState.CANCELLING, OperationState.CANCELLED, ask=True)
    if state is OperationState.RUNNING and any(s.alone and s.state not in STEP_ENDED for s in steps):
        return _go_on_alone(steps, manner.together)
    if failed and manner.pauses:
        return Decision(OperationState.PAUSED, message=f"paused: {failure_message(failed)}")
    if failed:
        decision = _stop_early(steps, OperationState.RUNNING, OperationState.FAILED, ask=False)
        decision.message = failure_message(failed)
        return decision
    if state is OperationState.PAUSED:
        return Decision(OperationState.PAUSED)
    return _go_on(steps, manner.together, left_behind)


def _tolerated(steps: Sequence[StepView], most: int) -> set[int]:
    """Tasks that failed, when they are not more than may fail."""
    failed = {s.task for s in steps if s.state in _BAD and not s.passed_over and s.task is not None}
    return failed if len(failed) <= most else set()


def _go_on(steps: Sequence[StepView], together: int, left_behind: set[int]) -> Decision:
    made_good = _to_undo(steps)  # is done even for a task that failed
    skip = [s.id for s in steps if s.task in left_behind and s.state is StepState.WAITING and s.id not in made_good]
    wave = _current_wave([s for s in steps if s.id not in skip])
    if wave is None:
        left = [s.label for s in steps if s.state in _BAD]
        if left:
            message = f"done, but without {', '.join(left[:5])}{_more(left)}"
            return Decision(OperationState.FAILED, skip=skip, message=message)
        return Decision(OperationState.DONE)
    decision = _next_of([s for s in steps if s.id not in skip], together)
    decision.skip = skip
    return decision


def _go_on_alone(steps: Sequence[StepView], together: int) -> Decision:
    """Only what is tried again for itself, wave by wave; how the operation stands is judged when that has ended. Where a
    step fails again, the later ones of its task are given up, and at a failed step of the console itself all later ones.
    """
    failed_at: dict[int | None, int] = {}
    for s in steps:
        if s.state in _BAD and not s.passed_over:
            failed_at[s.task] = min(s.wave, failed_at.get(s.task, s.wave))
    made_good = _to_undo(steps)
    mine = [s for s in steps if s.alone]
    skip = {
        s.id
        for s in mine
        if s.state is StepState.WAITING
        and s.id not in made_good
        and min(failed_at.get(None, s.wave), failed_at.get(s.task, s.wave)) < s.wave
    }
    decision = _next_of([s for s in mine if s.id not in skip], together)
    decision.skip = sorted(skip)
    return decision


def _next_of(steps: Sequence[StepView], together: int) -> Decision:
    """What may be sent of the lowest wave that has not ended."""
    wave = _current_wave(steps)
    send = [s.id for s in steps if s.wave == wave and s.state is StepState.WAITING]
    if together:
        under_way = sum(s.wave == wave and s.state in STEP_OPEN for s in steps)
        send = send[: max(0, together - under_way)]
    return Decision(OperationState.RUNNING, send=send)


def _stop_early(steps: Sequence[StepView], meanwhile: OperationState, at_end: OperationState, ask: bool) -> Decision:
    """Give up what was not begun, let what is under way end, then run what is always run, and undo what was begun."""
    last = {s.id for s in steps if s.always} | _to_undo(steps)
    given_up = [s.id for s in steps if s.state is StepState.WAITING and s.id not in last]
    decision = Decision(meanwhile)
    if ask:
        decision.cancel = given_up
        decision.ask_to_stop = [s.id for s in steps if s.state in STEP_OPEN and s.id not in last]
    else:
        decision.skip = given_up
    settled = STEP_ENDED | {StepState.UNKNOWN} if ask else STEP_ENDED
    busy = [s for s in steps if s.id not in last and s.state is not StepState.WAITING and s.state not in settled]
    if busy:
        return decision
    rest = [s for s in steps if s.id in last]
    wave = _current_wave(rest)
    if wave is None:
        decision.state = at_end
    else:
        decision.send = [s.id for s in rest if s.wave == wave and s.state is StepState.WAITING]
    return decision


def _to_undo(steps: Sequence[StepView]) -> set[int]:
    """Steps that make good what was begun for their own task (or, of both, for none: on behalf of all)."""
    begun = {(s.wave, s.task) for s in steps if s.begun}
    return {s.id for s in steps if s.undoes is not None and (s.undoes, s.task) in begun}


def _current_wave(steps: Sequence[StepView]) -> int | None:
    return min((s.wave for s in steps if s.state not in STEP_ENDED), default=None)


def _more(names: Sequence[str]) -> str:
    return f" and {len(names) - 5} more" if len(names) > 5 else ""


def failure_message(failed: Sequence[StepView]) -> str:
    """One sentence for the head of the page: how many steps failed, in how many ways, and the first one's reason."""
    failed = [s for s in failed if s.state is not StepState.CANCELLED] or failed
    if failed[0].state is StepState.CANCELLED and len(failed) > 1:
        return f"{len(failed)} steps are cancelled; first {failed[0].label}"
    ways = {pattern_of(s.message, (s.label,)) for s in failed}
    first = failed[0]
    head = f"{first.label}: {first.message}" if first.message else first.label
    if len(failed) == 1:
        return head
    in_ways = "the same way" if len(ways) == 1 else f"{len(ways)} ways"
    return f"{len(failed)} steps failed in {in_ways}; first {head}"
