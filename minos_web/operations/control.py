"""Pause, resume, skip, cancel and retry of operations."""

import uuid
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from minos_common.states import OPERATION_ENDED, STEP_OPEN, OperationState, StepState
from minos_web.models.operations import WORKERS, Operation, Step
from minos_web.operations.refusal import Busy, Refused


def control(session: Session, operation_id: int, verb: str, user: str, now: float) -> Operation:
    """Carry out ``verb`` (pause, resume, skip, cancel, retry) on an operation. Raises Refused with the reason, or Busy."""
    operation = session.get(Operation, operation_id)
    if operation is None:
        raise Refused("unknown-operation", f"there is no operation {operation_id}", "id")
    _VERBS[verb](session, operation, user, now)
    return operation


def _pause(_session: Session, operation: Operation, user: str, _now: float) -> None:
    _need(operation, {OperationState.WAITING, OperationState.RUNNING}, "paused")
    operation.state, operation.message = OperationState.PAUSED.value, f"paused by {user}"


def _resume(_session: Session, operation: Operation, user: str, now: float) -> None:
    """Go on: what failed is left behind, but facts that did not hold are looked at again. What stood still as asked ends."""
    _need(operation, {OperationState.PAUSED}, "resumed")
    for step in failed_steps(operation):
        if step.verb == "gate":
            _begin_anew(step)
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
        _begin_anew(step)
    operation.state, operation.message = OperationState.RUNNING.value, f"tried again by {user}"


def _begin_anew(step: Step) -> None:
    step.state, step.command_id, step.attempt = StepState.WAITING.value, uuid.uuid4().hex, step.attempt + 1
    step.sent_at = step.resent_at = step.accepted_at = step.ended_at = step.cancel_asked_at = None
    step.message, step.output, step.data, step.fraction = "", "", {}, None
    step.passed_over = False


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
    ended = (StepState.FAILED, StepState.CANCELLED)
    return [step for step in operation.steps if step.state in ended and not step.passed_over]


def _need(operation: Operation, states: set[OperationState], done: str) -> None:
    if operation.state not in states:
        raise Refused("wrong-state", f"operation {operation.id} is {operation.state}: it cannot be {done}")


_VERBS: dict[str, Callable[[Session, Operation, str, float], None]] = {
    "pause": _pause,
    "resume": _resume,
    "skip": _skip,
    "cancel": _cancel,
    "retry": _retry,
}
