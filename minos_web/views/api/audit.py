"""API: the audit trail, for admins."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from minos_web.models.people import AuditEntry
from minos_web.security import audit_search
from minos_web.security.audit import verify_leg
from minos_web.security.audit_search import BadSearch, search_of
from minos_web.security.permissions import Permission
from minos_web.views.api.params import number_of
from minos_web.views.audit import leg_of, leg_query
from minos_web.views.errors import Refusal


@view_config(route_name="api_audit", request_method="GET", renderer="json", permission=Permission.ADMINISTER)
def entries(request: Request) -> dict[str, Any]:
    """Entries that fit user, action, target, q, from and to, newest first; ?limit= (at most 1000) and ?before=<id> page."""
    try:
        wanted = audit_search.query(search_of(request.GET)).order_by(AuditEntry.id.desc())
    except BadSearch as bad:
        raise Refusal(422, "invalid", str(bad), bad.field) from bad
    before, limit = number_of(request, "before"), number_of(request, "limit")
    if before is not None:
        wanted = wanted.where(AuditEntry.id < before)
    rows = request.db.scalars(wanted.limit(min(1000, 100 if limit is None else limit))).all()
    return {"entries": [audit_search.entry_json(row) for row in rows]}


@view_config(route_name="api_audit_verify", request_method="GET", renderer="json", permission=Permission.ADMINISTER)
def verify(request: Request) -> dict[str, Any]:
    """Look at the seals of the next 20,000 entries; until it is done, ask again with what ``next`` says."""
    for name in ("after", "count"):
        number_of(request, name)  # refused by its name when it is none; a page would begin anew
    leg = verify_leg(request.db, request.console.secret, leg_of(request))
    faults = [{"entry": fault.entry_id, "message": fault.message} for fault in leg.faults]
    return {"done": leg.done, "entries": leg.count, "faults": faults, "next": leg_query(leg) or None}
