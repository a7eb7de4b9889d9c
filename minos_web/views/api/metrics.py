"""API: everything Prometheus may want to know, in the text format that it asks for."""

from collections.abc import Iterable

from prometheus_client.core import Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from minos_web.monitor.exposition import Around, families
from minos_web.security.permissions import Permission


class _Page(Collector):
    """The families of one request, in the shape that the encoders take."""

    def __init__(self, request: Request) -> None:
        around = Around(request.console.settings, request.console.catalog.services, request.now)
        self._families = families(request.db, around)

    def collect(self) -> Iterable[Metric]:
        """The families."""
        return self._families


@view_config(route_name="metrics", request_method="GET", permission=Permission.VIEW)
@view_config(route_name="api_metrics", request_method="GET", permission=Permission.VIEW)
def metrics(request: Request) -> Response:
    """States, counts and the newest figures; needs a token (or a sign-in) that may view."""
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    response = Response(body=encode(_Page(request)))
    response.headers["Content-Type"] = content_type
    return response
