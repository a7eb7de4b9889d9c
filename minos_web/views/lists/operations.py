"""The list of operations."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, select

from minos_common.states import OPERATION_ENDED, OperationState
from minos_web.models.clusters import Cluster
from minos_web.models.operations import Operation
from minos_web.views.badges import Badge, operation_badge
from minos_web.views.lists.scene import Scene, in_state
from minos_web.views.lists.shape import Column, Shape, has, known
from minos_web.views.presenting import deed

KINDS = ("open", *(state.value for state in OperationState if state in OPERATION_ENDED))
WORKERS = "workers"
"""Instead of a cluster: operations on the workers themselves."""


@dataclass(frozen=True)
class OperationLine:
    """An operation and its state."""

    operation: Operation
    badge: Badge


def operation_list(scene: Scene, cluster: str = "") -> Shape:
    """All operations, or those of a cluster (service/name, or workers), newest first."""
    ended = Operation.state.in_([state.value for state in OPERATION_ENDED])
    kind: ColumnElement[str] = case((ended, Operation.state), else_="open")
    base = select(Operation.id).select_from(Operation).outerjoin(Cluster, Cluster.id == Operation.cluster_id)
    if cluster:
        base = base.where(_of(cluster))
    states = {state.value: Operation.state == state.value for state in OperationState}
    begun = func.coalesce(Operation.started_at, Operation.created_at)
    return Shape(
        name="operations",
        one="operation",
        many="operations",
        row=Operation,
        base=base,
        columns=[
            Column("operation", "Operation", lambda line: "".join(deed(line.operation)), (Operation.id,), False, True, fixed=True),
            Column("cluster", "Cluster", _about, (known(Cluster.name, ""), known(Cluster.service, ""))),
            Column("state", "State", lambda line: line.badge.word, (Operation.state,)),
            Column("by", "By", lambda line: line.operation.created_by, (Operation.created_by,)),
            Column("started", "Started", lambda line: line.operation.started_at or line.operation.created_at, (begun,), False, True),
            Column("took", "Took", _took, (known(Operation.ended_at - begun),), True, True),
            Column("message", "Message", lambda line: line.operation.message),
        ],
        keys={
            "state": in_state(kind, KINDS, states),
            "cluster": _of,
            "service": lambda value: Cluster.service == value.lower(),
            "action": lambda value: Operation.action == value.lower().replace(" ", "_"),
            "by": lambda value: Operation.created_by == value,
            "message": lambda value: has(Operation.message, value),
        },
        words=(Operation.message, Operation.action, func.coalesce(Cluster.name, WORKERS), Operation.created_by),
        kind=kind,
        kinds=KINDS,
        usual_sort="operation",
        lines=lambda _session, rows: lines(rows),
        hint="cluster:dptst action:restart by:admin",
    )  # fmt: skip


def lines(rows: Sequence[Operation]) -> list[OperationLine]:
    """Lines for these operations."""
    return [OperationLine(one, operation_badge(one)) for one in rows]


def _of(value: str) -> ColumnElement[bool]:
    """dptst, zookeeper/dptst, or workers."""
    if value == WORKERS:
        return Operation.cluster_id.is_(None)
    service, slash, name = value.partition("/")
    return and_(Cluster.service == service, Cluster.name == name) if slash else Cluster.name == value


def _about(line: OperationLine) -> str:
    return line.operation.about


def _took(line: OperationLine) -> float | None:
    one = line.operation
    return one.ended_at - (one.started_at or one.created_at) if one.ended_at else None
