"""API: operations, started, looked at and controlled."""

from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPForbidden, HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_common.states import OperationState
from minos_web.models.clusters import Cluster
from minos_web.models.operations import Operation
from minos_web.models.people import Approval
from minos_web.operations.control import control, retry_some
from minos_web.operations.refusal import Refused
from minos_web.operations.step_rows import (
    Wanted,
    count_of,
    eta_of,
    left_behind,
    operation_causes,
    wave_sums,
    whole_steps,
)
from minos_web.operations.wave_sums import STATES
from minos_web.operations.wish import NewOperation, Wish
from minos_web.security.permissions import Permission
from minos_web.views.api import lists
from minos_web.views.api.approvals import approval_json, submit_or_ask
from minos_web.views.api.params import id_of, number_of, text_of
from minos_web.views.api.shapes import cause_json, eta_json, operation_json, waves_json
from minos_web.views.errors import Refusal
from minos_web.views.paging import Page

MOST_STEPS = 1000
"""An operation with more steps is told in pages."""
PAGE_STEPS = 500


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
    submitted = submit_or_ask(request, wish)
    if isinstance(submitted, Approval):
        request.response.status_int = 202
        return approval_json(request, submitted)
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
    wanted = select(Operation)
    if "service" in match:
        wanted = wanted.join(Cluster, Operation.cluster_id == Cluster.id)
        wanted = wanted.where(Cluster.service == match["service"], Cluster.name == match["cluster"])
    rows, further = lists.newest(request, wanted, Operation.id)
    return {"operations": [operation_json(row) for row in rows], "next": further}


@view_config(route_name="api_operation", request_method="GET", renderer="json", permission=Permission.VIEW)
def one(request: Request) -> dict[str, Any]:
    """State, waves and steps of one operation, why steps failed, and when it will be done. Of a large one, or with ?wave=,
    ?state= or ?page=, only a page of the steps.
    """
    operation = request.db.get(Operation, id_of(request))
    if operation is None:
        raise HTTPNotFound(f"there is no operation {request.matchdict['id']}")
    waves = wave_sums(request.db, operation)
    page = _page(request, operation, sum(wave.total for wave in waves))
    return {
        **operation_json(operation),
        "waves": waves_json(waves, operation.steps if page is None else page.items),
        "steps": None if page is None else _page_json(page),
        "eta": eta_json(eta_of(request.db, operation, waves, request.now)),
        "causes": [cause_json(cause) for cause in operation_causes(request.db, operation.id)],
    }


def _page(request: Request, operation: Operation, total: int) -> Page | None:
    """The steps that are asked for; None: all of them."""
    wave, number, state = number_of(request, "wave"), number_of(request, "page"), text_of(request, "state")
    if state and state not in STATES:
        raise Refusal(422, "invalid", f"state must be one of {', '.join(STATES)}, not {state[:40]!r}", "state")
    if wave is None and number is None and not state and total <= MOST_STEPS:
        return None
    wanted = Wanted(None if wave is None else (wave,), state)
    found = count_of(request.db, operation.id, wanted)
    page = min(max(1, number or 1), found // PAGE_STEPS + 2)  # beyond the last one there is nothing, however far
    first = (page - 1) * PAGE_STEPS
    steps = whole_steps(request.db, operation.id, wanted, first, PAGE_STEPS)
    return Page(steps, page, PAGE_STEPS, found)


def _page_json(page: Page) -> dict[str, int]:
    return {"page": page.number, "pages": page.pages, "size": page.size, "total": page.total}


@view_config(route_name="api_operation_control", request_method="POST", renderer="json", permission=Permission.OPERATE)
def change(request: Request) -> dict[str, Any]:
    """Pause, resume, skip, cancel or retry; a retry may be of some ``steps`` only, or of one ``cause``."""
    verb, number = request.matchdict["verb"], id_of(request)
    operation = request.db.get(Operation, number)
    check_may(request, operation, verb)
    some = msgspec.json.decode(request.body, type=Some) if verb == "retry" and request.body.strip() else Some()
    stood, more = operation.message if operation else "", dict[str, Any]()
    if operation is not None and (some.steps is not None or some.cause):
        steps = chosen_steps(request, operation, some.steps, some.cause)
        retry_some(request.db, number, steps, request.identity.user, request.now)
        more = {"steps": len(steps), **({"cause": some.cause} if some.cause else {})}
    else:
        operation = control(request.db, number, verb, request.identity.user, request.now)
    request.audit(f"operation.{verb}", operation.about, operation=operation.id, stood=stood[:300], **more)
    return operation_json(operation)


class Some(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a retry that is not of all: ids of steps, or the key of a cause."""

    steps: list[int] | None = None
    cause: str = ""


def chosen_steps(request: Request, operation: Operation, steps: list[int] | None, cause: str) -> set[int]:
    """The steps that a retry names by their ids, or by the cause of their failure. Raises Refused."""
    if steps is not None and cause:
        raise Refused("bad-request", "name steps or a cause, not both", "cause")
    if not cause:
        if not steps:
            raise Refused("invalid", "steps must name at least one step", "steps")
        return set(steps)
    found = next((one for one in operation_causes(request.db, operation.id) if one.key == cause), None)
    left = left_behind(request.db, operation.id) if operation.state == OperationState.PAUSED else set()
    chosen = set(found.steps) - left if found else set()
    if not chosen:
        raise Refused("wrong-state", "nothing stands failed in that way any more: reload to see how it is", "cause")
    return chosen


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
