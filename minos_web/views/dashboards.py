"""Dashboards: the list, one drawn, one edited; copied, deleted, taken from and given as a file."""

import re
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from minos_web.models.dashboards import Dashboard
from minos_web.monitor.dashboard import LABELS, exported, imported
from minos_web.monitor.dashboards import copied, visible
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.api.dashboards import asking, deleted, found_dashboard, made
from minos_web.views.api.series_names import all_known
from minos_web.views.charting import Chart
from minos_web.views.frame import flash
from minos_web.views.metric_words import MetricWords, words_of
from minos_web.views.presenting import sentence
from minos_web.views.sending import attachment

SHARING = {
    "private": "private",
    "view": "everyone may see it",
    "edit": "everyone may see it, operators may change it",
}
UNITS = ("count", "percent", "bytes", "bytes_per_second", "per_second", "ms", "seconds", "bool")
_LINK = re.compile(r"(https?://[^\s<>\"']+[^\s<>\"'.,;:!?)])")
_NO_FILE_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@view_config(route_name="dashboards", request_method="GET", renderer="dashboards.mako", permission=Permission.VIEW)
def list_page(request: Request) -> dict[str, Any]:
    """Own ones, shared ones, and for admins other people's private ones; filtered by ``q``."""
    person, text = asking(request), request.GET.get("q", "").strip()
    rows = visible(request.db, person)
    shown = [row for row in rows if text.lower() in f"{row.title} {row.description} {row.owner}".lower()]
    mine = [row for row in shown if row.owner == person.name]
    others = [row for row in shown if row.owner != person.name]
    return {
        "section": "dashboards",
        "title": "Dashboards",
        "groups": [
            ("Mine", mine),
            ("Shared", [row for row in others if row.sharing != "private"]),
            ("Private ones of others", [row for row in others if row.sharing == "private"]),
        ],
        "sharing": SHARING,
        "person": person,
        "total": len(rows),
        "q": text,
    }


@view_config(route_name="dashboard", request_method="GET", renderer="dashboard.mako", permission=Permission.VIEW)
def show_page(request: Request) -> dict[str, Any]:
    """One dashboard, drawn."""
    row, person, known = found_dashboard(request), asking(request), all_known(request)
    return {
        "section": "dashboards",
        "title": row.title,
        "row": row,
        "charts": [panel_chart(request, panel, f"panel-{at}", known) for at, panel in enumerate(row.panels)],
        "linked": linked,
        "sharing": SHARING,
        "person": person,
    }


@view_config(
    route_name="dashboards_new", request_method="GET", renderer="dashboard_edit.mako", permission=Permission.OPERATE
)
def new_page(request: Request) -> dict[str, Any]:
    """An empty one in the editor."""
    draft = {"title": "", "description": "", "sharing": "private", "revision": 0, "panels": []}
    return _editor(request, "New dashboard", draft, None)


@view_config(
    route_name="dashboard_edit", request_method="GET", renderer="dashboard_edit.mako", permission=Permission.OPERATE
)
def edit_page(request: Request) -> Any:
    """One in the editor; whoever may not change it is told what to do instead."""
    row = found_dashboard(request)
    if not asking(request).edits(row):
        flash(request, "warning", f"This dashboard is {row.owner}'s: copy it, and change the copy.")
        return HTTPSeeOther(request.route_path("dashboard", id=row.id))
    kept = ("title", "description", "sharing", "revision", "panels")
    return _editor(request, row.title, {name: getattr(row, name) for name in kept}, row)


@view_config(route_name="dashboard_copy", request_method="POST", permission=Permission.OPERATE)
def copy_post(request: Request) -> HTTPSeeOther:
    """A private copy, opened in the editor."""
    row = found_dashboard(request)
    try:
        copy = made(request, copied(row), "dashboard.copy", of=row.id)
    except Refused as refused:
        return _back(request, refused, request.route_path("dashboard", id=row.id))
    flash(request, "success", "This copy is yours; nobody else sees it yet.")
    return HTTPSeeOther(request.route_path("dashboard_edit", id=copy.id))


@view_config(route_name="dashboard_delete", request_method="POST", permission=Permission.OPERATE)
def delete_post(request: Request) -> HTTPSeeOther:
    """It is gone."""
    row = found_dashboard(request)
    try:
        deleted(request, row)
    except Refused as refused:
        return _back(request, refused, request.route_path("dashboard", id=row.id))
    flash(request, "success", f"The dashboard {row.title} is deleted.")
    return HTTPSeeOther(request.route_path("dashboards"))


@view_config(route_name="dashboard_export", request_method="GET", permission=Permission.VIEW)
def export(request: Request) -> Response:
    """As a file, for another console or for keeping."""
    row = found_dashboard(request)
    body = exported(row.title, row.description, row.panels)
    name = _NO_FILE_NAME.sub("-", row.title).strip("-.")[:60] or f"dashboard-{row.id}"
    return attachment(body, f"{name}.json", "application/json")


@view_config(route_name="dashboards_import", request_method="POST", permission=Permission.OPERATE)
def import_post(request: Request) -> HTTPSeeOther:
    """A file becomes a private dashboard of whoever brings it."""
    given = request.POST.get("file")
    try:
        if not hasattr(given, "file"):
            raise Refused("invalid", "choose a file", "file")
        row = made(request, imported(given.file.read()), "dashboard.import")
    except Refused as refused:
        where = f" ({refused.field})" if refused.field not in ("", "file") else ""
        refused.message = f"nothing was imported: {refused.message}{where}"
        return _back(request, refused, request.route_path("dashboards"))
    flash(request, "success", "Imported. It is yours; nobody else sees it yet.")
    return HTTPSeeOther(request.route_path("dashboard", id=row.id))


def panel_chart(request: Request, panel: dict[str, Any], name: str, known: dict[str, MetricWords]) -> Chart | None:
    """Where a chart panel gets its samples; None for a text."""
    if panel["kind"] != "chart":
        return None
    query = [("metric", metric) for metric in panel["metrics"]]
    query += [(label, panel[label]) for label in LABELS if panel[label]]
    query += [("rate", "1")] if panel["rate"] else []
    query += [("combine", panel["combine"])] if panel["combine"] != "each" else []
    query += [("top", str(panel["top"]))] if panel["combine"] == "top" else []
    url = request.route_path("api_series", _query=query)
    titles = {metric: words_of(metric, known).title for metric in panel["metrics"]}
    first = titles[panel["metrics"][0]]
    place = ", ".join(panel[label] for label in LABELS if panel[label])
    note = {"sum": "sum", "average": "average", "top": f"highest {panel['top']}"}.get(panel["combine"], "")
    title = panel["title"] or (first if len(titles) == 1 else f"{first} and {len(titles) - 1} more")
    return Chart(name, title, " · ".join(word for word in (place, note) if word), url, panel["unit"], titles)


def linked(text: str) -> list[tuple[str, bool]]:
    """A text in pieces, and whether each is an address that one can follow."""
    return [(piece, number % 2 == 1) for number, piece in enumerate(_LINK.split(text)) if piece]


def _editor(request: Request, title: str, draft: dict[str, Any], row: Dashboard | None) -> dict[str, Any]:
    return {
        "section": "dashboards",
        "title": f"Edit {title}" if row else title,
        "draft": draft,
        "row": row,
        "owns": row is None or asking(request).owns(row),
        "sharing": SHARING,
        "units": UNITS,
    }


def _back(request: Request, refused: Refused, where: str) -> HTTPSeeOther:
    request.tm.doom()
    flash(request, "danger", sentence(refused.message))
    return HTTPSeeOther(where)
