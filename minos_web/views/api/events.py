"""API: what happened in a span of time, for the marks on charts and the list below them."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from minos_web.monitor.happening_sources import Asked
from minos_web.monitor.happenings import happenings
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.api.params import number_in, number_of
from minos_web.views.happening_words import event_json

MOST = 500
USUAL = 300


@view_config(route_name="api_events", request_method="GET", renderer="json", permission=Permission.VIEW)
def events(request: Request) -> dict[str, Any]:
    """Newest first; ``more`` says that there was more than ``limit``."""
    params = request.GET
    end = number_in(params, "to", request.now)
    start = number_in(params, "from", end - 3600.0)
    if start >= end:
        raise Refused("bad-request", "from must lie before to", "from")
    if params.get("cluster") and not params.get("service"):
        raise Refused("bad-request", "name the service of the cluster as well", "service")
    limit = min(number_of(request, "limit") or USUAL, MOST)
    service, cluster, host = (str(params.get(part, "")) for part in ("service", "cluster", "host"))
    found, more = happenings(request.db, Asked(start, end, service, cluster, host, limit))
    return {"from": start, "to": end, "more": more, "events": [event_json(request, one) for one in found]}
