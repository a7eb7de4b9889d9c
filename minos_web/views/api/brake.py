"""API: the emergency brake."""

from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.models.brakes import Brake
from minos_web.models.clusters import Cluster
from minos_web.operations.braking import (
    brake_words,
    held_operations,
    pull,
    pulled,
    release,
    released_lately,
    revision,
    unaware,
)
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.security.scopes import named
from minos_web.views.api.params import id_of


class NewBrake(msgspec.Struct, forbid_unknown_fields=True):
    """Body of a pull; without a cluster it is of all."""

    reason: str = ""
    service: str = ""
    cluster: str = ""


class Release(msgspec.Struct, forbid_unknown_fields=True):
    """Body of a release: what it is about, typed."""

    confirm: str = ""


@view_config(route_name="api_brake", request_method="GET", renderer="json", permission=Permission.VIEW)
def brake(request: Request) -> dict[str, Any]:
    """What is pulled, what was, and which workers have not said that they obey."""
    approved, missing = unaware(request.db, request.now, request.console.settings.lost_seconds)
    return {
        "pulled": [brake_json(request, row) for row in pulled(request.db)],
        "released": [brake_json(request, row) for row in released_lately(request.db)],
        "revision": revision(request.db),
        "workers": {
            "approved": approved,
            "obey": approved - len(missing),
            "missing": [{"host": one.host.name, "why": one.why} for one in missing],
        },
    }


@view_config(route_name="api_brake", request_method="POST", renderer="json", permission=Permission.OPERATE)
def new(request: Request) -> dict[str, Any]:
    """Pull it. One that is pulled already stays as it is, and is the answer."""
    body = msgspec.json.decode(request.body or b"{}", type=NewBrake)
    row, is_new = pulled_now(request, body)
    request.response.status_int = 201 if is_new else 200
    return brake_json(request, row)


@view_config(route_name="api_brake_release", request_method="POST", renderer="json", permission=Permission.OPERATE)
def let_go(request: Request) -> dict[str, Any]:
    """Release it: what it held goes on."""
    row = found_brake(request)
    released_now(request, row, msgspec.json.decode(request.body or b"{}", type=Release).confirm)
    return brake_json(request, row)


def pulled_now(request: Request, wanted: NewBrake) -> tuple[Brake, bool]:
    """Pull, and say so in the audit trail; whether that is new. Raises Refused."""
    request.require(Permission.OPERATE, named(wanted.service, wanted.cluster))
    row, is_new = pull(request.db, _cluster(request, wanted), wanted.reason, request.identity.user, request.now)
    if is_new:
        request.audit("brake.pull", row.about, reason=row.reason)
    return row, is_new


def released_now(request: Request, row: Brake, confirm: str) -> None:
    """Release, and say so in the audit trail. Raises Refused."""
    release(request.db, row, confirm, request.identity.user, request.now)
    request.audit("brake.release", row.about, of=row.pulled_by, reason=row.reason)


def found_brake(request: Request) -> Brake:
    """That of ``{id}``. Raises HTTPNotFound."""
    number = id_of(request)
    row: Brake | None = request.db.get(Brake, number, with_for_update={"of": Brake})
    if row is None:
        raise HTTPNotFound(f"The brake was never pulled under the number {number}.")
    return row


def brake_json(request: Request, row: Brake) -> dict[str, Any]:
    """One pull."""
    return {
        "id": row.id,
        "about": row.about,
        "service": row.cluster.service if row.cluster else "",
        "cluster": row.cluster.name if row.cluster else "",
        "pulled": row.pulled is not None,
        "reason": row.reason,
        "pulled_by": row.pulled_by,
        "pulled_at": row.pulled_at,
        "released_by": row.released_by,
        "released_at": row.released_at,
        "message": brake_words(row),
        "held": [one.id for one in held_operations(request.db, row)] if row.pulled else [],
    }


def _cluster(request: Request, wanted: NewBrake) -> Cluster | None:
    if not wanted.service and not wanted.cluster:
        return None
    query = select(Cluster).filter_by(service=wanted.service, name=wanted.cluster, retired=False)
    found: Cluster | None = request.db.scalar(query)
    if found is None:
        raise Refused("unknown-cluster", f"there is no cluster {wanted.service}/{wanted.cluster}", "cluster")
    return found
