"""Who takes over in a drill: every task of the job is asked each second until one says that it has the part."""

from sqlalchemy.orm import Session

from minos_common.states import STEP_ENDED, StepState
from minos_web.models.operations import Operation, Step
from minos_web.operations.ask import lay

SPARE_SECONDS = 15.0
"""So long after its patience an answer may still be on its way."""


def look_for_takeover(session: Session, step: Step, now: float) -> tuple[StepState, str] | None:
    """How the step ends, or None while nobody has taken over yet. The questions go to workers beside the operation: those
    that are not answered well keep nothing from going on.
    """
    operation = step.operation
    if operation is None or operation.cluster is None:
        return StepState.FAILED, "its cluster is gone"
    if "asked" not in step.data:
        step.data = {**step.data, "asked": _ask(session, operation, step, now)}
    asked = [found for one in step.data["asked"] if (found := session.get(Step, one)) is not None]
    done = [one for one in asked if one.state == StepState.DONE]
    kill = next((one for one in operation.steps if one.verb == "kill"), None)
    began = (kill.ended_at if kill else None) or step.sent_at or now
    if done:
        first = min(done, key=lambda one: one.ended_at or now)
        _take_back(asked, now)
        return _taken_over(step, first, began, now)
    if all(one.state in STEP_ENDED for one in asked) or now - (step.sent_at or now) > step.patience + SPARE_SECONDS:
        _take_back(asked, now)
        why = "; ".join(f"{_name(one)}: {one.message}" for one in asked[:5])
        return StepState.FAILED, f"nobody took over within {step.patience:.0f} s ({why or 'nobody could be asked'})"
    step.message = f"nobody has taken over for {now - began:.0f} s"
    return None


def _ask(session: Session, operation: Operation, step: Step, now: float) -> list[int]:
    """Ids of a question to each task of the job, whoever was killed included: it may be the first that is back."""
    assert operation.cluster is not None
    found = []
    for task in operation.cluster.tasks:
        if task.job == step.args["job"] and task.described and task.host_id is not None:
            args = {"kind": "status", "expect": {step.args["figure"]: step.args["values"]}}
            probe = Step(verb="probe", args=args, created_by=operation.created_by, created_at=now)
            found.append(lay(session, task, probe, step.patience).id)
    return found


def _taken_over(step: Step, first: Step, began: float, now: float) -> tuple[StepState, str]:
    seconds = max((first.ended_at or now) - began, 0.0)
    step.data = {**step.data, "seconds": round(seconds, 2), "successor": _name(first), "killed_at": began}
    return StepState.DONE, f"{_name(first)} has taken over after {seconds:.1f} s"


def _take_back(asked: list[Step], now: float) -> None:
    for one in asked:
        if one.state not in STEP_ENDED:
            one.cancel_asked_at = one.cancel_asked_at or now


def _name(step: Step) -> str:
    return f"{step.task.job}/{step.task.number}" if step.task is not None else "a task that is gone"
