"""The virtual config directory: tree, editor, check while typing, history, new files."""

import difflib
from collections.abc import Sequence
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.clusterfile.problems import Problem
from minos_web.models.config import ConfigRevision
from minos_web.operations.describe import check_saved, described_in, refresh_clusters
from minos_web.security.permissions import Permission
from minos_web.store import configdir
from minos_web.store.configdir import BadContent, BadPath, Conflict, Edit, Missing
from minos_web.views.frame import flash
from minos_web.views.paging import cut, wanted_page
from minos_web.views.presenting import sentence

MOST_CHECKED = 1024 * 1024
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
    """The editor; with ``revision`` a look at an older state of the file and how today's differs."""
    path = _path(request)
    latest = configdir.read(request.db, path)
    number = request.GET.get("revision", "")
    if number:
        return _old(request, path, latest, number)
    if latest is None and not request.has_permission(Permission.CONFIGURE):
        raise HTTPNotFound(f"There is no file {path}.")
    text = _text(latest)
    problems = check_saved(request.db, request.console, path, text) if latest else []
    return editor(request, path, text, latest.id if latest else 0, problems=problems)


@view_config(
    route_name="config_file", request_method="POST", renderer="config_file.mako", permission=Permission.CONFIGURE
)
def save_file(request: Request) -> Any:
    """Save the text unless it has errors or somebody was faster; what was typed is never lost."""
    path = _path(request)
    if request.POST.get("do") == "delete":
        return _delete(request, path)
    text = request.POST.get("text", "").replace("\r\n", "\n")
    based_on = _number(request.POST.get("based_on", "0"))
    note = request.POST.get("note", "").strip()
    problems = check_saved(request.db, request.console, path, text)
    if any(problem.level == "error" for problem in problems):
        request.response.status_int = 422
        return {**editor(request, path, text, based_on, problems), "note": note, "refused": True}
    edit = Edit(path, request.identity.user, request.now, note, based_on)
    try:
        saved = configdir.save(request.db, edit, text.encode())
    except Conflict as conflict:
        return {**_conflict(request, path, text, conflict), "note": note}
    except BadContent as bad:
        request.tm.doom()
        request.response.status_int = 422
        found = [Problem("error", path, None, None, None, str(bad))]
        return {**editor(request, path, text, based_on, found), "note": note, "refused": True}
    return _saved(request, path, saved, f"{path} is saved as revision {saved.number}.")


@view_config(route_name="config_check", request_method="POST", renderer="json", permission=Permission.CONFIGURE)
def check_text(request: Request) -> dict[str, Any]:
    """What would be wrong with the text in the body if it were saved: {problems: [...]}."""
    path = _path(request)
    text = request.body[:MOST_CHECKED].decode("utf-8", "replace")
    return {"problems": [problem_json(one, path) for one in check_saved(request.db, request.console, path, text)]}


@view_config(
    route_name="config_history", request_method="GET", renderer="config_history.mako", permission=Permission.VIEW
)
def history_page(request: Request) -> dict[str, Any]:
    """Every revision of a file with author and note."""
    path = _path(request)
    revisions = configdir.history(request.db, path)
    if not revisions:
        raise HTTPNotFound(f"There is no file {path}, and there never was.")
    return {"section": "config", "title": f"History of {path}", "path": path, "revisions": revisions}


@view_config(route_name="config_history", request_method="POST", permission=Permission.CONFIGURE)
def restore(request: Request) -> Any:
    """Make an older ``revision`` the newest one again."""
    path = _path(request)
    old = _revision(request, path, request.POST.get("revision", ""))
    errors = [one for one in check_saved(request.db, request.console, path, _text(old)) if one.level == "error"]
    if errors:
        flash(request, "danger", f"Revision {old.number} cannot be restored as it is: {errors[0]}")
        return HTTPSeeOther(request.route_path("config_file", path=path, _query={"revision": old.number}))
    edit = Edit(path, request.identity.user, request.now, f"restored from revision {old.number}")
    saved = configdir.save(request.db, edit, old.content or b"")
    return _saved(request, path, saved, f"Revision {old.number} of {path} is restored as revision {saved.number}.")


def problem_json(problem: Problem, path: str) -> dict[str, Any]:
    """A problem as the editor takes it. A line of another file is told in the message, not marked in this one."""
    elsewhere = problem.file != path
    return {
        "level": problem.level,
        "line": None if elsewhere else problem.line,
        "section": problem.section,
        "key": problem.key,
        "message": f"{problem.file}{f':{problem.line}' if problem.line else ''}: {problem.message}"
        if elsewhere
        else problem.message,
    }


def diff_lines(before: str, after: str) -> list[str]:
    """A unified difference without its file headers."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3)
    return [line for line in lines if not line.startswith(("---", "+++"))]


def _saved(request: Request, path: str, saved: ConfigRevision, text: str) -> HTTPSeeOther:
    refresh_clusters(request.db, request.console, request.now)
    request.audit("config.save", path, revision=saved.id, number=saved.number, note=saved.note)
    flash(request, "success", text)
    return HTTPSeeOther(request.route_path("config_file", path=path))


def _delete(request: Request, path: str) -> Any:
    if request.POST.get("confirm", "").strip() != path.rpartition("/")[2]:
        flash(request, "danger", "Nothing was deleted: type the file's name to confirm.")
        return HTTPSeeOther(request.route_path("config_file", path=path))
    based_on = _number(request.POST.get("based_on", "0"))
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


def _conflict(request: Request, path: str, text: str, conflict: Conflict) -> dict[str, Any]:
    """Both texts: the own one in the editor, and how the saved one differs from it."""
    request.tm.doom()
    request.response.status_int = 409
    latest = conflict.latest
    page = editor(request, path, text, latest.id if latest and latest.content is not None else 0)
    return {**page, "conflict": str(conflict), "theirs": _text(latest), "diff": diff_lines(_text(latest), text)}


def _old(request: Request, path: str, latest: ConfigRevision | None, number: str) -> dict[str, Any]:
    old = _revision(request, path, number)
    page = editor(request, path, _text(old), 0)
    return {**page, "old": old, "diff": diff_lines(_text(old), _text(latest))}


def editor(
    request: Request,
    path: str,
    text: str,
    based_on: int,
    problems: Sequence[Problem] = (),
) -> dict[str, Any]:
    """What the editor's page shows; ``based_on`` is the revision id that the text began with, 0 for a new file."""
    described = described_in(configdir.tree_at(request.db), path)
    revisions = configdir.history(request.db, path)
    return {
        "section": "config",
        "title": path.rpartition("/")[2],
        "path": path,
        "text": text,
        "based_on": based_on,
        "note": "",
        "refused": False,
        "problems": [problem_json(problem, path) for problem in problems],
        "latest": revisions[0] if revisions else None,
        "revisions": revisions[:8],
        "language": "cfg" if path.endswith((".cfg", ".ini")) else "xml" if path.endswith(".xml") else "properties",
        "cluster": described if described and revisions and revisions[0].content is not None else None,
        "fresh": False,
        "old": None,
        "conflict": "",
        "theirs": "",
        "diff": [],
        "adopted": "",
        "cannot": [],
    }


def _path(request: Request) -> str:
    try:
        return configdir.check_path(request.matchdict["path"])
    except BadPath as bad:
        raise HTTPNotFound(sentence(bad)) from bad


def _revision(request: Request, path: str, number: str) -> ConfigRevision:
    for row in configdir.history(request.db, path):
        if str(row.number) == number and row.content is not None:
            return row
    raise HTTPNotFound(f"{path} has no revision {number} to look at.")


def _text(revision: ConfigRevision | None) -> str:
    return (revision.content or b"").decode("utf-8", "replace") if revision else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
