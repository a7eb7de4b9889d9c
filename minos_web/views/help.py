"""Help: a few short pages, all of them built in."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from minos_web.security.permissions import Permission
from minos_web.views.api_try import tried
from minos_web.views.components import shown

PAGES = {
    "quick-start": "Quick start",
    "states": "What the states mean",
    "cluster-files": "Cluster files",
    "operations": "Operations",
    "brake": "Emergency brake",
    "lists": "Lists",
    "charts": "Charts",
    "alerts": "Alerts",
    "shell": "Shell and packs",
    "quotas": "Quotas",
    "notifications": "Notifications",
    "schedules": "Schedules",
    "api": "The API",
    "try": "Try the API",
    "components": "Components",
}


@view_config(route_name="help", permission=Permission.VIEW)
def first(request: Request) -> HTTPSeeOther:
    """The first page."""
    return HTTPSeeOther(request.route_path("help_page", page="quick-start"))


@view_config(route_name="help_page", permission=Permission.VIEW)
def help_page(request: Request) -> Response:
    """One page of help."""
    name = request.matchdict["page"]
    if name not in PAGES:
        raise HTTPNotFound(f"There is no help page {name}.")
    values: dict[str, Any] = {"section": "help", "title": PAGES[name], "pages": PAGES, "page": name}
    if name == "try":
        values |= tried(request.GET, request.host_url)
    if name == "components":
        values |= shown(request.now)
    return render_to_response(f"help/{name}.mako", values, request)
