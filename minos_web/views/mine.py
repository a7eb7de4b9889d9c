"""The clusters that are granted to whoever is signed in: the way in for those who do not see all of the console."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.models.clusters import Cluster
from minos_web.security.permissions import Grant, Permission, covers
from minos_web.views.badges import cluster_badge
from minos_web.views.finding import service_title


@view_config(route_name="mine", renderer="mine.mako", permission=Permission.ACCOUNT)
def mine_page(request: Request) -> dict[str, Any]:
    """Clusters on which one is something, and what."""
    rows = request.db.scalars(
        select(Cluster).where(Cluster.retired.is_(False)).order_by(Cluster.service, Cluster.name)
    ).all()
    mine = []
    for row in rows:
        roles = _roles(request.identity.grants, f"{row.service}/{row.name}")
        if roles:
            mine.append(
                (row, service_title(request.console.catalog, row.service), cluster_badge(row, request.now), roles)
            )
    return {"section": "clusters", "title": "Your clusters", "mine": mine, "grants": request.identity.grants}


def _roles(grants: tuple[Grant, ...], cluster: str) -> str:
    found = {str(one.role): None for one in grants if covers(one.pattern, cluster)}
    return ", ".join(found)
