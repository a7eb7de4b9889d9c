"""API: packages, uploaded as a stream, listed, and downloaded in whole or in part."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from minos_web.models.packages import Package
from minos_web.operations.package_uses import delete_package, holders, uses_of
from minos_web.security.permissions import Permission
from minos_web.store import packages
from minos_web.store.arriving import BadPackage, Incoming, NoRoom, Readable, TooLarge
from minos_web.views import receiving
from minos_web.views.api.lists import paged
from minos_web.views.api.params import id_of, text_of
from minos_web.views.errors import Refusal
from minos_web.views.sending import send_file
from minos_web.views.spreads import spread_of

STATES = (packages.READY, packages.QUARANTINED, "damaged")


@view_config(route_name="api_packages", request_method="GET", renderer="json", permission=Permission.VIEW)
def listing(request: Request) -> dict[str, Any]:
    """Packages, newest first, narrowed by ?artifact= and ?name=; with ?state=quarantined those that were refused."""
    state = text_of(request, "state") or packages.READY
    if state not in STATES:
        raise Refusal(422, "invalid", f"state is one of {', '.join(STATES)}, not {state[:40]!r}", "state")
    rows = packages.find(request.db, text_of(request, "artifact"), text_of(request, "name"), state)
    return paged(request, "packages", rows, lambda row: package_json(request, row))


@view_config(route_name="api_packages_latest", request_method="GET", renderer="json", permission=Permission.VIEW)
def latest(request: Request) -> dict[str, Any]:
    """The package of ?artifact= (and ?name=) that was uploaded last."""
    artifact, name = text_of(request, "artifact"), text_of(request, "name")
    if not artifact:
        raise Refusal(422, "invalid", "artifact is missing: ?artifact=zookeeper", "artifact")
    row = packages.latest(request.db, artifact, name)
    if row is None:
        raise HTTPNotFound(f"there is no package of {artifact}{' named ' + name if name else ''}; upload one")
    return package_json(request, row)


@view_config(
    route_name="api_packages", request_method="POST", renderer="json", permission=Permission.UPLOAD, large_body=True
)
def upload(request: Request) -> dict[str, Any]:
    """Take a package in, as raw body or as multipart: 201, or 200 with the one that is there already."""
    _check_length(request)
    stream, fields, name = _parts(request)
    claim = receiving.incoming(
        request, fields.get("artifact", ""), fields.get("revision", ""), name, fields.get("sha256", "")
    )
    row, created = _received(request, stream, claim)
    if row.state != packages.READY:
        return quarantined(request, row)
    request.response.status_int = 201 if created else 200
    return {**package_json(request, row), "created": created}


@view_config(route_name="api_package", request_method="GET", renderer="json", permission=Permission.VIEW)
def one(request: Request) -> dict[str, Any]:
    """One package, with what is in it and who needs it."""
    row = found(request)
    inside = packages.contents_of(row)
    uses = uses_of(request.db, request.console, row) if row.state == packages.READY else []
    spread = spread_of(request.db, row, request.now, everything=True)
    return {
        **package_json(request, row),
        "hosts": [host.name for host in holders(request.db, row)],
        "spread": [asdict(line) for line in spread.lines] if spread else [],
        "contents": None if inside is None else msgspec.to_builtins(inside),
        "uses": [
            {
                "service": use.cluster.service,
                "cluster": use.cluster.name,
                "tasks": len(use.tasks),
                "hosts": sorted(use.hosts),
                "named": use.named,
            }
            for use in uses
        ],
    }


@view_config(route_name="api_package", request_method="DELETE", renderer="json", permission=Permission.UPLOAD)
def delete(request: Request) -> dict[str, Any]:
    """Delete a package that nobody needs. Refused (in-use) while somebody does."""
    row = found(request)
    drop(request, row)
    return {"deleted": row.id}


def found(request: Request) -> Package:
    """The package of the path. Raises HTTPNotFound."""
    row: Package | None = request.db.get(Package, id_of(request))
    if row is None or row.state == packages.DELETED:
        raise HTTPNotFound(f"there is no package {request.matchdict['id']}")
    return row


def drop(request: Request, row: Package) -> None:
    """Delete a package, with a line in the audit trail. Raises Refused while it is needed."""
    delete_package(request.db, request.console, row)
    request.audit("package.delete", f"package {row.id}", artifact=row.artifact, name=row.name, sha256=row.sha256)


@view_config(route_name="api_package_file", request_method="GET", permission=Permission.FETCH)
def download(request: Request) -> Response:
    """The package's bytes; ``Range`` takes a part, so that a broken download goes on where it ended."""
    return send_package(request, found(request))


def send_package(request: Request, row: Package) -> Response:
    """The file of a package, in whole or in part. Raises Refusal."""
    if row.state != packages.READY:
        raise Refusal(409, "quarantined", f"package {row.id} is in quarantine: {row.reason}")
    path = packages.file_of(request.console.var, row)
    if not path.is_file():
        raise Refusal(
            410, "file-lost", f"the file of package {row.id} is gone from the console's disk; upload it again"
        )
    return send_file(request, path, row.sha256, row.name)


def package_json(request: Request, row: Package) -> dict[str, Any]:
    """One package; ``size`` in bytes, digests in hex."""
    return {
        "id": row.id,
        "artifact": row.artifact,
        "name": row.name,
        "revision": row.revision,
        "timestamp": row.timestamp,
        "size": row.size,
        "sha256": row.sha256,
        "sha1": row.sha1,
        "version": row.version,
        "state": row.state,
        "reason": row.reason,
        "uploaded_by": row.uploaded_by,
        "uploaded_at": row.uploaded_at,
        "url": request.route_path("api_package_file", id=row.id),
    }


def _check_length(request: Request) -> None:
    """A body that is announced as too large is not read at all."""
    most = request.console.settings.max_package_bytes
    if request.content_length is not None and request.content_length > most + 64 * 1024:
        raise Refusal(413, "too-large", f"the package has more than {most} bytes, which is the most allowed", "file")


def _parts(request: Request) -> tuple[Readable, Mapping[str, str], str]:
    """Where the bytes come from, the fields beside them, and the package's name.

    Fields of a raw body are looked for in the query only: looking into the body would read it.
    """
    if request.content_type != "multipart/form-data":
        return request.body_file, request.GET, request.GET.get("name", "")
    part = request.POST.get("file")
    if part is None or isinstance(part, str):
        raise Refusal(422, "invalid", "the form has no file", "file")
    # Some browsers send a path; only its last part is a name.
    return part.file, request.params, request.params.get("name") or part.filename.replace("\\", "/").rpartition("/")[2]


def quarantined(request: Request, row: Package) -> dict[str, Any]:
    """The refusal of a package that is kept in quarantine: no exception, which would undo the keeping."""
    request.response.status_int = 422
    error = {"code": "bad-package", "message": receiving.refused_words(row), "field": "file"}
    return {"error": error, "package": package_json(request, row)}


def _received(request: Request, stream: Readable, claim: Incoming) -> tuple[Package, bool]:
    try:
        return receiving.receive(request, stream, claim)
    except BadPackage as error:
        raise refusal_of(error) from error


def refusal_of(error: BadPackage) -> Refusal:
    """The HTTP answer to what the store refuses."""
    if isinstance(error, TooLarge):
        return Refusal(413, "too-large", str(error), error.field)
    if isinstance(error, NoRoom):
        return Refusal(507, "no-room", str(error), error.field)
    return Refusal(422, "bad-package", str(error), error.field)
