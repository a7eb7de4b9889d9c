"""The package store: list, and upload for browsers that cannot send a raw body."""

import shutil
from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import func, select

from minos_common.settings import ConsoleSettings
from minos_web.models.arrivals import Arrival
from minos_web.models.packages import Package
from minos_web.operations.arrivals import COMING, pieces_of, shown
from minos_web.operations.integrity import DAMAGED
from minos_web.operations.package_uses import holders, uses_of
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.store import packages
from minos_web.store.arriving import BadPackage
from minos_web.store.importing.builds import builds_in
from minos_web.store.importing.from_directory import listed
from minos_web.views import receiving
from minos_web.views.api.arrivals import NewArrival, begun, end
from minos_web.views.api.packages import drop, found
from minos_web.views.errors import Refusal
from minos_web.views.frame import flash
from minos_web.views.lists.packages import package_list
from minos_web.views.lists.scene import Scene
from minos_web.views.lists.showing import as_csv, show
from minos_web.views.paging import cut, wanted_page
from minos_web.views.presenting import sentence
from minos_web.views.spreads import spread_of

OLD = {"artifact": "kind"}
"""A parameter of the page that its filter has now."""
MEMBERS = 200
STILL_SECONDS = 20.0
FROM = {
    "upload": "an upload",
    "url": "an address",
    "file": "the console's machine",
    "maven": "Maven",
    "build": "a build",
}


@view_config(route_name="packages", renderer="packages.mako", permission=Permission.VIEW)
def packages_page(request: Request) -> Any:
    """All packages as a list, newest first; ``stored`` is the one that the page's script just sent."""
    file = as_csv(request, package_list, OLD)
    if file is not None:
        return file
    stored = request.GET.get("stored", "")
    package = request.db.get(Package, int(stored)) if stored.isascii() and stored.isdigit() else None
    said = _said(package, "known" not in request.GET) if package else None
    if request.GET.get("several", "").isdigit():
        said = "success", f"{request.GET['several']} packages are in the store."
    return {**_page(request, {}, {}), "said": said}


@view_config(route_name="package_upload", request_method="GET", permission=Permission.VIEW)
def back(request: Request) -> HTTPSeeOther:
    """The form is on the list's page."""
    return HTTPSeeOther(request.route_path("packages"))


@view_config(
    route_name="package_upload",
    request_method="POST",
    renderer="packages.mako",
    permission=Permission.UPLOAD,
    large_body=True,
)
def upload(request: Request) -> Any:
    """The form without its script: one multipart body."""
    given = {name: request.POST.get(name, "") for name in ("artifact", "revision")}
    file = request.POST.get("file")
    if not hasattr(file, "file"):
        return _refused(request, given, {"file": "Choose a file."})
    claim = receiving.incoming(request, given["artifact"], given["revision"], file.filename)
    try:
        package, created = receiving.receive(request, file.file, claim)
    except BadPackage as error:
        request.tm.doom()
        return _refused(request, given, {error.field: sentence(error)})
    if package.state != packages.READY:
        return _refused(request, given, {"file": sentence(receiving.refused_words(package))})
    flash(request, *_said(package, created))
    return HTTPSeeOther(request.route_path("packages"))


@view_config(route_name="package", request_method="GET", renderer="package.mako", permission=Permission.VIEW)
def package_page(request: Request) -> dict[str, Any]:
    """What a package is, what is in it, who needs it."""
    return _one(request, found(request))


@view_config(route_name="package", request_method="POST", renderer="package.mako", permission=Permission.UPLOAD)
def delete(request: Request) -> Any:
    """Delete it, unless somebody needs it."""
    row = found(request)
    try:
        drop(request, row)
    except Refused as refused:
        request.tm.doom()
        request.response.status_int = 409
        return {**_one(request, row), "refused": sentence(refused.message)}
    flash(request, "success", f"{row.name} of {row.artifact} is deleted.")
    return HTTPSeeOther(request.route_path("packages"))


def _one(request: Request, row: Package) -> dict[str, Any]:
    wanted = request.GET.get("q", "").strip().lower()
    inside = packages.contents_of(row)
    listed = [one for one in inside.listed if wanted in one[0].lower()] if inside else []
    return {
        "section": "packages",
        "title": row.name,
        "package": row,
        "inside": inside,
        "wanted": wanted,
        "members": cut(listed, wanted_page(request.GET), MEMBERS),
        "uses": uses_of(request.db, request.console, row) if row.state == packages.READY else [],
        "holders": holders(request.db, row),
        "spread": spread_of(request.db, row, request.now, "all" in request.GET),
        "refused": "",
        "there": packages.file_of(request.console.var, row).is_file(),
    }


def _said(package: Package, created: bool) -> tuple[str, str]:
    """Kind and text of the message after an upload."""
    if created:
        return "success", f"{package.name} is stored, as revision {package.revision} of {package.artifact}."
    return "info", f"The same file was there already, as {package.name} of revision {package.revision}."


def _refused(request: Request, given: dict[str, str], errors: dict[str, str]) -> dict[str, Any]:
    request.response.status_int = 422
    return _page(request, given, errors)


def _page(request: Request, given: dict[str, str], errors: dict[str, str]) -> dict[str, Any]:
    sizes = _sizes(request)
    known = request.console.catalog.services.values()
    return {
        "section": "packages",
        "said": None,
        "title": "Packages",
        "view": show(request, package_list(Scene.of(request)), OLD),
        "known": sorted({service.artifact for service in known} | set(sizes)),
        "quarantined": packages.find(request.db, state=packages.QUARANTINED),
        "damaged": packages.find(request.db, state=DAMAGED),
        "sizes": sizes,
        "free": shutil.disk_usage(request.console.var).free,
        "given": given,
        "errors": errors,
        "limit": request.console.settings.max_package_bytes,
        **_coming(request),
        "imports": imports_allowed(request.console.settings),
        "words_of": FROM,
        "offered": _offered(request.console.settings),
    }


def _sizes(request: Request) -> dict[str, tuple[int, int, int]]:
    """Artifact -> how many packages, their bytes, and bytes of their blocks."""
    summed = select(Package.artifact, func.count(), func.sum(Package.size), func.sum(Package.blocks_size))
    ready = summed.where(Package.state == packages.READY).group_by(Package.artifact)
    return {name: (number, int(size), int(blocks)) for name, number, size, blocks in request.db.execute(ready)}


def _coming(request: Request) -> dict[str, Any]:
    """What is on its way; of uploads those that stand still, as the page that sends them tells of the others."""
    pieces = pieces_of(request.console)
    rows = [row for row in shown(request.db, request.now) if row.state != COMING or _stands_still(request, row)]
    return {"coming": rows, "here": {row.id: pieces.have(row.id) for row in rows}}


def _stands_still(request: Request, row: Arrival) -> bool:
    path = pieces_of(request.console).path(row.id)
    moved = path.stat().st_mtime if path.exists() else row.created_at
    return bool(request.now - moved > STILL_SECONDS)


def imports_allowed(settings: ConsoleSettings) -> list[str]:
    """Kinds of imports that the ini allows."""
    allowed = {
        "url": settings.import_urls,
        "file": settings.package_directories,
        "maven": settings.maven,
        "build": settings.package_builds,
    }
    return [kind for kind, text in allowed.items() if text]


def _offered(settings: ConsoleSettings) -> list[str]:
    """What the field of an import suggests."""
    files = [str(path) for path in listed(settings.package_directories)]
    builds = [name for name, build in builds_in(settings.package_builds).items() if not isinstance(build, str)]
    return [*settings.import_urls.split(), *files, *builds]


@view_config(route_name="package_import", request_method="POST", renderer="packages.mako", permission=Permission.UPLOAD)
def import_post(request: Request) -> Any:
    """Have the console fetch a package."""
    given = {name: request.POST.get(name, "") for name in ("kind", "source", "sha256")}
    given |= {f"import_{name}": request.POST.get(f"import_{name}", "") for name in ("artifact", "revision")}
    kind = given["kind"] if given["kind"] in FROM else "url"
    body = {"kind": kind, "source": given["source"], "sha256": given["sha256"]}
    body |= {"artifact": given["import_artifact"], "revision": given["import_revision"]}
    wanted = msgspec.convert(body, NewArrival)
    try:
        begun(request, wanted)
    except (Refusal, Refused) as error:
        request.tm.doom()
        return _refused(request, given, {f"import_{getattr(error, 'field', '')}": sentence(error)})
    return HTTPSeeOther(request.route_path("packages"))


@view_config(route_name="arrival_cancel", request_method="POST", permission=Permission.UPLOAD)
def cancel_post(request: Request) -> HTTPSeeOther:
    """Have it no more."""
    end(request)
    return HTTPSeeOther(request.route_path("packages"))
