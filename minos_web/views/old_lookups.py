"""The addresses by which tools of the original package server look packages up and fetch them. The answers are JSON.

A token goes with the request as with any other of the API; the answer to what is not there is a 404, not a text.
"""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from minos_web.models.packages import Package
from minos_web.security.permissions import Permission
from minos_web.store import packages
from minos_web.views.api.packages import send_package


@view_config(route_name="old_check", request_method="GET", renderer="json", permission=Permission.VIEW)
def check_package(request: Request) -> dict[str, Any]:
    """The package of ?artifact= with this ?checksum= (SHA-1 as of old, or SHA-256)."""
    artifact, checksum = request.GET.get("artifact", ""), request.GET.get("checksum", "").lower()
    for row in packages.find(request.db, artifact) if artifact and checksum else ():
        if checksum in (row.sha1, row.sha256):
            return _told(row)
    raise HTTPNotFound("there is no package of this artifact with this checksum")


@view_config(route_name="old_latest", request_method="GET", renderer="json", permission=Permission.VIEW)
def latest_package(request: Request) -> dict[str, Any]:
    """The package of ?artifact= (and ?package_name=) that was uploaded last."""
    artifact, name = request.GET.get("artifact", ""), request.GET.get("package_name", "") or None
    row = packages.latest(request.db, artifact, name) if artifact else None
    if row is None:
        raise HTTPNotFound("there is no such package")
    return _told(row)


@view_config(route_name="old_file", request_method="GET", permission=Permission.VIEW)
def download(request: Request) -> Response:
    """The file of a package, by artifact, revision-timestamp and name."""
    artifact, place, name = (request.matchdict[part] for part in ("artifact", "place", "name"))
    for row in packages.find(request.db, artifact, name):
        if f"{row.revision}-{row.timestamp}" == place:
            return send_package(request, row)
    raise HTTPNotFound(f"there is no package {artifact}/{place}/{name}")


def _told(row: Package) -> dict[str, Any]:
    return {
        "artifact": row.artifact,
        "package_name": row.name,
        "revision": row.revision,
        "timestamp": row.timestamp,
        "checksum": row.sha1,
    }
