"""API: dangerous operations that wait for a second person, and what that person says."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.models.people import Approval
from minos_web.operations import approving
from minos_web.operations.approving import NeedsApproval
from minos_web.operations.laying_down import lay_down
from minos_web.operations.refusal import Refused
from minos_web.operations.submit import Submitted, submit
from minos_web.operations.wish import Wish
from minos_web.security.people import find_user, identity_of_user
from minos_web.security.permissions import Permission, allows
from minos_web.views.api.params import id_of

STATES = {"approve": approving.APPROVED, "decline": approving.DECLINED, "withdraw": approving.WITHDRAWN}


@view_config(route_name="api_approvals", request_method="GET", renderer="json", permission=Permission.VIEW)
def approvals(request: Request) -> dict[str, Any]:
    """Those that wait; with ?over=1 the newest hundred that do not any more."""
    rows = approving.listed(request.db, request.GET.get("over") != "1", request.now)
    return {"approvals": [approval_json(request, row) for row in rows]}


@view_config(route_name="api_approval", request_method="GET", renderer="json", permission=Permission.VIEW)
def approval(request: Request) -> dict[str, Any]:
    """One of them."""
    return approval_json(request, found_approval(request))


@view_config(route_name="api_approval_decide", request_method="POST", renderer="json", permission=Permission.OPERATE)
def decide(request: Request) -> dict[str, Any]:
    """Approve it (the operation begins), decline it, or withdraw one's own."""
    row = found_approval(request)
    decided(request, row, request.matchdict["decision"], request.GET.get("message", ""))
    return approval_json(request, row)


def submit_or_ask(request: Request, wish: Wish) -> Submitted | Approval:
    """Begin it; or, where a second person is asked, keep it until then, and say so in the audit trail. Raises Refused."""
    try:
        return submit(request.db, request.console, wish)
    except NeedsApproval:
        row = lay_down(request.db, request.console, wish)
        request.audit("approval.ask", row.cluster, approval=row.id, operation=row.action, **wish.selection)
        return row


def decided(request: Request, row: Approval, decision: str, message: str = "") -> Submitted | None:
    """Do what the second person says. An approved operation is checked anew, with the rights that who asked for it has now.
    Raises Refused.
    """
    who, now = request.identity.user, request.now
    approving.decide(row, STATES[decision], who, now, message.strip()[:500])
    submitted = None
    if decision == "approve":
        wish = approving.wish_of(request.console, row, _asker_overrides(request, row), now)
        submitted = submit(request.db, request.console, approving.approved(wish, who))
        row.operation_id = submitted.operation.id
        request.audit(f"operation.{row.action}", row.cluster, operation=row.operation_id, of=row.asked_by)
    request.audit(f"approval.{decision}", row.cluster, approval=row.id, of=row.asked_by, message=row.message)
    return submitted


def _asker_overrides(request: Request, row: Approval) -> bool:
    """Whether who asked may override what is in the way. Raises Refused when they may not operate the cluster any more."""
    user = find_user(request.db, row.asked_by)
    if user is None or user.disabled or not allows(identity_of_user(user), Permission.OPERATE, row.cluster):
        raise Refused("not-allowed", f"{row.asked_by}, who asked for it, may not do it any more")
    return allows(identity_of_user(user), Permission.ADMINISTER, row.cluster)


def found_approval(request: Request) -> Approval:
    """That of ``{id}``. Raises HTTPNotFound."""
    number = id_of(request)
    row: Approval | None = request.db.get(Approval, number, with_for_update=request.method == "POST" or None)
    if row is None:
        raise HTTPNotFound(f"There is no request {number} for approval.")
    return row


def approval_json(request: Request, row: Approval) -> dict[str, Any]:
    """One of them; what is secret in it stays sealed."""
    return {
        "id": row.id,
        "url": request.route_url("api_approval", id=row.id),
        "state": approving.state_of(row, request.now),
        "cluster": row.cluster,
        "action": row.action,
        "asked": {key: value for key, value in row.submission.items() if key != "sealed"},
        "asked_by": row.asked_by,
        "asked_at": row.asked_at,
        "expires_at": row.expires_at,
        "decided_by": row.decided_by or None,
        "decided_at": row.decided_at,
        "message": row.message,
        "operation": row.operation_id,
    }
