"""API: packages on their way, sent in pieces or fetched by the console."""

import re
from typing import Any, Literal

import msgspec
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.models.arrivals import Arrival
from minos_web.models.packages import Package
from minos_web.operations import arrivals
from minos_web.operations.arrivals import Claim, pieces_of
from minos_web.operations.importing_packages import claim_of
from minos_web.security.permissions import Permission
from minos_web.store.arriving import BadPackage, NoRoom
from minos_web.store.pieces import PIECE_BYTES, Damaged, Misplaced
from minos_web.views.api.lists import paged
from minos_web.views.api.packages import package_json, refusal_of
from minos_web.views.api.params import id_of, number_of
from minos_web.views.errors import Refusal

_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


class NewArrival(msgspec.Struct, forbid_unknown_fields=True):
    """Body of a new arrival: an upload with name, size and SHA-256, or an import with its source."""

    kind: Literal["upload", "url", "file", "maven", "build"]
    artifact: str = ""
    revision: str = ""
    name: str = ""
    size: int | None = None
    sha256: str = ""
    source: str = ""


@view_config(route_name="api_arrivals", request_method="GET", renderer="json", permission=Permission.VIEW)
def listing(request: Request) -> dict[str, Any]:
    """What is on its way, and what failed within a day, newest first."""
    return paged(
        request, "arrivals", list(arrivals.shown(request.db, request.now)), lambda row: arrival_json(request, row)
    )


@view_config(route_name="api_arrivals", request_method="POST", renderer="json", permission=Permission.UPLOAD)
def begin(request: Request) -> dict[str, Any]:
    """Begin one: 201, or 200 with the upload to go on with, or with the package that is there already."""
    wanted = msgspec.json.decode(request.body, type=NewArrival)
    return begun(request, wanted)


def begun(request: Request, wanted: NewArrival) -> dict[str, Any]:
    """Begin what is wanted, with a line in the audit trail for an import."""
    try:
        if wanted.kind == "upload":
            return _upload(request, wanted)
        row = arrivals.begin_import(request.db, request.console, _claim(request, wanted))
    except BadPackage as error:
        raise refusal_of(error) from error
    request.audit("package.import", f"arrival {row.id}", kind=row.kind, source=row.source, artifact=row.artifact)
    request.response.status_int = 201
    return {"arrival": arrival_json(request, row)}


def _upload(request: Request, wanted: NewArrival) -> dict[str, Any]:
    claim = Claim(
        "upload", wanted.artifact.strip(), wanted.revision.strip(), wanted.name.strip(), wanted.size,
        wanted.sha256.strip().lower(), user=request.identity.user, now=request.now,
    )  # fmt: skip
    found = arrivals.begin_upload(request.db, request.console, claim)
    if isinstance(found, Package):
        return {"package": {**package_json(request, found), "created": False}}
    request.response.status_int = 201 if found.created_at == request.now else 200
    return {"arrival": arrival_json(request, found)}


def _claim(request: Request, wanted: NewArrival) -> Claim:
    claim = Claim(
        wanted.kind, wanted.artifact.strip(), wanted.revision.strip(), wanted.name.strip(), None,
        wanted.sha256.strip().lower(), wanted.source.strip(), user=request.identity.user, now=request.now,
    )  # fmt: skip
    if claim.sha256 and not _SHA256.fullmatch(claim.sha256):
        raise BadPackage("sha256", "a SHA-256 has 64 hex digits")
    return claim_of(request.console, claim)


@view_config(route_name="api_arrival", request_method="GET", renderer="json", permission=Permission.VIEW)
def get(request: Request) -> dict[str, Any]:
    """How far one is."""
    return arrival_json(request, found(request))


@view_config(route_name="api_arrival", request_method="DELETE", renderer="json", permission=Permission.UPLOAD)
def drop(request: Request) -> dict[str, Any]:
    """Have it no more."""
    return arrival_json(request, end(request))


@view_config(
    route_name="api_arrival_piece", request_method="PUT", renderer="json", permission=Permission.UPLOAD, large_body=True
)
def piece(request: Request) -> dict[str, Any]:
    """Take a piece in: ``offset`` says where it belongs, ``sha256`` what it is. Asks no session that writes."""
    if (request.content_length or 0) > PIECE_BYTES:
        raise Refusal(413, "too-large", f"a piece has at most {PIECE_BYTES} bytes")
    number, offset, sha256 = id_of(request), number_of(request, "offset") or 0, request.GET.get("sha256", "")
    with request.console.readers() as session:
        row = session.get(Arrival, number)
    if row is None or row.kind != "upload" or row.created_by != request.identity.user:
        raise HTTPNotFound(f"there is no upload {number} of yours")
    if row.state != arrivals.COMING:
        raise Refusal(410, "over", f"the upload is {row.state}{': ' + row.message if row.message else ''}")
    data = request.body
    if offset + len(data) > (row.size or 0):
        raise Refusal(422, "invalid", f"the file has {row.size} bytes, this would be more", "offset")
    try:
        return {"have": pieces_of(request.console).put(number, offset, data, sha256)}
    except Misplaced as error:
        request.response.status_int = 409
        return {"have": error.have}
    except Damaged as error:
        raise Refusal(422, "damaged", str(error), "sha256") from error
    except NoRoom as error:
        raise refusal_of(error) from error


@view_config(route_name="api_arrival_finish", request_method="POST", renderer="json", permission=Permission.UPLOAD)
def finish(request: Request) -> dict[str, Any]:
    """All pieces are here: have it looked into. 202; its state says how that went."""
    row = found(request)
    if row.kind != "upload" or row.created_by != request.identity.user:
        raise HTTPNotFound(f"there is no upload {row.id} of yours")
    row = arrivals.finish_upload(request.db, request.console, row)
    request.response.status_int = 202
    return arrival_json(request, row)


def found(request: Request) -> Arrival:
    """The arrival of the path. Raises HTTPNotFound."""
    row: Arrival | None = request.db.get(Arrival, id_of(request))
    if row is None:
        raise HTTPNotFound(f"there is no arrival {request.matchdict['id']}; those that ended are kept for a day")
    return row


def end(request: Request) -> Arrival:
    """Cancel the arrival of the path, with a line in the audit trail."""
    row = found(request)
    was = row.state
    row = arrivals.cancel(request.db, request.console, row, request.now)
    if row.state == arrivals.CANCELLED != was:
        request.audit("package.cancel", f"arrival {row.id}", artifact=row.artifact, name=row.name)
    return row


def arrival_json(request: Request, row: Arrival) -> dict[str, Any]:
    """One arrival; ``have`` of ``size`` bytes are here."""
    have = pieces_of(request.console).have(row.id) if row.state == arrivals.COMING else row.have
    package = request.db.get(Package, row.package_id) if row.package_id else None
    return {
        "id": row.id,
        "kind": row.kind,
        "source": row.source,
        "artifact": row.artifact,
        "revision": row.revision,
        "name": row.name,
        "sha256": row.sha256,
        "size": row.size,
        "have": have,
        "state": row.state,
        "message": row.message,
        "piece_bytes": PIECE_BYTES,
        "created": row.created,
        "created_by": row.created_by,
        "created_at": row.created_at,
        "ended_at": row.ended_at,
        "package": package_json(request, package) if package else None,
    }
