"""Pause, resume, skip, cancel and retry of operations, or of some of their steps."""

import uuid
from collections.abc import Callable, Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import OPERATION_ENDED, STEP_OPEN, OperationState, StepState
from minos_web.models.operations import WORKERS, Operation, Step
from minos_web.operations.braking import check_brake
from minos_web.operations.refusal import Busy, Refused

ALONE = "alone"
"""In the data of a step that is tried again without the others that failed, until it has ended."""
_ENDED_BADLY = (StepState.FAILED, StepState.CANCELLED)


def control(session: Session, operation_id: int, verb: str, user: str, now: float) -> Operation:
    """Carry out ``verb`` (pause, resume, skip, cancel, retry) on an operation. Raises Refused with the reason, or Busy."""
    operation = _operation(session, operation_id)
    if verb in _GO_ON:
        check_brake(session, operation.cluster)
    _VERBS[verb](session, operation, user, now)
    return operation


def retry_some(session: Session, operation_id: int, only: Collection[int], user: str, now: float) -> Operation:
    """Try some of the steps that failed again (``only``: their ids), and of an ended operation what comes after them for
    the same tasks; the others stay as they are. Where these are all there are, it is a retry as any other. Raises Refused,
    or Busy.
    """
    operation = _operation(session, operation_id)
    check_brake(session, operation.cluster)
    _need(operation, {OperationState.PAUSED, OperationState.FAILED, OperationState.CANCELLED}, "tried again")
    paused = operation.state == OperationState.PAUSED
    known = failed_steps(operation) if paused else [s for s in operation.steps if s.state in _ENDED_BADLY]
    chosen = [step for step in known if step.id in only]
    if not chosen or len(chosen) < len(set(only)):
        wrong = min(set(only) - {step.id for step in chosen}, default=0)
        raise Refused("wrong-state", f"step {wrong} is none that failed here: reload to see how it stands", "steps")
    if len(chosen) == len(known):
        _retry(session, operation, user, now)
        return operation
    later = []
    if not paused:
        _reopen(session, operation)
        later = _later(operation.steps, chosen)
    for step in (*chosen, *later):
        begin_anew(step)
        step.data = {ALONE: True}
    what = "1 step is" if len(chosen) == 1 else f"{len(chosen):,} steps are"
    operation.state, operation.message = (
        OperationState.RUNNING.value,
        f"{what} tried again by {user}, without the others",
    )
    return operation


def _later(steps: Sequence[Step], chosen: Sequence[Step]) -> list[Step]:
    """What was not done any more because these failed: the later steps of their tasks, and looks of the console at them."""
    begun: dict[int | None, int] = {}
    for step in chosen:
        begun[step.task_id] = min(step.wave, begun.get(step.task_id, step.wave))
    first, ids = min(begun.values()), {step.id for step in chosen}
    all_after = begun.get(None)

    def belongs(step: Step) -> bool:
        if all_after is not None and step.wave > all_after:
            return True
        if step.task_id is not None:
            return step.wave > begun.get(step.task_id, step.wave)
        return step.wave > first and bool(set(step.args.get("touched") or ()) & begun.keys())

    never = (StepState.SKIPPED, StepState.CANCELLED)
    return [step for step in steps if step.id not in ids and step.state in never and belongs(step)]


def _operation(session: Session, number: int) -> Operation:
    operation = session.get(Operation, number)
    if operation is None:
        raise Refused("unknown-operation", f"there is no operation {number}", "id")
    return operation


def _pause(_session: Session, operation: Operation, user: str, _now: float) -> None:
    _need(operation, {OperationState.WAITING, OperationState.RUNNING}, "paused")
    operation.state, operation.message = OperationState.PAUSED.value, f"paused by {user}"


def _resume(_session: Session, operation: Operation, user: str, now: float) -> None:
    """Go on: what failed is left behind, but facts that did not hold are looked at again. What stood still as asked ends."""
    _need(operation, {OperationState.PAUSED}, "resumed")
    for step in failed_steps(operation):
        if step.verb == "gate":
            begin_anew(step)
        else:
            step.passed_over = True
    for step in operation.steps:
        if step.verb == "pause" and step.state in STEP_OPEN:
            step.state, step.message, step.ended_at = StepState.DONE.value, f"resumed by {user}", now
    operation.state, operation.message = OperationState.RUNNING.value, f"resumed by {user}"


def _skip(_session: Session, operation: Operation, user: str, _now: float) -> None:
    """Go on without what failed, facts that do not hold as well."""
    stands = failed_steps(operation)
    _need(operation, {OperationState.PAUSED} if stands else set(), "carried on without anything: nothing failed")
    for step in stands:
        step.passed_over = True
    operation.state, operation.message = OperationState.RUNNING.value, f"{user} went on without what failed"


def _cancel(_session: Session, operation: Operation, user: str, _now: float) -> None:
    _need(operation, set(OperationState) - OPERATION_ENDED, "cancelled")
    operation.state, operation.message = OperationState.CANCELLING.value, f"cancelled by {user}"


def _retry(session: Session, operation: Operation, user: str, now: float) -> None:
    """Open an ended operation again, all of it that is not done; or, where it stands still, try what it stands at anew."""
    again = failed_steps(operation) if operation.state == OperationState.PAUSED else []
    if not again:
        _need(operation, {OperationState.FAILED, OperationState.CANCELLED}, "tried again")
        _reopen(session, operation)
        again = [step for step in operation.steps if step.state != StepState.DONE]
    for step in again:
        begin_anew(step)
    operation.state, operation.message = OperationState.RUNNING.value, f"tried again by {user}"


def begin_anew(step: Step) -> None:
    """Put a step back to where it waits to be sent, as a command of its own."""
    step.state, step.command_id, step.attempt = StepState.WAITING.value, uuid.uuid4().hex, step.attempt + 1
    step.sent_at = step.resent_at = step.accepted_at = step.ended_at = step.cancel_asked_at = None
    step.message, step.output, step.data, step.fraction = "", "", {}, None
    step.passed_over = False


def wait_again(step: Step) -> None:
    """Put a step back that was not carried out, and did not fail: what was wished of it stays."""
    alone = bool((step.data or {}).get(ALONE))
    begin_anew(step)
    step.data = {ALONE: True} if alone else {}


def _reopen(session: Session, operation: Operation) -> None:
    """Take the place of the open operation again. Raises Busy, or Refused while a step's outcome is not known."""
    scope = WORKERS if operation.cluster_id is None else operation.cluster_id
    other = session.scalar(select(Operation.id).where(Operation.open_cluster_id == scope))
    if other is not None:
        raise Busy(other, "the workers" if scope == WORKERS else "")
    if any(step.state == StepState.UNKNOWN for step in operation.steps):
        raise Refused("unknown-steps", "a step's outcome is not known yet; wait until its host answers")
    operation.open_cluster_id, operation.ended_at = scope, None


def failed_steps(operation: Operation) -> list[Step]:
    """Steps at which an operation stands still: failed, and not left behind."""
    return [step for step in operation.steps if step.state in _ENDED_BADLY and not step.passed_over]


def _need(operation: Operation, states: set[OperationState], done: str) -> None:
    if operation.state not in states:
        raise Refused("wrong-state", f"operation {operation.id} is {operation.state}: it cannot be {done}")


_GO_ON = frozenset({"resume", "skip", "retry"})
"""Verbs that have something done: not while the brake is pulled."""
_VERBS: dict[str, Callable[[Session, Operation, str, float], None]] = {
    "pause": _pause,
    "resume": _resume,
    "skip": _skip,
    "cancel": _cancel,
    "retry": _retry,
}
