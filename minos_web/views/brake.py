"""The emergency brake: what is pulled and what it holds, the forms to pull and to release it."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.models.brakes import ALL, Brake
from minos_web.models.clusters import Cluster
from minos_web.operations.braking import (
    LONGEST_REASON,
    brake_words,
    held_operations,
    pulled,
    released_lately,
    typed_for,
    unaware,
)
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import CONSOLE, Permission
from minos_web.views.api.brake import NewBrake, found_brake, pulled_now, released_now
from minos_web.views.badges import operation_badge
from minos_web.views.frame import flash
from minos_web.views.presenting import sentence


@view_config(route_name="brake", request_method="GET", renderer="brake.mako", permission=Permission.VIEW)
def brake_page(request: Request) -> dict[str, Any]:
    """The page; ``?cluster=service/name`` chooses what the form is about."""
    return _page(request, request.GET.get("cluster", ""))


@view_config(route_name="brake", request_method="POST", renderer="brake.mako", permission=Permission.OPERATE)
def pull_post(request: Request) -> Any:
    """Pull it; back to the form with what is wrong."""
    about, reason = request.POST.get("cluster", "").strip(), request.POST.get("reason", "")
    service, _, name = about.partition("/")
    try:
        if about == "":
            raise Refused("bad-option", "choose what is to be frozen", "cluster")
        row, is_new = pulled_now(request, NewBrake(reason) if about == ALL else NewBrake(reason, service, name))
    except Refused as refused:
        request.tm.doom()
        request.response.status_int = 422
        return _page(request, about, reason, {refused.field: sentence(refused.message)})
    what = f"{row.about} is frozen" if row.cluster else "Everything is frozen"
    if is_new:
        flash(request, "warning", f"{what}: no operation changes anything until somebody releases the brake.")
    else:
        flash(request, "info", f"It stays as it was: {brake_words(row)}")
    return HTTPSeeOther(request.route_path("brake"))


@view_config(route_name="brake_release", request_method="POST", renderer="brake.mako", permission=Permission.OPERATE)
def release_post(request: Request) -> Any:
    """Release it; back to the form when the name is another one."""
    row = found_brake(request)
    try:
        released_now(request, row, request.POST.get("confirm", ""))
    except Refused as refused:
        if refused.field != "confirm":
            flash(request, "info", sentence(refused.message))
            return HTTPSeeOther(request.route_path("brake"))
        request.tm.doom()
        request.response.status_int = 422
        return _page(request, "", "", {f"confirm-{row.id}": sentence(refused.message)})
    flash(
        request,
        "success",
        f"The brake of {'all clusters' if row.cluster is None else row.about} is released: what it held goes on.",
    )
    return HTTPSeeOther(request.route_path("brake"))


def _sees(request: Request, row: Brake) -> bool:
    """What stops everybody is everybody's; that of a cluster is for who sees the cluster."""
    return row.cluster is None or bool(request.may(Permission.VIEW, row.about))


def _may_change(request: Request, about: str) -> bool:
    return bool(request.may(Permission.OPERATE, CONSOLE if about == ALL else about))


def _page(request: Request, about: str, reason: str = "", errors: dict[str, str] | None = None) -> dict[str, Any]:
    rows = [row for row in pulled(request.db) if _sees(request, row)]
    approved, missing = unaware(request.db, request.now, request.console.settings.lost_seconds)
    clusters = request.db.execute(
        select(Cluster.service, Cluster.name).where(Cluster.retired.is_(False)).order_by(Cluster.service, Cluster.name)
    )
    frozen = {row.about for row in rows}
    offered = [ALL, *(f"{service}/{name}" for service, name in clusters)]
    return {
        "section": "brake",
        "title": "Emergency brake",
        "rows": [(row, _held(request, row)) for row in rows],
        "typed_for": typed_for,
        "brake_words": brake_words,
        "may_release": lambda row: _may_change(request, row.about),
        "released": [row for row in released_lately(request.db) if _sees(request, row)],
        "offered": [one for one in offered if one not in frozen and _may_change(request, one)],
        "about": about,
        "reason": reason,
        "longest": LONGEST_REASON,
        "errors": errors or {},
        "approved": approved if request.may(Permission.VIEW) else 0,
        "missing": missing,
    }


def _held(request: Request, row: Brake) -> list[Any]:
    return [(one, operation_badge(one)) for one in held_operations(request.db, row)]
