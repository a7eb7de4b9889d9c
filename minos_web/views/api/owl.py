"""API: newest figures, chart definitions and counters in the shapes that tools of Owl read; at Owl's addresses too.

A token goes with the request, as with any other of the API. ``?indent`` makes the JSON one for people.
"""

import json
from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from minos_web.monitor.counters import fresh_counters
from minos_web.monitor.exposition import Around
from minos_web.monitor.owl_shapes import config_shape, counters_shape, metrics_shape
from minos_web.monitor.owl_sources import points_of
from minos_web.security.permissions import Permission

_VIEW = {"request_method": "GET", "permission": Permission.VIEW}


@view_config(route_name="api_owl_metrics", **_VIEW)
@view_config(route_name="old_metrics", **_VIEW)
def metrics(request: Request) -> Response:
    """{timestamp, data: endpoint -> group -> key -> {type, unit, value}}; an empty body when there is nothing."""
    around = Around(request.console.settings, request.console.catalog.services, request.now)
    return _answer(request, metrics_shape(points_of(request.db, around), request.now))


@view_config(route_name="api_owl_config", **_VIEW)
@view_config(route_name="old_metrics_config", **_VIEW)
def metrics_config(request: Request) -> Response:
    """[{group, key, unit}] of all charts."""
    services = request.console.catalog.services
    return _answer(request, config_shape(services[name] for name in sorted(services)))


@view_config(route_name="api_owl_counters", **_VIEW)
@view_config(route_name="old_counters", **_VIEW)
def counters(request: Request) -> Response:
    """endpoint -> group -> name -> {value, unit} of counters that were pushed just now."""
    return _answer(request, counters_shape(fresh_counters(request.db, request.now)))


def _answer(request: Request, found: Any) -> Response:
    text = "" if found is None else json.dumps(found, indent=2 if "indent" in request.GET else None)
    return Response(body=text.encode(), content_type="application/json", charset="UTF-8")
