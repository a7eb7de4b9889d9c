"""The services that this console knows: what each folder says, and folders that cannot be read."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import func, select

from minos_web.catalog.description import Service
from minos_web.models.clusters import Cluster
from minos_web.security.permissions import Permission
from minos_web.views.badges import Badge, cluster_badge
from minos_web.views.charting import comparing_charts
from minos_web.views.clusters import told_of


@view_config(route_name="services", renderer="services.mako", permission=Permission.VIEW)
def services_page(request: Request) -> dict[str, Any]:
    """All of them, with how many clusters each has."""
    catalog = request.console.catalog
    rows = request.db.execute(
        select(Cluster.service, func.count()).where(Cluster.retired.is_(False)).group_by(Cluster.service)
    )
    return {
        "section": "help",
        "title": "Services",
        "services": sorted(catalog.services.values(), key=lambda service: (service.title or service.name).lower()),
        "own": catalog.own,
        "problems": catalog.problems,
        "clusters": {name: count for name, count in rows},
    }


@view_config(route_name="service", renderer="service.mako", permission=Permission.VIEW)
def service_page(request: Request) -> dict[str, Any]:
    """Everything that one folder says."""
    name = request.matchdict["name"]
    service: Service | None = request.console.catalog.get(name)
    if service is None:
        raise HTTPNotFound(f"There is no service {name}.")
    return {
        "section": "help",
        "title": service.title or service.name,
        "service": service,
        "own": name in request.console.catalog.own,
        "found": _clusters(request, service),
        "charts": comparing_charts(request, service),
    }


def _clusters(request: Request, service: Service) -> list[tuple[Cluster, Badge, str, str]]:
    """(cluster, its state, its version, address of its own page) of every cluster of the service."""
    query = select(Cluster).where(Cluster.service == service.name, Cluster.retired.is_(False)).order_by(Cluster.name)
    return [
        (cluster, cluster_badge(cluster, request.now), *told_of(request.db, service, cluster))
        for cluster in request.db.scalars(query)
    ]
