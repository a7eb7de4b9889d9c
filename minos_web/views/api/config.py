"""API: the virtual config directory, read and written file by file with a check that nobody's work is lost."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from minos_web.clusterfile.problems import Problem
from minos_web.models.config import ConfigRevision
from minos_web.operations.describe import check_saved, refresh_clusters
from minos_web.operations.preview import problem_json
from minos_web.security.permissions import Permission
from minos_web.store import configdir
from minos_web.views.api.params import number_of, whole
from minos_web.views.errors import Refusal


@view_config(route_name="api_config", request_method="GET", renderer="json", permission=Permission.VIEW)
def tree(request: Request) -> dict[str, Any]:
    """Every file with its newest revision; ``revision`` is that of the whole directory."""
    files = [
        {
            "path": entry.path,
            "revision": entry.revision,
            "number": entry.number,
            "author": entry.author,
            "at": entry.at,
            "size": entry.size,
        }
        for entry in configdir.listing(request.db)
    ]
    return {"revision": configdir.current_revision(request.db), "files": files}


@view_config(route_name="api_config_file", request_method="GET", permission=Permission.VIEW)
def get(request: Request) -> Response:
    """The file's text, byte for byte; ?revision= as it was then. ``ETag`` and ``X-Revision`` name the revision."""
    path = request.matchdict["path"]
    row = configdir.read(request.db, path, number_of(request, "revision"))
    if row is None or row.content is None:
        raise HTTPNotFound(f"there is no file {path}")
    response = Response(body=row.content, content_type="text/plain", charset="UTF-8", conditional_response=True)
    response.cache_control = "no-cache, private"
    return _marked(response, row)


@view_config(route_name="api_config_revisions", request_method="GET", renderer="json", permission=Permission.VIEW)
def revisions(request: Request) -> dict[str, Any]:
    """Every revision of a file, newest first; ``deleted`` marks those that took the file away."""
    path = request.matchdict["path"]
    rows = configdir.history(request.db, path)
    if not rows:
        raise HTTPNotFound(f"there never was a file {path}")
    return {"path": path, "revisions": [_revision_json(row) for row in rows]}


@view_config(route_name="api_config_file", request_method="PUT", renderer="json", permission=Permission.CONFIGURE)
def put(request: Request) -> dict[str, Any]:
    """Save the body at the path unless it has errors (422) or the file was changed meanwhile (409)."""
    edit = _edit(request)
    content = _body(request)
    problems = _checked(request, edit.path, content)
    known = configdir.read(request.db, edit.path)
    row = _saved(request, edit, content)
    if known is None or row.id != known.id:
        request.audit("config.save", edit.path, revision=row.id, number=row.number, note=row.note)
        refresh_clusters(request.db, request.console, request.now)
    request.response.status_int = 201 if known is None else 200
    _marked(request.response, row)
    warnings = [problem_json(problem) for problem in problems]
    return {"path": edit.path, "revision": row.id, "number": row.number, "warnings": warnings}


@view_config(route_name="api_config_file", request_method="DELETE", renderer="json", permission=Permission.CONFIGURE)
def delete(request: Request) -> dict[str, Any]:
    """Take the file away; its revisions stay."""
    edit = _edit(request)
    try:
        row = configdir.remove(request.db, edit)
    except configdir.Missing as error:
        raise HTTPNotFound(str(error)) from error
    except configdir.Conflict as error:
        raise _conflict(error) from error
    request.audit("config.delete", edit.path, revision=row.id)
    refresh_clusters(request.db, request.console, request.now)
    return {"path": edit.path, "revision": row.id, "number": row.number}


def _edit(request: Request) -> configdir.Edit:
    try:
        path = configdir.check_path(request.matchdict["path"])
    except configdir.BadPath as error:
        raise Refusal(422, "bad-path", str(error), "path") from error
    return configdir.Edit(path, request.identity.user, request.now, request.GET.get("note", ""), _based_on(request))


def _based_on(request: Request) -> int | None:
    """The revision that the author saw: ``If-Match: "12"`` or ?based_on=12; ``If-None-Match: *`` is for a new file."""
    if request.headers.get("If-None-Match", "").strip() == "*":
        return 0
    tag = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    return whole(tag, "If-Match") if tag else number_of(request, "based_on")


def _body(request: Request) -> bytes:
    """The new content; a body that is announced as too large is not read."""
    if (request.content_length or 0) > configdir.MOST_BYTES:
        raise Refusal(413, "too-large", f"a file has at most {configdir.MOST_BYTES} bytes", "content")
    content: bytes = request.body_file.read(configdir.MOST_BYTES + 1)
    return content


def _checked(request: Request, path: str, content: bytes) -> list[Problem]:
    """Warnings about the text. Raises Refusal when it has errors, or is no text."""
    try:
        configdir.check_content(content)
    except configdir.BadContent as error:
        raise Refusal(422, "bad-content", str(error), "content") from error
    problems = check_saved(request.db, request.console, path, content.decode("utf-8"))
    errors = [problem for problem in problems if problem.level == "error"]
    if errors:
        found = [problem_json(problem) for problem in errors]
        raise Refusal(422, "bad-config", f"nothing was saved: {errors[0]}", "content", errors=found)
    return problems


def _saved(request: Request, edit: configdir.Edit, content: bytes) -> ConfigRevision:
    try:
        return configdir.save(request.db, edit, content)
    except configdir.Conflict as error:
        raise _conflict(error) from error


def _conflict(error: configdir.Conflict) -> Refusal:
    latest = _revision_json(error.latest) if error.latest else None
    return Refusal(409, "conflict", str(error), "based_on", latest=latest)


def _marked(response: Response, row: ConfigRevision) -> Response:
    response.etag = str(row.id)
    response.headers["X-Revision"] = str(row.id)
    return response


def _revision_json(row: ConfigRevision) -> dict[str, Any]:
    return {
        "revision": row.id,
        "number": row.number,
        "author": row.author,
        "at": row.at,
        "note": row.note,
        "size": len(row.content or b""),
        "deleted": row.content is None,
    }
