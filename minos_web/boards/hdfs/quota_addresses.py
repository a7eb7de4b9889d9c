"""Who hears of a user's quota: the list, one user's addresses, and lists in the form of the old kerberos_ids.txt."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.monitor.quotas.addresses import Listed, addresses_in, all_addresses, listed_in, user_in
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.views.api.quotas import forgotten, kept
from minos_web.views.frame import flash
from minos_web.views.paging import cut, wanted_page
from minos_web.views.presenting import count, sentence

ROWS = 100
MOST_TEXT = 4 * 1024**2


@view_config(
    route_name="quota_addresses", request_method="GET", renderer="quota_addresses.mako", permission=Permission.OPERATE
)
def addresses_page(request: Request) -> dict[str, Any]:
    """All users with addresses, or those in which ``q`` occurs."""
    return _page(request, None)


@view_config(
    route_name="quota_addresses",
    request_method="POST",
    renderer="quota_addresses.mako",
    permission=Permission.ADMINISTER,
)
def addresses_post(request: Request) -> Any:
    """Keep one user's addresses (``do=keep``), take a list in (``do=list``), or forget a user (``forget``)."""
    given = request.POST
    try:
        if "forget" in given:
            forgotten(request, given["forget"])
            flash(request, "success", f"{given['forget']} is forgotten.")
        elif given.get("do") == "list":
            listed = _listed(given.get("list", ""))
            kept(request, listed.users)
            if listed.notes:
                return {**_page(request, None), "notes": listed.notes, "taken": len(listed.users)}
            flash(request, "success", f"{count(len(listed.users), 'user')} taken in.")
        else:
            user = _user(given.get("user", ""))
            kept(request, {user: addresses_in(given.get("addresses", ""))})
            flash(request, "success", f"The addresses of {user} are kept.")
    except Refused as refused:
        request.tm.doom()
        request.response.status_int = 422
        return _page(request, refused)
    return HTTPSeeOther(request.route_path("quota_addresses"))


def _listed(text: str) -> Listed:
    if len(text) > MOST_TEXT:
        raise Refused("too-large", f"a list has at most {MOST_TEXT:,} characters", "list")
    listed = listed_in(text)
    if not listed.users:
        why = f": {listed.notes[0]}" if listed.notes else ""
        raise Refused("bad-list", f"there is no user with an address in it{why}", "list")
    return listed


def _user(text: str) -> str:
    user = user_in(text.strip())
    if not user or not user.isprintable() or " " in user:
        raise Refused("bad-name", "write the name of a user of HDFS", "user")
    return user


def _page(request: Request, refused: Refused | None) -> dict[str, Any]:
    q = request.GET.get("q", "").strip()
    users = all_addresses(request.db)
    shown = [(user, mine) for user, mine in users.items() if q.lower() in f"{user} {' '.join(mine)}".lower()]
    error = sentence(refused.message) if refused else ""
    return {
        "section": "clusters",
        "title": "Addresses of HDFS users",
        "page": cut(shown, wanted_page(request.GET), ROWS),
        "total": len(users),
        "q": q,
        "errors": {refused.field: error} if refused else {},
        "given": request.POST if refused else {},
        "notes": [],
        "taken": 0,
        "here": request.route_path("quota_addresses"),
    }
