"""API: dashboards that people put together themselves."""

from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.models.dashboards import Dashboard
from minos_web.monitor.dashboard import Draft
from minos_web.monitor.dashboards import Person, change, create, visible
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.api.lists import paged
from minos_web.views.api.params import id_of


@view_config(route_name="api_dashboards", request_method="GET", renderer="json", permission=Permission.VIEW)
def dashboards(request: Request) -> dict[str, Any]:
    """One's own and those that are shared, by title; without their panels."""
    person = asking(request)
    return paged(request, "dashboards", list(visible(request.db, person)), lambda row: _head(request, row, person))


@view_config(route_name="api_dashboards", request_method="POST", renderer="json", permission=Permission.OPERATE)
def new(request: Request) -> dict[str, Any]:
    """A new one, which belongs to whoever sends it."""
    row = made(request, _body(request))
    request.response.status_int = 201
    return _whole(request, row)


@view_config(route_name="api_dashboard", request_method="GET", renderer="json", permission=Permission.VIEW)
def dashboard(request: Request) -> dict[str, Any]:
    """One dashboard with its panels."""
    return _whole(request, found_dashboard(request))


@view_config(route_name="api_dashboard", request_method="PUT", renderer="json", permission=Permission.OPERATE)
def save(request: Request) -> dict[str, Any]:
    """Save over it; 409 when ``revision`` is not the one that stands."""
    row, draft = found_dashboard(request), _body(request)
    before = (row.title, row.sharing)
    if change(row, draft, asking(request), request.now):
        shared = {"sharing": row.sharing} if row.sharing != before[1] else {}
        request.audit("dashboard.change", _target(row), revision=row.revision, panels=len(row.panels), **shared)
    return _whole(request, row)


@view_config(route_name="api_dashboard", request_method="DELETE", renderer="json", permission=Permission.OPERATE)
def delete(request: Request) -> dict[str, Any]:
    """It is gone for everybody."""
    row = found_dashboard(request)
    deleted(request, row)
    return {"deleted": row.id}


def asking(request: Request) -> Person:
    """Who sends this request."""
    operator, admin = (bool(request.has_permission(one)) for one in (Permission.OPERATE, Permission.ADMINISTER))
    return Person(request.identity.user, operator, admin)


def found_dashboard(request: Request) -> Dashboard:
    """The one of the URL, if whoever asks may see it. Raises HTTPNotFound: a private one is not told of."""
    number = id_of(request)
    row: Dashboard | None = request.db.get(Dashboard, number)
    if row is None or not asking(request).sees(row):
        raise HTTPNotFound(f"There is no dashboard {number}, or it is another person's own.")
    return row


def made(request: Request, draft: Draft, how: str = "dashboard.add", **details: Any) -> Dashboard:
    """Keep a new one, and say so in the audit trail. Raises Refused."""
    row = create(request.db, draft, asking(request), request.now)
    request.audit(how, _target(row), sharing=row.sharing, panels=len(row.panels), **details)
    return row


def deleted(request: Request, row: Dashboard) -> None:
    """Delete it, and say so in the audit trail with what is needed to make it again. Raises Refused."""
    if not asking(request).owns(row):
        raise Refused("not-yours", f"only {row.owner} or an administrator deletes this dashboard")
    request.audit("dashboard.delete", _target(row), owner=row.owner, revision=row.revision, panels=len(row.panels))
    request.db.delete(row)


def _target(row: Dashboard) -> str:
    return f"dashboard {row.id} {row.title}"


def _body(request: Request) -> Draft:
    return msgspec.json.decode(request.body or b"{}", type=Draft)


def _head(request: Request, row: Dashboard, person: Person) -> dict[str, Any]:
    return {
        "id": row.id,
        "url": request.route_path("dashboard", id=row.id),
        "title": row.title,
        "description": row.description,
        "owner": row.owner,
        "sharing": row.sharing,
        "revision": row.revision,
        "created_at": row.created_at,
        "changed_at": row.changed_at,
        "changed_by": row.changed_by,
        "may_change": person.edits(row),
        "may_delete": person.owns(row),
    }


def _whole(request: Request, row: Dashboard) -> dict[str, Any]:
    return {**_head(request, row, asking(request)), "panels": row.panels}
