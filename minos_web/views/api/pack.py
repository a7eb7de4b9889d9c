"""API: a client pack of a cluster: its package with generated configuration and a script that runs commands."""

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from minos_web.operations.packing import client_pack
from minos_web.security.permissions import Permission
from minos_web.store import packages
from minos_web.store.packs import CannotPack, Packs
from minos_web.views.errors import Refusal
from minos_web.views.finding import found_cluster
from minos_web.views.sending import send_file


@view_config(route_name="cluster_pack", request_method="GET", permission=Permission.OPERATE)
@view_config(route_name="api_pack", request_method="GET", permission=Permission.OPERATE)
def pack(request: Request) -> Response:
    """The tarball; ``Range`` takes a part. It is made at the first request, and kept for an hour."""
    cluster = found_cluster(request)
    found = client_pack(request.db, request.console, cluster)
    file = packages.file_of(request.console.var, found.package)
    if not file.is_file():
        raise Refusal(410, "file-lost", f"the file of package {found.package.name} is gone from the console's disk")
    try:
        path = Packs(request.console.var, request.console.settings.keep_free_bytes).make(found.key, file, found.files)
        response = send_file(request, path, found.key[:32], found.name)
    except CannotPack as error:
        raise Refusal(507 if "full" in str(error) else 422, "cannot-pack", str(error)) from error
    request.audit("cluster.pack", f"{cluster.service}/{cluster.name}", package=found.package.name)
    return response
