"""Dangerous acts ask once more who sits at the browser: a sign-in that was proved lately may do them, another proves it again.

Which acts those are stands in ``ASKED``, and a view deriver looks there before the view runs, so that no view can forget it.
Programs are not asked: a token is their proof, and is not left lying on a desk.
"""

import json
from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request

from minos_web.models.people import SignIn
from minos_web.security import entering, second_step
from minos_web.security.permissions import CONSOLE
from minos_web.security.scopes import scope_of
from minos_web.security.signins import Attempt, renew


class MustProve(Exception):
    """Who sent the request has to say once more who they are."""


def _always(_request: Request) -> bool:
    return True


def _deletes_data(request: Request) -> bool:
    return bool(request.matchdict["action"] == "cleanup")


def _deletes_data_by_json(request: Request) -> bool:
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return False  # the view says what is wrong with it, and does nothing
    return isinstance(body, dict) and body.get("action") == "cleanup"


def _revokes(request: Request) -> bool:
    return bool(request.matchdict["decision"] == "revoke")


def _makes_a_token(request: Request) -> bool:
    return "revoke" not in request.POST


def _is_of_the_console(request: Request) -> bool:
    return scope_of(request) == CONSOLE


ASKED: dict[tuple[str, str], Callable[[Request], bool]] = {
    ("cluster_act", "GET"): _deletes_data,
    ("cluster_act", "POST"): _deletes_data,
    ("api_cluster_operations", "POST"): _deletes_data_by_json,
    ("users", "POST"): _always,
    ("user", "POST"): _always,
    ("api_users", "POST"): _always,
    ("api_user", "PUT"): _always,
    ("api_user", "DELETE"): _always,
    ("api_user_act", "POST"): _always,
    ("api_user_password", "POST"): _always,
    ("api_user_grants", "POST"): _always,
    ("api_user_grant", "DELETE"): _always,
    ("api_user_sign_ins", "DELETE"): _always,
    ("api_user_sign_in", "DELETE"): _always,
    ("api_user_token", "DELETE"): _always,
    ("account_tokens", "POST"): _makes_a_token,
    ("cluster_keytabs", "POST"): _always,
    ("api_keytab", "PUT"): _always,
    ("api_keytab", "DELETE"): _always,
    ("host_decide", "POST"): _revokes,
    ("api_host_decide", "POST"): _revokes,
    ("brake_release", "POST"): _is_of_the_console,
    ("api_brake_release", "POST"): _is_of_the_console,
    ("approval", "POST"): _always,
    ("api_approval_decide", "POST"): _always,
}
"""Route and method -> whether this request is such an act. The page of a cleanup asks as well: what is typed there is not lost."""


def is_proved(request: Request) -> bool:
    """Whether who sent the request proved lately who they are; a program by its token."""
    identity = request.identity
    if identity is None or identity.via != "browser":
        return identity is not None
    lately: float = request.now - request.console.settings.confirm_minutes * 60
    return bool(identity.proved_at >= lately)


def knows(request: Request, password: str, code: str = "") -> str:
    """Empty when it is the password (or code of the second step) of whoever sent the request, else what is wrong. Tries count
    like those of signing in.
    """
    user, address = request.identity.user, request.client_addr or ""
    attempt = Attempt(user, password, address, request.user_agent or "", request.now)
    if code:
        return _takes_code(request, code)
    try:
        proven = entering.prove(request.console, request.registry.throttle, attempt)
    except entering.SignInRefused as refused:
        return "this is not your current password" if str(refused) == entering.WRONG else str(refused)
    return "" if proven.user_id == request.identity.user_id else "this is not your current password"


def _takes_code(request: Request, code: str) -> str:
    """The same for a code, which is used up whatever follows."""
    identity, address = request.identity, request.client_addr or ""
    wait = request.registry.throttle.try_code(identity.user, address)
    if wait:
        return f"too many tries; try again in {entering.span(wait)}"
    with request.console.writers.begin() as session:
        try:
            by = second_step.take(session, request.console.secret, identity.user_id, code, request.now)
        except second_step.StepRefused as refused:
            return str(refused)
    if not by:
        return "this code does not fit, or was used before; type the one that the app shows next"
    request.registry.throttle.code_succeeded(identity.user, address)
    return ""


def prove(request: Request) -> str:
    """Note that it was proved just now; the new secret of the sign-in, for ``pyramid.security.remember``."""
    return renew(request.db, request.db.get_one(SignIn, request.identity.key), request.now)


def asking(view: Any, info: Any) -> Any:
    """View deriver: dangerous acts of browsers that were not proved lately raise MustProve."""
    if getattr(info, "exception_only", False):
        return view

    def asked(context: Any, request: Request) -> Any:
        route = getattr(request, "matched_route", None)
        dangerous = ASKED.get((route.name, request.method)) if route is not None else None
        if dangerous is not None and request.exception is None and not is_proved(request) and dangerous(request):
            raise MustProve
        return view(context, request)

    return asked


def includeme(config: Configurator) -> None:
    """Look at every view, behind the check of its permission."""
    config.add_view_deriver(asking, name="asking")
