"""Upgrading workers: choose a release and hosts, see the waves, confirm."""

import io
from dataclasses import dataclass, replace
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select
from webob.multidict import MultiDict

from minos_common.names import release_name
from minos_common.states import HostState
from minos_common.version import VERSION
from minos_web.models.hosts import Host
from minos_web.models.operations import WORKERS, Operation
from minos_web.models.packages import Package
from minos_web.operations.refusal import Busy, Refused
from minos_web.operations.workers import (
    UpgradeDraft,
    UpgradeWish,
    draft_upgrade,
    submit_upgrade,
    worker_packages,
)
from minos_web.security.permissions import Permission
from minos_web.store.wheels import WORKER, worker_wheel
from minos_web.views import receiving
from minos_web.views.badges import Badge, host_badge
from minos_web.views.frame import flash

MOST_PACKAGES = 50


@dataclass(frozen=True)
class WorkerLine:
    """A host whose worker may be upgraded. ``runs`` is its release, or "installed by hand"."""

    host: Host
    badge: Badge
    runs: str
    chosen: bool


@view_config(
    route_name="workers_upgrade",
    request_method="GET",
    renderer="workers_upgrade.mako",
    permission=Permission.ADMINISTER,
)
def upgrade_page(request: Request) -> dict[str, Any]:
    """The question; with ``look`` also what would happen."""
    wish = _wish(request, request.GET)
    drafted, refused = _drafted(request, wish) if "look" in request.GET else (None, None)
    return _page(request, wish, drafted, refused)


@view_config(
    route_name="workers_upgrade",
    request_method="POST",
    renderer="workers_upgrade.mako",
    permission=Permission.ADMINISTER,
)
def upgrade_post(request: Request) -> Any:
    """Submit what the page showed, or show why not."""
    wish = _wish(request, request.POST)
    try:
        _need_ticks(wish)
        operation = submit_upgrade(request.db, request.console, wish)
    except Refused as refused:
        request.tm.doom()
        request.response.status_int = 409 if isinstance(refused, Busy) else 422
        return _page(request, wish, None, refused)
    request.audit("operation.upgrade-workers", "workers", operation=operation.id, hosts=len(operation.steps))
    return HTTPSeeOther(request.route_path("operation", id=operation.id))


@view_config(route_name="workers_own", request_method="POST", permission=Permission.ADMINISTER)
def own_post(request: Request) -> HTTPSeeOther:
    """Put the worker of this very console into the package store."""
    package, created = keep_own_worker(request)
    text = f"The worker of this console, version {VERSION}, is in the package store."
    flash(request, "success" if created else "info", text if created else text.replace("is in", "was already in"))
    return HTTPSeeOther(request.route_path("workers_upgrade", _query={"package": package.id}))


def keep_own_worker(request: Request) -> tuple[Package, bool]:
    """The package of this console's own worker, and whether it is new. Raises BadPackage."""
    wheel = worker_wheel()
    claim = receiving.incoming(request, WORKER, VERSION, wheel.name)
    return receiving.receive(request, io.BytesIO(wheel.data), claim)


def _wish(request: Request, given: MultiDict) -> UpgradeWish:
    """What the fields ask for; a number that is none counts as not given."""

    def number(name: str, otherwise: int) -> int:
        text = given.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise

    return UpgradeWish(
        number("package", 0), request.identity.user, request.now, given.getall("host"), number("at_once", 5)
    )


def _drafted(request: Request, wish: UpgradeWish) -> tuple[UpgradeDraft | None, Refused | None]:
    try:
        _need_ticks(wish)
        return draft_upgrade(request.db, request.console, wish), None
    except Refused as refused:
        return None, refused


def _need_ticks(wish: UpgradeWish) -> None:
    """Programs may leave the hosts out and mean all; on a page nothing ticked means nothing. Raises Refused."""
    if not wish.hosts:
        raise Refused("no-hosts", "tick at least one host", "hosts")


def _page(request: Request, wish: UpgradeWish, drafted: UpgradeDraft | None, refused: Refused | None) -> dict[str, Any]:
    found = worker_packages(request.db)[:MOST_PACKAGES]
    if not wish.package_id and found:
        wish = replace(wish, package_id=found[0].id)
    settings, now = request.console.settings, request.now
    hosts = request.db.scalars(select(Host).where(Host.state == HostState.APPROVED).order_by(Host.name))
    lines = [
        WorkerLine(
            host,
            host_badge(host, settings, now),
            str(host.facts.get("release") or "") or "installed by hand",
            (not wish.hosts and refused is None) or host.name in wish.hosts,
        )
        for host in hosts
    ]
    own = release_name(VERSION, worker_wheel().sha256)
    return {
        "section": "hosts",
        "title": "Upgrade workers",
        "packages": found,
        "wish": wish,
        "lines": lines,
        "drafted": drafted,
        "refused": refused,
        "running": request.db.scalar(select(Operation.id).where(Operation.open_cluster_id == WORKERS)),
        "own_kept": any(release_name(one.revision, one.sha256) == own for one in found),
        "version": VERSION,
    }
