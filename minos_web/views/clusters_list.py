"""All clusters in a table: filtered by service, state and a part of the name, page by page, the unwell ones first."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from minos_web.monitor.alert_lists import firing_by_cluster
from minos_web.monitor.tallies import all_clusters
from minos_web.security.permissions import Permission
from minos_web.views.alert_words import tally
from minos_web.views.badges import URGENCY, cluster_badge, urgency
from minos_web.views.finding import service_title
from minos_web.views.open_operations import open_operations
from minos_web.views.paging import cut, wanted_page

ROWS = 50
UNWELL = ("down", "degraded", "unknown")
STATE_WORDS = {
    "unwell": "in need of a look", "down": "down", "degraded": "degraded", "unknown": "unknown", "changing": "changing",
    "maintenance": "in maintenance", "stopped": "stopped", "running": "healthy",
}  # fmt: skip
"""What one may ask for, and how it is put."""
SORTS = ("state", "name", "service")


@view_config(route_name="clusters_list", renderer="clusters_list.mako", permission=Permission.VIEW)
def list_page(request: Request) -> dict[str, Any]:
    """Filtered by ``service``, ``state`` and ``q``; sorted by ``sort``."""
    wanted = {name: request.GET.get(name, "").strip() for name in ("service", "state", "q", "sort")}
    clusters = all_clusters(request.db)
    badges = {one.id: cluster_badge(one, request.now) for one in clusters}
    kinds = UNWELL if wanted["state"] == "unwell" else (wanted["state"],)
    text = wanted["q"].lower()
    shown = [
        one
        for one in clusters
        if wanted["service"] in ("", one.service)
        and (not wanted["state"] or badges[one.id].kind in kinds)
        and (text in one.name.lower() or text in one.description.lower())
    ]
    if wanted["sort"] not in ("name", "service"):
        shown.sort(key=lambda one: urgency(badges[one.id].kind))
    elif wanted["sort"] == "name":
        shown.sort(key=lambda one: (one.name, one.service))
    firing = firing_by_cluster(request.db)
    services = sorted({one.service for one in clusters})
    return {
        "section": "clusters",
        "title": "Clusters",
        "wanted": wanted,
        "page": cut(shown, wanted_page(request.GET), ROWS),
        "total": len(clusters),
        "badges": badges,
        "counts": [(kind, sum(badge.kind == kind for badge in badges.values())) for kind in URGENCY],
        "alerts": {one.id: tally(firing.get((one.service, one.name), {})) for one in shown},
        "running": {one.operation.cluster_id: one for one in open_operations(request.db) if one.operation.cluster_id},
        "services": [(name, service_title(request.console.catalog, name)) for name in services],
        "titles": {name: service_title(request.console.catalog, name) for name in services},
        "states": STATE_WORDS,
        "unwell": sum(badge.kind in UNWELL for badge in badges.values()),
    }
