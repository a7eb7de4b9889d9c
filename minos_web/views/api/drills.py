"""API: failover drills of a cluster: what can be drilled, whether it may be, and what earlier ones found."""

from typing import Any

import msgspec
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.catalog.drills import Drill as Described
from minos_web.models.clusters import Cluster
from minos_web.models.drills import Drill
from minos_web.operations.drills import ground_of, mark_ground
from minos_web.security.permissions import Permission
from minos_web.views.finding import found_cluster

NEWEST = 200


class NewGround(msgspec.Struct, forbid_unknown_fields=True):
    """Body of a PUT."""

    test_cluster: bool


@view_config(route_name="api_drills", request_method="GET", renderer="json", permission=Permission.VIEW)
def drills(request: Request) -> dict[str, Any]:
    """All of it."""
    return _json(request, found_cluster(request))


@view_config(route_name="api_drills", request_method="PUT", renderer="json", permission=Permission.ADMINISTER)
def put(request: Request) -> dict[str, Any]:
    """Make it a test cluster, or none any more."""
    cluster = found_cluster(request)
    mark(request, cluster, msgspec.json.decode(request.body, type=NewGround).test_cluster)
    return _json(request, cluster)


def mark(request: Request, cluster: Cluster, test: bool) -> None:
    """Do so, and say so in the audit trail."""
    if mark_ground(request.db, cluster, test, request.identity.user, request.now):
        request.audit("drills.mark", f"{cluster.service}/{cluster.name}", test_cluster=test)


def described(request: Request, cluster: Cluster) -> tuple[Described, ...]:
    """The drills that the service's folder tells of."""
    service = request.console.catalog.get(cluster.service)
    return service.drills if service else ()


def newest(request: Request, cluster: Cluster) -> list[Drill]:
    """Drills of a cluster, newest first."""
    query = select(Drill).where(Drill.cluster_id == cluster.id).order_by(Drill.at.desc(), Drill.id.desc())
    return list(request.db.scalars(query.limit(NEWEST)))


def _json(request: Request, cluster: Cluster) -> dict[str, Any]:
    known = [
        {"name": one.name, "title": one.title, "job": one.job, "limit_seconds": one.limit_seconds}
        for one in described(request, cluster)
    ]
    names = ("name", "at", "victim", "successor", "seconds", "well_seconds", "limit_seconds", "outcome", "reason")
    done = [
        {"operation": row.operation_id, **{name: getattr(row, name) for name in names}}
        for row in newest(request, cluster)
    ]
    return {"test_cluster": ground_of(request.db, cluster) is not None, "drills": known, "done": done}
