"""Whole config directories: taken in from an archive or a directory of the console's machine, and given back."""

import secrets
import shutil
import time
from pathlib import Path
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from minos_web.operations.importing import Fate, Report, examine, take_in
from minos_web.security.permissions import Permission
from minos_web.store import configdir
from minos_web.store.bundle import MOST_BYTES, BadBundle, Bundle, as_zip, read_archive, read_directory
from minos_web.store.configdir import Edit
from minos_web.views.frame import flash
from minos_web.views.paging import cut, wanted_page
from minos_web.views.presenting import count, sentence

KEPT_SECONDS = 24 * 3600.0
ROWS = 200


@view_config(
    route_name="config_import", request_method="GET", renderer="config_import.mako", permission=Permission.CONFIGURE
)
def import_page(request: Request) -> dict[str, Any]:
    """The form; with ``bundle`` what would come of one that was uploaded, file by file."""
    token = request.GET.get("bundle", "")
    if not token:
        return _page(request)
    path = _place(request) / token
    if not token.isalnum() or not path.is_file():
        flash(request, "warning", "That upload is not kept any more: choose the file again.")
        return _page(request)
    with path.open("rb") as file:
        return _page(request, _report(request, read_archive(file)), token)


@view_config(
    route_name="config_import",
    request_method="POST",
    renderer="config_import.mako",
    permission=Permission.CONFIGURE,
    large_body=True,
)
def import_post(request: Request) -> Any:
    """Look at an archive, or at the directory that the ini names; with ``take`` take in what was looked at."""
    token = request.POST.get("bundle", "")
    try:
        if request.POST.get("do") == "directory":
            return _page(request, _report(request, _local(request)), local=True)
        if request.POST.get("do") == "take-directory":
            return _take(
                request, _report(request, _local(request)), f"imported from {request.console.settings.import_from}"
            )
        if token:
            return _take_uploaded(request, token)
        return _upload(request)
    except BadBundle as error:
        request.response.status_int = 422
        return {**_page(request), "error": sentence(error)}


@view_config(route_name="config_export", request_method="GET", permission=Permission.VIEW)
@view_config(route_name="api_config_export", request_method="GET", permission=Permission.VIEW)
def export(request: Request) -> Response:
    """The whole directory as a zip archive; ``revision``: as it stood then."""
    text = request.GET.get("revision", "")
    if text and not (text.isdecimal() and len(text) < 18):
        raise HTTPNotFound(f"There is no revision {text}.")
    revision = int(text) if text else configdir.current_revision(request.db)
    body = as_zip(configdir.contents(request.db, revision))
    response = Response(body=body, content_type="application/zip")
    response.content_disposition = f'attachment; filename="minos-config-{revision}.zip"'
    return response


def _upload(request: Request) -> Any:
    file = request.POST.get("file")
    if not hasattr(file, "file"):
        raise BadBundle("choose an archive")
    place = _place(request)
    token = secrets.token_hex(16)
    report = _report(request, read_archive(file.file))
    file.file.seek(0)
    with (place / token).open("wb") as kept:
        shutil.copyfileobj(file.file, kept)
    if not report.found:
        raise BadBundle("the archive holds no file")
    return HTTPSeeOther(request.route_path("config_import", _query={"bundle": token}))


def _take_uploaded(request: Request, token: str) -> Any:
    path = _place(request) / token
    if not token.isalnum() or not path.is_file():
        raise BadBundle("that upload is not kept any more: choose the file again")
    with path.open("rb") as file:
        done = _take(request, _report(request, read_archive(file)), request.POST.get("note", "").strip() or "imported")
    path.unlink(missing_ok=True)
    return done


def _take(request: Request, report: Report, note: str) -> HTTPSeeOther:
    edit = Edit("", request.identity.user, request.now, note)
    number = take_in(request.db, request.console, report, edit)
    request.audit("config.import", "configuration", files=number, left_out=report.count(Fate.LEFT_OUT))
    flash(request, "success", f"{count(number, 'file')} taken in.")
    return HTTPSeeOther(request.route_path("config_tree"))


def _report(request: Request, bundle: Bundle) -> Report:
    return examine(request.db, request.console, bundle)


def _local(request: Request) -> Bundle:
    path = request.console.settings.import_from
    if not path:
        raise BadBundle("no directory is named: minos.import_from in the console's ini does that")
    return read_directory(Path(path))


def _place(request: Request) -> Path:
    """Where uploads wait to be taken in; old ones go."""
    place: Path = request.console.var / "imports"
    place.mkdir(mode=0o700, exist_ok=True)
    for path in place.iterdir():
        if time.time() - path.stat().st_mtime > KEPT_SECONDS:
            path.unlink(missing_ok=True)
    return place


def _page(request: Request, report: Report | None = None, token: str = "", local: bool = False) -> dict[str, Any]:
    page = cut(list(report.found) if report else [], wanted_page(request.GET), ROWS)
    return {
        "section": "config",
        "title": "Import a config directory",
        "report": report,
        "page": page,
        "bundle": token,
        "is_local": local,
        "directory": request.console.settings.import_from,
        "most": MOST_BYTES,
        "error": "",
    }
