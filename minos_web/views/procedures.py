"""Procedures of a service on one of its clusters: what they do, what they ask for, and the operation that does it."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.catalog.clients import Procedure
from minos_web.models.clusters import Cluster
from minos_web.models.people import Approval
from minos_web.operations.plan import Action
from minos_web.operations.refusal import Busy, Refused
from minos_web.operations.wish import Wish
from minos_web.security.permissions import Permission
from minos_web.views.api.approvals import submit_or_ask
from minos_web.views.clusters import cluster_frame
from minos_web.views.finding import found_cluster


@view_config(
    route_name="cluster_procedure", request_method="GET", renderer="procedure.mako", permission=Permission.OPERATE
)
def procedure_page(request: Request) -> dict[str, Any]:
    """What it does, and the form for what it asks for."""
    return _page(request, None, request.GET)


@view_config(
    route_name="cluster_procedure", request_method="POST", renderer="procedure.mako", permission=Permission.OPERATE
)
def carry_out(request: Request) -> Any:
    """Lay the operation on the table; back to the form with the reason when it is refused."""
    cluster = found_cluster(request)
    procedure = _procedure(request, cluster)
    options = {name: request.POST.get(name, "") for name in procedure.asks}
    wish = Wish(
        service=cluster.service,
        cluster=cluster.name,
        action=Action.PROCEDURE.value,
        user=request.identity.user,
        now=request.now,
        may_override=bool(request.has_permission(Permission.ADMINISTER)),
        options={**options, "procedure": procedure.name},
    )
    try:
        submitted = submit_or_ask(request, wish)
    except Refused as refused:
        request.tm.doom()
        request.response.status_int = 409 if isinstance(refused, Busy) else 422
        return _page(request, refused, request.POST)
    if isinstance(submitted, Approval):
        return HTTPSeeOther(request.route_path("approval", id=submitted.id))
    target = f"{cluster.service}/{cluster.name}"
    request.audit("operation.procedure", target, operation=submitted.operation.id, procedure=procedure.name, **options)
    return HTTPSeeOther(request.route_path("operation", id=submitted.operation.id))


def _page(request: Request, refused: Refused | None, given: Any) -> dict[str, Any]:
    cluster = found_cluster(request)
    procedure = _procedure(request, cluster)
    return {
        **cluster_frame(request, cluster),
        "title": f"{procedure.title} · {cluster.name}",
        "procedure": procedure,
        "refused": refused,
        "busy": refused.operation_id if isinstance(refused, Busy) else None,
        "given": given,
    }


def _procedure(request: Request, cluster: Cluster) -> Procedure:
    service = request.console.catalog.get(cluster.service)
    found: Procedure | None = service.procedure(request.matchdict["name"]) if service else None
    if found is None:
        raise HTTPNotFound(f"There is no procedure {request.matchdict['name']} for {cluster.name}.")
    return found
