"""The round that keeps what drills found, and has people told of those that did not go well."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from minos_common.states import OPERATION_ENDED, OperationState, StepState
from minos_web.console import Console
from minos_web.models.drills import Drill
from minos_web.models.operations import Operation, Step
from minos_web.monitor.telling import Told, tell
from minos_web.operations.plan import Action


def due_drills(session: Session) -> list[int]:
    """Ids of operations that drill and whose end is not kept yet."""
    query = select(Operation.id).outerjoin(Drill, Drill.operation_id == Operation.id)
    query = query.where(Operation.action == Action.DRILL.value, or_(Drill.id.is_(None), Drill.outcome == "open"))
    return list(session.scalars(query.order_by(Operation.id)))


def keep_drill(session: Session, console: Console, operation_id: int, now: float) -> None:
    """Bring what is known of one drill in line with its operation; its end is told in the same transaction, once."""
    operation = session.get_one(Operation, operation_id)
    if operation.cluster_id is None or operation.cluster is None:
        return
    row = session.scalar(select(Drill).filter_by(operation_id=operation.id))
    if row is None:
        name = str(operation.options.get("drill") or "")
        row = Drill(cluster_id=operation.cluster_id, operation_id=operation.id, name=name, at=operation.created_at)
        row.limit_seconds, row.outcome = _limit(console, operation), "open"
        session.add(row)
    _measure(row, operation)
    if operation.state in OPERATION_ENDED:
        row.ended_at = operation.ended_at or now
        row.outcome, row.reason = _outcome(row, operation)
        if row.outcome in ("slow", "failed"):
            _tell(session, console, operation, row, now)


def _limit(console: Console, operation: Operation) -> float:
    service = console.catalog.get(operation.cluster.service) if operation.cluster else None
    drill = service.drill(str(operation.options.get("drill") or "")) if service else None
    return drill.limit_seconds if drill else 0.0


def _measure(row: Drill, operation: Operation) -> None:
    kill = _step(operation, "kill")
    if kill is not None and kill.task is not None:
        row.victim = f"{kill.task.job}/{kill.task.number}"
    takeover = _step(operation, "takeover")
    if takeover is None or takeover.state != StepState.DONE:
        return
    row.seconds, row.successor = float(takeover.data["seconds"]), str(takeover.data["successor"])
    gate = next((one for one in operation.steps if one.verb == "gate" and not one.args["first"]), None)
    if gate is not None and gate.state == StepState.DONE and gate.ended_at is not None:
        row.well_seconds = max(gate.ended_at - float(takeover.data["killed_at"]), 0.0)


def _step(operation: Operation, verb: str) -> Step | None:
    return next((step for step in operation.steps if step.verb == verb), None)


def _outcome(row: Drill, operation: Operation) -> tuple[str, str]:
    if operation.state == OperationState.CANCELLED:
        return "cancelled", operation.message
    if operation.state != OperationState.DONE:
        return "failed", operation.message or "a step failed"
    if row.seconds is not None and row.limit_seconds and row.seconds > row.limit_seconds:
        return "slow", f"it took {row.seconds:.1f} s, and {row.limit_seconds:g} s are allowed"
    return "good", ""


def _tell(session: Session, console: Console, operation: Operation, row: Drill, now: float) -> None:
    cluster = operation.cluster
    assert cluster is not None
    service = console.catalog.get(cluster.service)
    drill = service.drill(row.name) if service else None
    what = "failed" if row.outcome == "failed" else "was slow"
    title = f"The drill {drill.title if drill else row.name} on {cluster.service} {cluster.name} {what}: {row.reason}"
    level = "error" if row.outcome == "failed" else "warning"
    text = f"Killed was {row.victim or 'nobody'}; {row.successor or 'nobody'} took over."
    path = f"/operations/{operation.id}"
    key = f"drill {cluster.service}/{cluster.name}/{row.name}"
    told = Told("note", level, title, text, key, service=cluster.service, cluster=cluster.name, path=path)
    tell(session, told, now)
