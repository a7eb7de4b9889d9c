"""API: routes of news to people, in the order in which they are asked, and who would hear of what."""

from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.models.notify import Route
from minos_web.notify import routes
from minos_web.notify.matching import KINDS, LEVELS, Ear, Rule, Subject, decide
from minos_web.notify.routing import Switchboard
from minos_web.security.permissions import Permission
from minos_web.views.api.lists import paged
from minos_web.views.api.params import id_of, number_in
from minos_web.views.errors import Refusal


@view_config(route_name="api_routes", request_method="GET", renderer="json", permission=Permission.VIEW)
def listed(request: Request) -> dict[str, Any]:
    """All of them, the one of the ini (its id is null) last."""
    found = [_json(row) for row in routes.all_routes(request.db)]
    own = routes.default_rule(request.console.settings)
    return paged(request, "routes", found + ([_own(own, len(found) + 1)] if own else []))


@view_config(route_name="api_routes", request_method="POST", renderer="json", permission=Permission.ADMINISTER)
def new(request: Request) -> dict[str, Any]:
    """A new one, asked last unless it says a position."""
    row = added(request, _body(request))
    request.response.status_int = 201
    return _json(row)


@view_config(route_name="api_route", request_method="PUT", renderer="json", permission=Permission.ADMINISTER)
def save(request: Request) -> dict[str, Any]:
    """Change it."""
    row = found_route(request)
    changed(request, row, _body(request))
    return _json(row)


@view_config(route_name="api_route", request_method="DELETE", renderer="json", permission=Permission.ADMINISTER)
def delete(request: Request) -> dict[str, Any]:
    """Forget it."""
    row = found_route(request)
    deleted(request, row)
    return {"deleted": row.id}


@view_config(route_name="api_hearers", request_method="GET", renderer="json", permission=Permission.VIEW)
def hearers(request: Request) -> dict[str, Any]:
    """Who would hear of news like these; nothing is sent."""
    at = number_in(request.GET, "at", request.now)
    board = Switchboard.of(request.db, request.console)
    return {"hearers": [_hearer(ear, board) for ear in decide(board.rules, subject_of(request), at, board.ways)]}


def subject_of(request: Request) -> Subject:
    """What the query speaks of. Raises Refusal."""
    given = {name: request.GET.get(name, "").strip() for name in ("kind", "level", "service", "cluster", "host")}
    kind, level = given["kind"] or "problem", given["level"] or "error"
    if kind not in KINDS:
        raise Refusal(422, "invalid", f"kind is one of {', '.join(KINDS)}", "kind")
    if level not in LEVELS:
        raise Refusal(422, "invalid", f"level is one of {', '.join(LEVELS)}", "level")
    return Subject(kind, level, given["service"], given["cluster"], given["host"])


def found_route(request: Request) -> Route:
    """The one of the URL. Raises HTTPNotFound."""
    number = id_of(request)
    row: Route | None = request.db.get(Route, number)
    if row is None:
        raise HTTPNotFound(f"There is no route {number}.")
    return row


def added(request: Request, draft: routes.RouteDraft) -> Route:
    """Keep a new one, with a line in the audit trail. Raises Refused."""
    row = routes.create(request.db, request.console.settings, draft, request.identity.user, request.now)
    request.audit("route.add", f"route {row.id} {row.name}", **_json(row))
    return row


def changed(request: Request, row: Route, draft: routes.RouteDraft) -> None:
    """Change it, with a line in the audit trail. Raises Refused."""
    routes.change(request.db, request.console.settings, row, draft, request.identity.user, request.now)
    request.audit("route.change", f"route {row.id} {row.name}", **_json(row))


def moved(request: Request, row: Route, position: int) -> None:
    """Have it asked earlier or later, with a line in the audit trail."""
    routes.move(request.db, row, position)
    request.audit("route.move", f"route {row.id} {row.name}", position=row.position)


def deleted(request: Request, row: Route) -> None:
    """Forget it, with a line in the audit trail that has all of it."""
    request.audit("route.delete", f"route {row.id} {row.name}", **_json(row))
    routes.delete(request.db, row)


def draft_of(row: Route) -> routes.RouteDraft:
    """A row as somebody would give it."""
    return msgspec.convert({name: getattr(row, name) for name in _FIELDS}, type=routes.RouteDraft)


_FIELDS = (
    "name", "enabled", "service", "cluster", "host", "levels", "kinds", "hours", "days", "zone", "recipients", "stages",
    "go_on", "collect_minutes", "position",
)  # fmt: skip


def _body(request: Request) -> routes.RouteDraft:
    return msgspec.json.decode(request.body or b"{}", type=routes.RouteDraft)


def _json(row: Route) -> dict[str, Any]:
    return {"id": row.id, **{name: getattr(row, name) for name in _FIELDS}, "changed_at": row.changed_at, "changed_by": row.changed_by}  # fmt: skip


def _own(rule: Rule, position: int) -> dict[str, Any]:
    draft = routes.RouteDraft(rule.name, recipients=list(rule.recipients), position=position)
    draft.stages = [routes.StageDraft(stage.channel) for stage in rule.stages]
    return {"id": None, **msgspec.to_builtins(draft), "changed_at": None, "changed_by": ""}


def _hearer(ear: Ear, board: Switchboard) -> dict[str, Any]:
    return {
        "route": ear.route_name,
        "channel": ear.channel,
        "channel_name": board.name_of(ear.channel),
        "recipients": list(ear.recipients),
        "after_minutes": ear.after_minutes,
        "collect_minutes": ear.collect_minutes,
    }
