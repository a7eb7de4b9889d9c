"""API: hosts, and deciding which workers may speak for them."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_common.wire import fingerprint
from minos_web.models.hosts import Host
from minos_web.monitor.status import host_status
from minos_web.operations.describe import refresh_clusters
from minos_web.operations.host_keys import ask_for_key
from minos_web.security.enrolment import CannotDecide, decide, hosts_named
from minos_web.security.permissions import Permission
from minos_web.views.api.lists import paged
from minos_web.views.api.params import text_of
from minos_web.views.api.shapes import status_json
from minos_web.views.errors import Refusal


@view_config(route_name="api_hosts", request_method="GET", renderer="json", permission=Permission.VIEW)
def hosts(request: Request) -> dict[str, Any]:
    """Every host, also those that wait, were rejected or revoked; ?state= shows one kind."""
    wanted = select(Host).order_by(Host.name, Host.id)
    if request.GET.get("state"):
        wanted = wanted.where(Host.state == request.GET["state"])
    return paged(request, "hosts", request.db.scalars(wanted).all(), lambda row: host_json(request, row))


@view_config(route_name="api_host", request_method="GET", renderer="json", permission=Permission.VIEW)
def host(request: Request) -> dict[str, Any]:
    """The host of this name; among several the approved one, else the one that waits."""
    return host_json(request, _named(request)[0])


@view_config(route_name="api_host_decide", request_method="POST", renderer="json", permission=Permission.OPERATE)
def decide_host(request: Request) -> dict[str, Any]:
    """Approve, reject or revoke; ?fingerprint= says which worker when several use the name."""
    decision = request.matchdict["decision"]
    row = _meant(request)
    try:
        changed = decide(request.db, row, decision, request.identity.user, request.now)
    except CannotDecide as error:
        raise Refusal(409, "wrong-state", str(error)) from error
    if changed:
        request.audit(f"host.{decision}", f"host {row.name}", fingerprint=fingerprint(row.public_key))
        refresh_clusters(request.db, request.console, request.now)
    return host_json(request, row)


@view_config(route_name="api_host_key", request_method="POST", renderer="json", permission=Permission.OPERATE)
def new_key(request: Request) -> dict[str, Any]:
    """Have the approved worker of this name make a new key; its fingerprint changes once it uses that."""
    row = _named(request)[0]
    ask_for_key(request.db, request.console.settings, row, request.identity.user, request.now)
    request.audit("host.new-key", f"host {row.name}", fingerprint=fingerprint(row.public_key))
    request.response.status_int = 202
    return host_json(request, row)


def host_json(request: Request, row: Host) -> dict[str, Any]:
    """One host. Sizes in bytes, times in epoch seconds."""
    settings = request.console.settings
    return {
        "name": row.name,
        "address": row.address,
        "state": row.state,
        "status": status_json(host_status(row, request.now, settings.late_seconds, settings.lost_seconds)),
        "fingerprint": fingerprint(row.public_key),
        "public_key": row.public_key,
        "key_since": row.key_since,
        "key_changes": row.next_key is not None,
        "first_seen": row.first_seen,
        "decided_at": row.decided_at,
        "decided_by": row.decided_by,
        "beat_at": row.beat_at,
        "worker_version": row.worker_version,
        "worker_started": row.worker_started,
        "worker_starts": row.worker_starts,
        "clock_offset": row.clock_offset,
        "roots": row.roots,
        "facts": row.facts,
        "degraded": row.degraded,
        "figures": row.figures,
        "figures_at": row.figures_at,
    }


def _named(request: Request) -> list[Host]:
    name = request.matchdict["name"]
    found = hosts_named(request.db, name)
    if not found:
        raise HTTPNotFound(f"there is no host {name}")
    return found


def _meant(request: Request) -> Host:
    """The one host that a decision can be about."""
    candidates = _named(request)
    wanted = text_of(request, "fingerprint")
    if wanted:
        candidates = [row for row in candidates if fingerprint(row.public_key) == wanted]
        if not candidates:
            raise HTTPNotFound(f"no host {request.matchdict['name']} has the fingerprint {wanted}")
    fitting = [row for row in candidates if row.state == _TAKES[request.matchdict["decision"]]] or candidates
    if len(fitting) > 1:
        prints = ", ".join(fingerprint(row.public_key) for row in fitting)
        raise Refusal(409, "ambiguous", f"several workers use this name; say which by ?fingerprint= one of {prints}")
    return fitting[0]


_TAKES = {"approve": "pending", "reject": "pending", "revoke": "approved"}
"""The state of the host that a decision is usually about."""
