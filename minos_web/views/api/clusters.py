"""API: clusters, their tasks and plans."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from minos_web.models.clusters import Cluster
from minos_web.models.hosts import Host
from minos_web.models.operations import Operation
from minos_web.operations.preview import plan_json
from minos_web.operations.wish import Wish
from minos_web.security.permissions import Permission
from minos_web.views.api.lists import paged
from minos_web.views.api.params import plan_options
from minos_web.views.api.shapes import cluster_json, task_json


def cluster_of(request: Request) -> Cluster:
    """The cluster that the URL names; 404 otherwise."""
    match = request.matchdict
    found: Cluster | None = request.db.scalar(
        select(Cluster).filter_by(service=match["service"], name=match["cluster"], retired=False)
    )
    if found is None:
        raise HTTPNotFound(f"there is no cluster {match['service']}/{match['cluster']}")
    return found


def open_operations(request: Request) -> dict[int, int]:
    """Cluster id -> id of its open operation."""
    rows = request.db.execute(
        select(Operation.open_cluster_id, Operation.id).where(Operation.open_cluster_id.is_not(None))
    )
    return {cluster: operation for cluster, operation in rows}


@view_config(route_name="api_clusters", request_method="GET", renderer="json", permission=Permission.VIEW)
def clusters(request: Request) -> dict[str, Any]:
    """Every cluster."""
    busy = open_operations(request)
    catalog = request.console.catalog
    rows = request.db.scalars(
        select(Cluster)
        .where(Cluster.retired.is_(False))
        .order_by(Cluster.service, Cluster.name)
        .options(selectinload(Cluster.tasks))
    )
    found = rows.all()
    return paged(
        request,
        "clusters",
        found,
        lambda row: cluster_json(row, catalog.get(row.service), request.now, busy.get(row.id)),
    )


@view_config(route_name="api_cluster", request_method="GET", renderer="json", permission=Permission.VIEW)
def cluster(request: Request) -> dict[str, Any]:
    """One cluster."""
    row = cluster_of(request)
    service = request.console.catalog.get(row.service)
    return cluster_json(row, service, request.now, open_operations(request).get(row.id))


@view_config(route_name="api_tasks", request_method="GET", renderer="json", permission=Permission.VIEW)
def tasks(request: Request) -> dict[str, Any]:
    """The tasks of one cluster in job and task order."""
    hosts = {host.id: host for host in request.db.scalars(select(Host))}
    settings = request.console.settings
    rows = cluster_of(request).tasks
    return paged(request, "tasks", rows, lambda row: task_json(row, hosts.get(row.host_id or 0), request.now, settings))


@view_config(route_name="api_plan", request_method="GET", renderer="json", permission=Permission.VIEW)
def plan(request: Request) -> dict[str, Any]:
    """What an action would do: its waves, and for every task all that would be sent. Needs no worker to be up. The options
    of an operation are parameters of the query.
    """
    match, params = request.matchdict, request.params
    wish = Wish(
        service=match["service"],
        cluster=match["cluster"],
        action=params.get("action") or "start",
        user=request.identity.user,
        now=request.now,
        jobs=params.getall("job"),
        tasks=params.getall("task"),
        hosts=params.getall("host"),
        may_override=bool(request.has_permission(Permission.ADMINISTER)),
        options=plan_options(request),
    )
    return plan_json(request.db, request.console, wish)
