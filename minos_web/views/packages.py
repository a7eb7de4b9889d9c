"""The package store: list, and upload for browsers that cannot send a raw body."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.models.packages import Package
from minos_web.security.permissions import Permission
from minos_web.store import packages
from minos_web.views.frame import flash
from minos_web.views.paging import cut, wanted_page
from minos_web.views.presenting import sentence

ROWS = 50


@view_config(route_name="packages", renderer="packages.mako", permission=Permission.VIEW)
def packages_page(request: Request) -> dict[str, Any]:
    """All packages, newest first, filtered by ``artifact``; ``stored`` is the one that the page's script just sent."""
    stored = request.GET.get("stored", "")
    package = request.db.get(Package, int(stored)) if stored.isascii() and stored.isdigit() else None
    said = _said(package, "known" not in request.GET) if package else None
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
    settings = request.console.settings
    incoming = packages.Incoming(
        artifact=given["artifact"].strip(),
        revision=given["revision"].strip(),
        name=file.filename,
        user=request.identity.user,
        now=request.now,
        max_bytes=settings.max_package_bytes,
        keep_free=settings.keep_free_bytes,
    )
    try:
        package, created = packages.receive(request.db, request.console.var, file.file, incoming)
    except packages.BadPackage as error:
        return _refused(request, given, {error.field: sentence(error)})
    if created:
        request.audit(
            "package.upload",
            f"package {package.id}",
            artifact=package.artifact,
            name=package.name,
            sha256=package.sha256,
        )
    flash(request, *_said(package, created))
    return HTTPSeeOther(request.route_path("packages"))


def _said(package: Package, created: bool) -> tuple[str, str]:
    """Kind and text of the message after an upload."""
    if created:
        return "success", f"{package.name} is stored, as revision {package.revision} of {package.artifact}."
    return "info", f"The same file was there already, as {package.name} of revision {package.revision}."


def _refused(request: Request, given: dict[str, str], errors: dict[str, str]) -> dict[str, Any]:
    request.tm.doom()
    request.response.status_int = 422
    return _page(request, given, errors)


def _page(request: Request, given: dict[str, str], errors: dict[str, str]) -> dict[str, Any]:
    everything = packages.find(request.db)
    artifact = request.GET.get("artifact", "")
    newest: dict[str, int] = {}
    for package in everything:
        newest.setdefault(package.artifact, package.id)
    known = request.console.catalog.services.values()
    return {
        "section": "packages",
        "said": None,
        "title": "Packages",
        "page": cut([one for one in everything if artifact in ("", one.artifact)], wanted_page(request.GET), ROWS),
        "artifact": artifact,
        "artifacts": list(newest),
        "known": sorted({service.artifact for service in known} | set(newest)),
        "latest": set(newest.values()),
        "given": given,
        "errors": errors,
        "limit": request.console.settings.max_package_bytes,
    }
