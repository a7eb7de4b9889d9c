"""The audit trail, for admins."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import func, select

from minos_web.models.people import AuditEntry
from minos_web.security.permissions import Permission
from minos_web.views.paging import Page, wanted_page

ROWS = 100


@view_config(route_name="audit", renderer="audit.mako", permission=Permission.ADMINISTER)
def audit_page(request: Request) -> dict[str, Any]:
    """Who changed what, newest first, filtered by ``user``, ``action`` and ``q`` (a part of the target)."""
    wanted = {name: request.GET.get(name, "").strip() for name in ("user", "action", "q")}
    query = select(AuditEntry)
    if wanted["user"]:
        query = query.where(AuditEntry.user == wanted["user"])
    if wanted["action"]:
        query = query.where(AuditEntry.action.startswith(wanted["action"], autoescape=True))
    if wanted["q"]:
        query = query.where(AuditEntry.target.contains(wanted["q"], autoescape=True))
    total = request.db.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = min(wanted_page(request.GET), max(1, -(-total // ROWS)))
    rows = request.db.scalars(query.order_by(AuditEntry.id.desc()).offset((number - 1) * ROWS).limit(ROWS))
    return {
        "section": "audit",
        "title": "Audit",
        "wanted": wanted,
        "page": Page(list(rows), number, ROWS, total),
        "actions": list(request.db.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action))),
    }
