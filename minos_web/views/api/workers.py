"""API: workers upgraded, and tokens by which new ones join."""

from typing import Any

import msgspec
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.operations.workers import UpgradeWish, submit_upgrade
from minos_web.security import joining
from minos_web.security.permissions import Permission
from minos_web.views.errors import Refusal


class NewUpgrade(msgspec.Struct, forbid_unknown_fields=True):
    """Body of a new upgrade: the id of a package of the artifact minos-worker; no hosts means all that are approved."""

    package: int
    hosts: list[str] = []
    at_once: int = 5


class NewTokens(msgspec.Struct, forbid_unknown_fields=True):
    """Body of new join tokens: names of hosts, and for how many hours."""

    hosts: list[str]
    hours: float = 24.0


@view_config(
    route_name="api_workers_operations", request_method="POST", renderer="json", permission=Permission.ADMINISTER
)
def upgrade(request: Request) -> dict[str, Any]:
    """Upgrade workers: 201 with the operation's id and URL; 409 while another operation on workers is open."""
    body = msgspec.json.decode(request.body, type=NewUpgrade)
    wish = UpgradeWish(body.package, request.identity.user, request.now, body.hosts, body.at_once)
    operation = submit_upgrade(request.db, request.console, wish)
    request.audit("operation.upgrade-workers", "workers", operation=operation.id, hosts=len(operation.steps))
    request.response.status_int = 201
    return {"id": operation.id, "url": request.route_url("api_operation", id=operation.id)}


@view_config(route_name="api_workers_tokens", request_method="POST", renderer="json", permission=Permission.OPERATE)
def invite(request: Request) -> dict[str, Any]:
    """Join tokens, one for each host, told only here: 201 with {tokens: {host: text}}."""
    body = msgspec.json.decode(request.body, type=NewTokens)
    try:
        made = joining.invite(request.db, body.hosts, body.hours, request.identity.user, request.now)
    except joining.BadJoin as error:
        raise Refusal(422, "bad-token", str(error), error.field) from error
    request.audit("host.invite", "hosts", hosts=list(made), hours=body.hours)
    request.response.status_int = 201
    return {"tokens": made}
