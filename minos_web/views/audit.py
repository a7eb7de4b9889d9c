"""The audit trail, for admins: looked through, taken along as a file, and checked for what was changed in it."""

import re
from typing import Any
from urllib.parse import urlencode

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.models.people import AuditEntry
from minos_web.security import audit_search
from minos_web.security.audit import Leg, verify_leg
from minos_web.security.audit_search import FIELDS, BadSearch, Search, search_of
from minos_web.security.permissions import Permission
from minos_web.views.paging import Page, wanted_page
from minos_web.views.presenting import sentence

ROWS = 100
_CHAIN = re.compile(r"[0-9a-f]{64}")


@view_config(route_name="audit", renderer="audit.mako", permission=Permission.ADMINISTER)
def audit_page(request: Request) -> dict[str, Any]:
    """Who changed what, newest first, filtered by who, what (the beginning of it), to what, when and any text."""
    errors, search = {}, Search()
    try:
        search = search_of(request.GET)
    except BadSearch as bad:
        errors = {bad.field: sentence(bad)}
        request.response.status_int = 422
    total = 0 if errors else audit_search.total(request.db, search)
    number = min(wanted_page(request.GET), max(1, -(-total // ROWS)))
    newest = audit_search.query(search).order_by(AuditEntry.id.desc()).offset((number - 1) * ROWS).limit(ROWS)
    wanted = {name: request.GET.get(name, "").strip() for name in FIELDS}
    return {
        "section": "audit",
        "title": "Audit",
        "wanted": wanted,
        "errors": errors,
        "query": urlencode({name: value for name, value in wanted.items() if value}),
        "page": Page([] if errors else list(request.db.scalars(newest)), number, ROWS, total),
        "actions": list(request.db.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action))),
    }


@view_config(route_name="audit_export", request_method="GET", permission=Permission.ADMINISTER)
def export(request: Request) -> Response:
    """What the filter shows, as a file; sent piece by piece."""
    form = request.matchdict["form"]
    try:
        search = search_of(request.GET)
    except BadSearch as bad:
        return Response(f"{sentence(bad)}\n", status=422, content_type="text/plain")
    response = Response(content_type="text/csv" if form == "csv" else "application/jsonl", charset="UTF-8")
    response.app_iter = audit_search.exported(request.console.readers, search, form)
    response.content_disposition = f'attachment; filename="audit.{form}"'
    return response


@view_config(
    route_name="audit_verify", request_method="GET", renderer="audit_verify.mako", permission=Permission.ADMINISTER
)
def verify_page(request: Request) -> dict[str, Any]:
    """Look at the seals of the next entries; the page goes on by itself until the end, or the first fault."""
    leg = verify_leg(request.db, request.console.secret, leg_of(request))
    return {"section": "audit", "title": "Audit: seals", "leg": leg, "next": leg_query(leg)}


def leg_of(request: Request) -> Leg:
    """Where a look at the seals stands, as the query says; from the beginning when it says nothing."""
    given = request.GET
    numbers = [given.get(name, "") for name in ("after", "count")]
    if all(text.isascii() and text.isdigit() and len(text) < 19 for text in numbers) and _CHAIN.fullmatch(
        given.get("chain", "")
    ):
        return Leg(int(numbers[0]), given["chain"], int(numbers[1]))
    return Leg()


def leg_query(leg: Leg) -> dict[str, Any]:
    """The query from which the next leg goes on; empty when there is none."""
    return {} if leg.done else {"after": leg.after, "chain": leg.chain, "count": leg.count}
