"""Filters that a user keeps: under a name, one of them as what the bare address means."""

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from minos_web.models.saved_filters import SavedFilter
from minos_web.security.permissions import Permission
from minos_web.views.frame import flash
from minos_web.views.lists.asking import LONGEST_QUERY, changed

LISTS = ("hosts", "tasks", "cluster-tasks", "operations", "packages", "alerts", "alerts-over")
MOST = 50
LONGEST_NAME = 64


def saved_by(session: Session, user_id: int, name: str) -> list[SavedFilter]:
    """What a user keeps of a list, by name."""
    own = select(SavedFilter).where(SavedFilter.user_id == user_id, SavedFilter.list == name)
    return list(session.scalars(own.order_by(SavedFilter.name)))


def usual_query(saved: Sequence[SavedFilter]) -> list[tuple[str, str]]:
    """What the bare address of the list means to its user; empty for nothing special."""
    return next((parse_qsl(one.query) for one in saved if one.usual), [])


@view_config(route_name="filters_save", request_method="POST", permission=Permission.VIEW)
def save_post(request: Request) -> HTTPSeeOther:
    """Keep a filter, over the one of the same name; back to the list as it was asked for."""
    name, given = request.matchdict["list"], request.POST
    if name not in LISTS:
        raise HTTPNotFound(f"There is no list {name}.")
    pairs = changed(parse_qsl(given.get("query", "")), {})
    title, query = " ".join(given.get("name", "").split()), urlencode(pairs)
    back = HTTPSeeOther(_back(request, pairs))
    saved = saved_by(request.db, request.identity.user_id, name)
    row = next((one for one in saved if one.name == title), None)
    problem = _wrong(title, query, len(saved) - (row is not None))
    if problem:
        flash(request, "warning", problem)
        return back
    if row is None:
        row = SavedFilter(user_id=request.identity.user_id, list=name, name=title, created_at=request.now)
        request.db.add(row)
    row.query = query
    _set_usual(request, row, "usual" in given)
    flash(request, "success", f"The filter {title} is kept{', and shown first from now on' if row.usual else ''}.")
    return back


def _wrong(title: str, query: str, others: int) -> str:
    if not title or len(title) > LONGEST_NAME or not title.isprintable():
        return f"Give the filter a name, of at most {LONGEST_NAME} characters."
    if len(query) > LONGEST_QUERY:
        return f"This filter is too long to be kept: at most {LONGEST_QUERY:,} characters."
    if others >= MOST:
        return f"At most {MOST} filters of a list are kept: delete one first."
    return ""


@view_config(route_name="filter_change", request_method="POST", permission=Permission.VIEW)
def change_post(request: Request) -> HTTPSeeOther:
    """Forget a filter of one's own, or make it (no longer) what the bare address means."""
    number, what = int(request.matchdict["id"]), request.matchdict["verb"]
    row = request.db.get(SavedFilter, number) if number < 2**63 else None
    if row is None or row.user_id != request.identity.user_id:
        raise HTTPNotFound("You keep no such filter.")
    if what == "delete":
        request.db.delete(row)
        flash(request, "success", f"The filter {row.name} is gone.")
    else:
        _set_usual(request, row, what == "usual")
    return HTTPSeeOther(_back(request, parse_qsl(request.POST.get("query", ""))))


def _set_usual(request: Request, row: SavedFilter, usual: bool) -> None:
    request.db.flush()
    if usual:
        others = (SavedFilter.user_id == row.user_id, SavedFilter.list == row.list)
        request.db.execute(update(SavedFilter).where(*others).values(usual=False))
    row.usual = usual
    request.db.flush()


def _back(request: Request, pairs: Sequence[tuple[str, str]]) -> str:
    """The list itself: an address of this console below its root, whatever the form says."""
    path = request.POST.get("back", "")
    safe = path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else "/"
    query = urlencode(changed(pairs, {})) or "q="
    return f"{safe.partition('?')[0]}?{query}"
