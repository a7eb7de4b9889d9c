"""API: looking for things by words."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from minos_web.security.permissions import Permission
from minos_web.views.searching import find


@view_config(route_name="api_search", request_method="GET", renderer="json", permission=Permission.VIEW)
def search(request: Request) -> dict[str, Any]:
    """What fits ?q=, the best first; nothing but the pages without it."""
    text = request.GET.get("q", "").strip()
    hits, more = find(request, text)
    return {
        "query": text,
        "hits": [{"kind": hit.kind, "title": hit.title, "detail": hit.detail, "url": hit.url} for hit in hits],
        "more": more,
    }
