"""Dangerous operations that wait for a second person: the list, and one with what was asked for."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.models.people import Approval
from minos_web.operations import approving
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.acts import ACTS
from minos_web.views.api.approvals import STATES, decided, found_approval
from minos_web.views.frame import flash
from minos_web.views.presenting import sentence

_SAID = {"decline": "Declined. Nothing was done.", "withdraw": "Withdrawn. Nothing was done."}


@view_config(route_name="approvals", renderer="approvals.mako", permission=Permission.VIEW)
def list_page(request: Request) -> dict[str, Any]:
    """What waits, and what became of the newest others."""
    settings = request.console.settings
    return {
        "section": "approvals",
        "title": "Approvals",
        "waiting": approving.listed(request.db, True, request.now),
        "over": approving.listed(request.db, False, request.now),
        "state_of": lambda row: approving.state_of(row, request.now),
        "patterns": settings.second_approver.split(),
        "actions": settings.second_approver_actions.split(),
        "verb": verb_of,
    }


@view_config(route_name="approval", request_method="GET", renderer="approval.mako", permission=Permission.VIEW)
def one_page(request: Request) -> dict[str, Any]:
    """One of them."""
    return _page(request, found_approval(request), "")


@view_config(route_name="approval", request_method="POST", renderer="approval.mako", permission=Permission.OPERATE)
def decide_post(request: Request) -> Any:
    """Do what ``do`` says: approve, decline or withdraw."""
    row, decision = found_approval(request), request.POST.get("do", "")
    if decision not in STATES:
        raise HTTPNotFound("There is no such decision.")
    try:
        submitted = decided(request, row, decision, request.POST.get("message", ""))
    except Refused as refused:
        request.tm.doom()
        request.db.expire_all()
        request.response.status_int = 409
        return _page(request, found_approval(request), sentence(refused.message))
    if submitted is not None:
        flash(request, "success", f"Approved. It is done in the name of {row.asked_by}.")
        return HTTPSeeOther(request.route_path("operation", id=submitted.operation.id))
    flash(request, "info", _SAID[decision])
    return HTTPSeeOther(request.route_path("approvals"))


def verb_of(row: Approval) -> str:
    """What is asked for, as the pages of clusters call it."""
    act = ACTS.get(row.action)
    return act.verb if act else row.action.replace("_", " ").capitalize()


def _page(request: Request, row: Approval, refused: str) -> dict[str, Any]:
    said = row.submission
    service, _, cluster = row.cluster.partition("/")
    return {
        "section": "approvals",
        "title": f"{verb_of(row)} {cluster}",
        "row": row,
        "state": approving.state_of(row, request.now),
        "refused": refused,
        "verb": verb_of(row),
        "service": service,
        "cluster": cluster,
        "chosen": [(name, said.get(name) or []) for name in ("jobs", "tasks", "hosts")],
        "options": {key: value for key, value in said.get("options", {}).items() if value not in ("", None)},
        "own": row.asked_by == request.identity.user,
        "may": bool(request.has_permission(Permission.OPERATE)),
    }
