"""Signing in and out."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.security import forget, remember
from pyramid.view import view_config

from minos_web.security.permissions import Permission
from minos_web.security.signins import Attempt, SignInRefused, end_sign_in, sign_in
from minos_web.views.errors import safe_next
from minos_web.views.presenting import sentence


@view_config(route_name="sign_in", request_method="GET", renderer="sign_in.mako", permission=Permission.EVERYONE)
def sign_in_page(request: Request) -> Any:
    """The form; whoever is signed in already goes on."""
    if request.identity is not None:
        return HTTPSeeOther(safe_next(request, request.GET.get("next", "")))
    return _page(request.GET.get("next", ""), "", "")


@view_config(route_name="sign_in", request_method="POST", renderer="sign_in.mako", permission=Permission.EVERYONE)
def sign_in_post(request: Request) -> Any:
    """Check the password; the way back to where one wanted to go is kept."""
    user, password = request.POST.get("user", "").strip(), request.POST.get("password", "")
    after = request.POST.get("next", "")
    attempt = Attempt(user, password, request.client_addr or "", request.user_agent or "", request.now)
    try:
        secret = sign_in(request.console, request.registry.throttle, attempt)
    except SignInRefused as refused:
        request.response.status_int = 429 if refused.wait else 401
        if refused.wait:
            request.response.headers["Retry-After"] = str(int(refused.wait) + 1)
        return _page(after, user, str(refused))
    return HTTPSeeOther(safe_next(request, after), headers=remember(request, secret))


@view_config(route_name="sign_out", request_method="POST", permission=Permission.EVERYONE)
def sign_out(request: Request) -> HTTPSeeOther:
    """End this browser's sign-in."""
    if request.identity is not None and request.identity.via == "browser":
        request.audit("sign-out", f"user {request.identity.user}")
        end_sign_in(request.db, request.identity.key)
    return HTTPSeeOther(request.route_path("sign_in"), headers=forget(request))


def _page(after: str, user: str, error: str) -> dict[str, Any]:
    return {"title": "Sign in", "next": after, "user": user, "error": sentence(error)}
