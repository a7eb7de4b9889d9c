"""API for workers: a package as blocks, and whom to ask for them."""

import msgspec
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config
from sqlalchemy import select

from minos_common.archives.entries import BadArchive
from minos_common.verbs import SpreadTold
from minos_web.models.hosts import Host
from minos_web.models.packages import Package
from minos_web.operations.spreading import hear
from minos_web.security.permissions import Permission
from minos_web.security.policy import ticket_problem
from minos_web.security.tickets import For
from minos_web.store import packages
from minos_web.store.block_files import blocks_of, manifest_of
from minos_web.views.api.packages import found
from minos_web.views.api.params import id_of
from minos_web.views.errors import Refusal
from minos_web.views.sending import send_file


@view_config(route_name="api_package_spread", request_method="POST", permission=Permission.SPREAD)
def tell(request: Request) -> Response:
    """Hear which blocks a host has, and say whom to ask for the others."""
    told = msgspec.json.decode(request.body, type=SpreadTold)
    _problem, host_id = ticket_problem(request, For.PACKAGE)
    # One at a time, or all would be sent for the same blocks; before anything else is read, or it would be of before.
    request.db.execute(select(Package.id).where(Package.id == id_of(request)).with_for_update())
    row = _with_blocks(request)
    try:
        answer = hear(request.db, request.console, row, request.db.get_one(Host, host_id), told)
    except (OSError, BadArchive) as error:
        raise _lost(row) from error
    return Response(msgspec.json.encode(answer), content_type="application/json", charset="utf-8")


@view_config(route_name="api_package_manifest", request_method="GET", permission=Permission.SPREAD)
def manifest(request: Request) -> Response:
    """The list of the package's blocks."""
    row = _with_blocks(request)
    try:
        return send_file(request, manifest_of(request.console.var, row), row.manifest, f"{row.name}.manifest")
    except OSError as error:
        raise _lost(row) from error


@view_config(route_name="api_package_blocks", request_method="GET", permission=Permission.SPREAD)
def blocks(request: Request) -> Response:
    """The blocks, in whole or in part."""
    row = _with_blocks(request)
    try:
        return send_file(request, blocks_of(request.console.var, row), f"{row.manifest}-blocks", f"{row.name}.blocks")
    except OSError as error:
        raise _lost(row) from error


def _with_blocks(request: Request) -> Package:
    row = found(request)
    if row.state != packages.READY or not row.manifest:
        raise HTTPNotFound(f"package {row.id} is not kept as blocks")
    return row


def _lost(row: Package) -> Refusal:
    return Refusal(410, "file-lost", f"the blocks of package {row.id} are gone from the console's disk")
