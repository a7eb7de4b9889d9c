"""API: operations, started, looked at and controlled."""

from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPForbidden, HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.models.clusters import Cluster
from minos_web.models.operations import Operation
from minos_web.operations.control import control
from minos_web.operations.submit import submit
from minos_web.operations.wish import NewOperation, Wish
from minos_web.security.permissions import Permission
from minos_web.views.api.shapes import operation_json


@view_config(route_name="api_cluster_operations", request_method="POST", renderer="json", permission=Permission.OPERATE)
def start(request: Request) -> dict[str, Any]:
    """Submit an operation: 201 with its id and URL; 409 with the open one's id when the cluster is busy."""
    body = msgspec.json.decode(request.body, type=NewOperation)
    match = request.matchdict
    wish = Wish(
        service=match["service"],
        cluster=match["cluster"],
        action=body.action,
        user=request.identity.user,
        now=request.now,
        jobs=body.jobs,
        tasks=body.tasks,
        hosts=body.hosts,
        may_override=bool(request.has_permission(Permission.ADMINISTER)),
        options=body.options,
    )
    submitted = submit(request.db, request.console, wish)
    operation = submitted.operation
    request.audit(f"operation.{body.action}", f"{match['service']}/{match['cluster']}", operation=operation.id)
    request.response.status_int = 201
    answer = {"id": operation.id, "url": request.route_url("api_operation", id=operation.id)}
    if submitted.made_password:
        answer["cleanup_password"] = submitted.made_password
    return answer


@view_config(route_name="api_cluster_operations", request_method="GET", renderer="json", permission=Permission.VIEW)
@view_config(route_name="api_operations", request_method="GET", renderer="json", permission=Permission.VIEW)
def newest(request: Request) -> dict[str, Any]:
    """The newest operations, of one cluster or of all; ?limit= (at most 200) and ?before=<id> page through them."""
    match = request.matchdict
    wanted = select(Operation).order_by(Operation.id.desc())
    if "service" in match:
        wanted = wanted.join(Cluster, Operation.cluster_id == Cluster.id)
        wanted = wanted.where(Cluster.service == match["service"], Cluster.name == match["cluster"])
    if request.params.get("before"):
        wanted = wanted.where(Operation.id < int(request.params["before"]))
    limit = min(200, int(request.params.get("limit", 50)))
    rows = request.db.scalars(wanted.limit(limit)).all()
    return {"operations": [operation_json(row, with_steps=False) for row in rows]}


@view_config(route_name="api_operation", request_method="GET", renderer="json", permission=Permission.VIEW)
def one(request: Request) -> dict[str, Any]:
    """State, waves and steps of one operation."""
    operation = request.db.get(Operation, int(request.matchdict["id"]))
    if operation is None:
        raise HTTPNotFound(f"there is no operation {request.matchdict['id']}")
    return operation_json(operation)


@view_config(route_name="api_operation_control", request_method="POST", renderer="json", permission=Permission.OPERATE)
def change(request: Request) -> dict[str, Any]:
    """Pause, resume, skip, cancel or retry."""
    verb = request.matchdict["verb"]
    check_may(request, request.db.get(Operation, int(request.matchdict["id"])), verb)
    operation = control(request.db, int(request.matchdict["id"]), verb, request.identity.user, request.now)
    request.audit(f"operation.{verb}", operation.about, operation=operation.id)
    return operation_json(operation, with_steps=False)


def check_may(request: Request, operation: Operation | None, verb: str) -> None:
    """Whoever operates may pause and cancel anything; to bring another release onto hosts is an administrator's. Raises
    HTTPForbidden.
    """
    if operation is not None and not may_control(request, operation, verb):
        raise HTTPForbidden(f"to {verb} an upgrade of workers needs the role admin")


def may_control(request: Request, operation: Operation, verb: str) -> bool:
    """As ``check_may``, for those who only want to know."""
    moves_on = verb in ("resume", "skip", "retry") and operation.cluster_id is None
    return bool(request.has_permission(Permission.ADMINISTER if moves_on else Permission.OPERATE))
