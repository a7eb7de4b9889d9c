"""Questions to workers from a page: asked at most once at a time, answered when the worker has answered."""

from typing import Any

from pyramid.request import Request
from sqlalchemy import select

from minos_common.states import STEP_ENDED
from minos_web.models.clusters import Task
from minos_web.models.operations import Step
from minos_web.operations.ask import ask

FRESH_SECONDS = 1.5
"""An answer this young is given again instead of asking anew: several tabs cost one question."""
PATIENCE_SECONDS = 15.0


def asked(request: Request, task: Task, verb: str, args: dict[str, Any], fresh: float = FRESH_SECONDS) -> Step | None:
    """The answered question about ``task``, or None while the worker has not answered.

    Asks unless the same question is under way or was answered in the last ``fresh`` seconds. A GET may not write with
    its own session, so the question goes through one of its own.
    """
    recent = select(Step).where(
        Step.operation_id.is_(None),
        Step.task_id == task.id,
        Step.verb == verb,
        Step.created_at > request.now - PATIENCE_SECONDS - fresh,
    )
    steps: list[Step] = list(request.db.scalars(recent.order_by(Step.id.desc()).limit(20)))
    for step in steps:
        if step.args != args:
            continue
        if step.state in STEP_ENDED and request.now - (step.ended_at or 0.0) <= fresh:
            return step
        if step.state not in STEP_ENDED and request.now - step.created_at < PATIENCE_SECONDS:
            return None
        break
    with request.console.writers.begin() as session:
        ask(session, task, verb, args, request.identity.user, request.now)
    return None
