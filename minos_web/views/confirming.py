"""The page that asks once more who sits there, before something dangerous is done."""

from typing import Any
from urllib.parse import urlsplit

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.security import remember
from pyramid.view import exception_view_config, view_config

from minos_web.security import second_step
from minos_web.security.outside import PROVIDER, way_of
from minos_web.security.permissions import Permission
from minos_web.security.policy import is_api
from minos_web.security.proving import MustProve, knows, prove
from minos_web.views.errors import Refusal, answer, safe_next
from minos_web.views.frame import flash
from minos_web.views.presenting import sentence

_VIEW = {"route_name": "confirm", "renderer": "confirm.mako", "permission": Permission.ACCOUNT}


@view_config(request_method="GET", **_VIEW)
def confirm_page(request: Request) -> dict[str, Any]:
    """The form; ``next`` is where one wanted to go."""
    return _page(request, request.GET.get("next", ""), "")


@view_config(request_method="POST", **_VIEW)
def confirm_post(request: Request) -> Any:
    """Check the password; the sign-in gets a new secret, and is proved for a few minutes."""
    after = safe_next(request, request.POST.get("next", ""))
    wrong = knows(request, request.POST.get("password", ""), request.POST.get("code", ""))
    if wrong:
        request.response.status_int = 429 if wrong.startswith("too many") else 422
        return _page(request, after, sentence(wrong))
    secret = prove(request)
    request.audit("sign-in.confirm", f"user {request.identity.user}")
    return HTTPSeeOther(after, headers=remember(request, secret))


@exception_view_config(MustProve)
def must_prove(_error: MustProve, request: Request) -> Response:
    """Go to the page, and from there back; what was sent has to be sent again."""
    if is_api(request):
        where = request.route_url("confirm")
        text = f"this asks once more who you are: confirm it at {where}, then send it again"
        return answer(request, Refusal(403, "confirm-first", text))
    if request.method != "GET":
        flash(request, "info", "Nothing was done yet: once it is clear that it is you, do it again.")
    url = request.route_path("confirm", _query={"next": _back(request)})
    if request.headers.get("HX-Request") == "true":
        return Response(headers={"HX-Redirect": url})
    return HTTPSeeOther(url)


def _back(request: Request) -> str:
    """The page from which it was asked."""
    if request.method == "GET":
        return str(request.path_qs)
    came = urlsplit(request.referer or "")
    ours = {urlsplit(url).netloc for url in (request.host_url, request.console.settings.url)}
    if came.netloc not in ours or came.path == request.route_path("confirm"):
        return "/"
    return safe_next(request, came.path + (f"?{came.query}" if came.query else ""))


def _page(request: Request, after: str, error: str) -> dict[str, Any]:
    minutes = f"{request.console.settings.confirm_minutes:g}"
    user_id = request.identity.user_id
    return {
        "title": "Confirm that it is you",
        "next": safe_next(request, after),
        "error": error,
        "minutes": minutes,
        "with_step": second_step.is_on(second_step.step_of(request.db, user_id)),
        "elsewhere": way_of(request.db, user_id) == PROVIDER,
    }
