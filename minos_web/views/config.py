"""The virtual config directory: tree, new files, and the editor on a file."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.clusterfile.tree import cluster_of
from minos_web.operations.describe import check_saved, refresh_clusters
from minos_web.security.permissions import Permission
from minos_web.store import configdir
from minos_web.store.configdir import BadPath, Conflict, Edit, Missing
from minos_web.views.config_editing import asked_path, editor, number_in, save_text, text_of, typed_text
from minos_web.views.frame import flash
from minos_web.views.later import comes_later
from minos_web.views.paging import cut, wanted_page
from minos_web.views.presenting import sentence

ROWS = 200


@view_config(route_name="config_tree", renderer="config_tree.mako", permission=Permission.VIEW)
def tree_page(request: Request) -> dict[str, Any]:
    """Every file by folder, with its newest revision; filtered by ``q`` (a part of the path)."""
    text = request.GET.get("q", "").strip().lower()
    entries = configdir.listing(request.db)
    page = cut([entry for entry in entries if text in entry.path.lower()], wanted_page(request.GET), ROWS)
    folders: dict[str, list[configdir.Entry]] = {}
    for entry in page.items:
        folders.setdefault(entry.path.rpartition("/")[0], []).append(entry)
    return {
        "section": "config",
        "title": "Configuration",
        "folders": folders,
        "total": len(entries),
        "page": page,
        "q": text,
    }


@view_config(route_name="config_new", request_method="GET", renderer="config_new.mako", permission=Permission.CONFIGURE)
def new_page(request: Request) -> Any:
    """Ask for a path; with a good one, open the editor on it."""
    path = request.GET.get("path", "").strip().strip("/")
    error = ""
    if path:
        try:
            return HTTPSeeOther(request.route_path("config_file", path=configdir.check_path(path)))
        except BadPath as bad:
            error = sentence(bad)
            request.response.status_int = 422
    return {"section": "config", "title": "New file", "path": path, "error": error}


@view_config(route_name="config_file", request_method="GET", renderer="config_file.mako", permission=Permission.VIEW)
def file_page(request: Request) -> dict[str, Any]:
    """The editor on the newest text; an older one is shown by the history."""
    path = asked_path(request)
    latest = configdir.read(request.db, path)
    if latest is None and not request.has_permission(Permission.CONFIGURE):
        raise HTTPNotFound(f"There is no file {path}.")
    text = text_of(latest)
    named = cluster_of(path)
    later = named is not None and comes_later(request, *named)
    problems = check_saved(request.db, request.console, path, text) if latest and not later else []
    return {**editor(request, path, text, latest.id if latest else 0, problems=problems), "later": later}


@view_config(
    route_name="config_file", request_method="POST", renderer="config_file.mako", permission=Permission.CONFIGURE
)
def save_file(request: Request) -> Any:
    """Save the text unless it has errors or somebody was faster; what was typed is never lost."""
    path = asked_path(request)
    if request.POST.get("do") == "delete":
        return _delete(request, path)
    note = request.POST.get("note", "").strip()
    return save_text(request, path, typed_text(request), number_in(request.POST.get("based_on", "0")), note)


def _delete(request: Request, path: str) -> Any:
    if request.POST.get("confirm", "").strip() != path.rpartition("/")[2]:
        flash(request, "danger", "Nothing was deleted: type the file's name to confirm.")
        return HTTPSeeOther(request.route_path("config_file", path=path))
    based_on = number_in(request.POST.get("based_on", "0"))
    try:
        configdir.remove(request.db, Edit(path, request.identity.user, request.now, "deleted", based_on))
    except (Missing, Conflict) as error:
        request.tm.doom()
        flash(request, "danger", sentence(error))
        return HTTPSeeOther(request.route_path("config_tree"))
    refresh_clusters(request.db, request.console, request.now)
    request.audit("config.delete", path)
    flash(request, "success", f"{path} is deleted; its history stays.")
    return HTTPSeeOther(request.route_path("config_tree"))
