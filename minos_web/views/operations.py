"""Operations: the list of them."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import func, select

from minos_common.states import OPERATION_ENDED, OperationState
from minos_web.models.clusters import Cluster
from minos_web.models.operations import Operation
from minos_web.security.permissions import Permission
from minos_web.views.badges import operation_badge
from minos_web.views.paging import Page, wanted_page

ROWS = 50
_STATES = {
    "open": [state for state in OperationState if state not in OPERATION_ENDED],
    **{state.value: [state] for state in OPERATION_ENDED},
}


@view_config(route_name="operations", renderer="operations.mako", permission=Permission.VIEW)
def operations_page(request: Request) -> dict[str, Any]:
    """All operations, newest first, filtered by ``state`` and ``cluster`` (service/name)."""
    state, cluster = request.GET.get("state", ""), request.GET.get("cluster", "")
    query = select(Operation).outerjoin(Cluster, Cluster.id == Operation.cluster_id)
    if state in _STATES:
        query = query.where(Operation.state.in_(_STATES[state]))
    if cluster == "workers":
        query = query.where(Operation.cluster_id.is_(None))
    if "/" in cluster:
        service, _, name = cluster.partition("/")
        query = query.where(Cluster.service == service, Cluster.name == name)
    total = request.db.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = min(wanted_page(request.GET), max(1, -(-total // ROWS)))
    found = request.db.scalars(query.order_by(Operation.id.desc()).offset((number - 1) * ROWS).limit(ROWS))
    clusters = request.db.execute(select(Cluster.service, Cluster.name).order_by(Cluster.service, Cluster.name))
    return {
        "section": "operations",
        "title": "Operations",
        "page": Page([(one, operation_badge(one)) for one in found], number, ROWS, total),
        "wanted": {"state": state, "cluster": cluster},
        "states": list(_STATES),
        "clusters": [*(f"{service}/{name}" for service, name in clusters), "workers"],
    }
