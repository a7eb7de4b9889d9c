"""Questions: steps without an operation, answered by a worker and forgotten later."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from minos_common.states import StepState
from minos_web.models.clusters import Task
from minos_web.models.operations import Step

QUESTION_VERBS = frozenset({"show", "list-logs", "read-log", "search-log", "read-files", "read-page"})
PATIENCE = 15.0


def ask(session: Session, task: Task, verb: str, args: dict[str, Any], user: str, now: float) -> Step:
    """Lay a question about a task on the table; the answer comes as the step's data. Raises ValueError for a verb that
    changes something.
    """
    if verb not in QUESTION_VERBS:
        raise ValueError(f"{verb!r} is no question; questions are {', '.join(sorted(QUESTION_VERBS))}")
    return lay(session, task, Step(verb=verb, args=args, created_by=user, created_at=now))


def lay(session: Session, task: Task, step: Step, patience: float = PATIENCE) -> Step:
    """Lay a step that belongs to no operation on the table: ``step`` has verb, args, user and time. Its id is made."""
    step.task_id, step.host_id, step.label = task.id, task.host_id, step.verb
    step.state, step.command_id, step.patience = StepState.WAITING.value, uuid.uuid4().hex, patience
    session.add(step)
    session.flush()
    return step


def answer_of(session: Session, step_id: int) -> Step | None:
    """The question with whatever answer it has by now; None when it was forgotten or is no question."""
    step = session.get(Step, step_id)
    return step if step is not None and step.operation_id is None else None
