"""The search page: what the palette finds, for who has no scripts, and for a link."""

from itertools import groupby
from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from minos_web.security.permissions import Permission
from minos_web.views.errors import Refusal
from minos_web.views.searching import KINDS, find


@view_config(route_name="search", request_method="GET", renderer="search.mako", permission=Permission.VIEW)
def search_page(request: Request) -> dict[str, Any]:
    """What fits ``?q=``, by kinds, the kind of the best hit first."""
    text = request.GET.get("q", "").strip()
    try:
        hits, more = find(request, text)
        problem = ""
    except Refusal as refusal:
        request.response.status_int = refusal.status
        hits, more, problem = [], False, str(refusal)
    kinds = list(dict.fromkeys(hit.kind for hit in hits))
    rows = sorted(hits, key=lambda hit: kinds.index(hit.kind))
    groups = [(KINDS[kind], list(found)) for kind, found in groupby(rows, key=lambda hit: hit.kind)]
    return {"section": "search", "title": "Search", "text": text, "groups": groups, "more": more, "problem": problem}
