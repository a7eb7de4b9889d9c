"""Operations that have not ended, and how far each is."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from minos_common.states import STEP_ENDED
from minos_web.models.operations import Operation, Step
from minos_web.views.badges import Badge, operation_badge


@dataclass(frozen=True)
class OpenOperation:
    """A running operation with how many of its steps have ended."""

    operation: Operation
    badge: Badge
    ended: int
    total: int


def open_operations(session: Session) -> list[OpenOperation]:
    """Operations that have not ended, newest first."""
    operations = list(
        session.scalars(select(Operation).where(Operation.ended_at.is_(None)).order_by(Operation.id.desc()))
    )
    counts = select(Step.operation_id, Step.state, func.count()).where(
        Step.operation_id.in_([operation.id for operation in operations])
    )
    ended: dict[int | None, int] = {}
    total: dict[int | None, int] = {}
    for operation_id, state, number in session.execute(counts.group_by(Step.operation_id, Step.state)):
        total[operation_id] = total.get(operation_id, 0) + number
        ended[operation_id] = ended.get(operation_id, 0) + (number if state in STEP_ENDED else 0)
    return [OpenOperation(one, operation_badge(one), ended.get(one.id, 0), total.get(one.id, 0)) for one in operations]
