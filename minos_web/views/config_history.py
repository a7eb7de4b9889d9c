"""Revisions of a file: the list, one as it was, two beside each other, and one made the newest again."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.models.config import ConfigRevision
from minos_web.operations.describe import check_saved
from minos_web.security.permissions import Permission
from minos_web.store import configdir
from minos_web.store.configdir import Edit
from minos_web.views.config_editing import asked_path, editor, gone_on, text_of
from minos_web.views.frame import flash
from minos_web.views.paging import cut, wanted_page
from minos_web.views.side_by_side import side_by_side

ROWS = 100


@view_config(
    route_name="config_history", request_method="GET", renderer="config_history.mako", permission=Permission.VIEW
)
def history_page(request: Request) -> dict[str, Any]:
    """Every revision of a file with author and note; with ``from`` and ``to`` those two beside each other."""
    path = asked_path(request)
    revisions = configdir.history(request.db, path)
    if not revisions:
        raise HTTPNotFound(f"There is no file {path}, and there never was.")
    newest, before = revisions[0], revisions[min(1, len(revisions) - 1)]
    left = _asked(revisions, path, request.GET.get("from", ""))
    right = _asked(revisions, path, request.GET.get("to", ""))
    compared = left is not None or right is not None
    left, right = left or before, right or newest
    return {
        "section": "config",
        "title": f"History of {path}",
        "path": path,
        "page": cut(revisions, wanted_page(request.GET), ROWS),
        "newest": newest,
        "left": left,
        "right": right,
        "compared": compared,
        "stretches": side_by_side(text_of(left), text_of(right)) if compared else [],
    }


@view_config(
    route_name="config_file",
    request_method="GET",
    request_param="revision",
    renderer="config_file.mako",
    permission=Permission.VIEW,
)
def old_page(request: Request) -> dict[str, Any]:
    """A file as an older ``revision`` had it, and how it became what is saved now."""
    path = asked_path(request)
    revisions = configdir.history(request.db, path)
    old = _asked(revisions, path, request.GET["revision"])
    if old is None or old.content is None:
        raise HTTPNotFound(f"{path} has no revision {request.GET['revision']} to look at.")
    page = editor(request, path, text_of(old), 0)
    return {**page, "old": old, "stretches": side_by_side(text_of(old), text_of(revisions[0]))}


@view_config(route_name="config_history", request_method="POST", permission=Permission.CONFIGURE)
def restore(request: Request) -> Any:
    """Make an older ``revision`` the newest one again, byte for byte."""
    path = asked_path(request)
    number = request.POST.get("revision", "")
    old = _asked(configdir.history(request.db, path), path, number)
    if old is None or old.content is None:
        raise HTTPNotFound(f"{path} has no revision {number} to restore.")
    text = old.content.decode("utf-8", "replace")
    errors = [one for one in check_saved(request.db, request.console, path, text) if one.level == "error"]
    if errors:
        flash(request, "danger", f"Revision {old.number} cannot be restored as it is: {errors[0]}")
        return HTTPSeeOther(request.route_path("config_file", path=path, _query={"revision": old.number}))
    edit = Edit(path, request.identity.user, request.now, f"restored from revision {old.number}")
    saved = configdir.save(request.db, edit, old.content)
    return gone_on(request, path, saved, f"Revision {old.number} of {path} is restored as revision {saved.number}.")


def _asked(revisions: list[ConfigRevision], path: str, number: str) -> ConfigRevision | None:
    """The revision of this number, None when none is asked for. Raises HTTPNotFound."""
    if not number:
        return None
    for row in revisions:
        if str(row.number) == number:
            return row
    raise HTTPNotFound(f"{path} has no revision {number}.")
