"""API: the history of everything, filtered, page by page."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from minos_web.monitor.happenings import cursor_of, happenings
from minos_web.security.permissions import Permission
from minos_web.views.api.params import number_of
from minos_web.views.happening_words import history_json
from minos_web.views.history_asking import filter_of

MOST, USUAL = 500, 100


@view_config(route_name="api_history", request_method="GET", renderer="json", permission=Permission.VIEW)
def history(request: Request) -> dict[str, Any]:
    """Newest first; ``next`` is the cursor of the page below, None at the end of time."""
    limit = max(1, min(number_of(request, "limit") or USUAL, MOST))
    found, more = happenings(request.db, filter_of(request).page(limit))
    return {"events": [history_json(request, one) for one in found], "next": cursor_of(found[-1]) if more else None}
