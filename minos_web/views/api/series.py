"""API: stored figures for charts, and the clusters that are unwell."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.models.clusters import Cluster
from minos_web.monitor.series import SeriesQuery, query, step_of
from minos_web.monitor.status import Kind, cluster_status
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.api.shapes import status_json


@view_config(route_name="api_series", request_method="GET", renderer="json", permission=Permission.VIEW)
def series(request: Request) -> dict[str, Any]:
    """Averages over equal steps between from and to (epoch seconds; the last hour when left out); rate=1 turns counters
    into growth per second.
    """
    params = request.params
    metrics = tuple(params.getall("metric"))
    if not metrics:
        raise Refused("bad-request", "name at least one metric: ?metric=host.cpu_percent", "metric")
    end = _number(params.get("to"), request.now, "to")
    start = _number(params.get("from"), end - 3600, "from")
    points = min(2000, max(1, int(_number(params.get("points"), 300, "points"))))
    parts = {part: params.get(part, "") for part in ("host", "service", "cluster", "job", "task")}
    wanted = SeriesQuery(metrics, start, end, points, **parts, rate=params.get("rate") in ("1", "true"))
    return {"from": start, "to": end, "step": step_of(wanted), "series": query(request.db, wanted)}


def _number(text: str | None, default: float, field: str) -> float:
    try:
        return default if not text else float(text)
    except ValueError:
        raise Refused("bad-request", f"{field} must be a number, not {text!r}", field) from None


@view_config(route_name="api_alerts", request_method="GET", renderer="json", permission=Permission.VIEW)
def alerts(request: Request) -> dict[str, Any]:
    """Clusters that are not well now, with the reason and since when."""
    found = []
    for cluster in request.db.scalars(
        select(Cluster).where(Cluster.retired.is_(False)).order_by(Cluster.service, Cluster.name)
    ):
        status = cluster_status(cluster, request.now)
        if status.kind in (Kind.DOWN, Kind.DEGRADED, Kind.UNKNOWN):
            found.append({"service": cluster.service, "cluster": cluster.name, "status": status_json(status)})
    return {"alerts": found}
