"""A user's second step of signing in: set up, confirmed, its recovery codes, turned off."""

import io
from typing import Any
from urllib.parse import urlsplit

import segno
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config
from sqlalchemy import select

from minos_web.models.people import User
from minos_web.security import entering, second_step
from minos_web.security.permissions import Permission
from minos_web.security.second_step import StepRefused
from minos_web.security.signins import Attempt, end_sign_ins
from minos_web.views.frame import flash
from minos_web.views.presenting import sentence

_VIEW = {"route_name": "account_step", "renderer": "second_step.mako", "permission": Permission.ACCOUNT}


def picture_of(request: Request, secret: str, user: str) -> str:
    """The QR code of a secret as an SVG without any style of its own."""
    place = urlsplit(request.console.settings.url).netloc or request.host
    target = io.BytesIO()
    code = segno.make(second_step.app_address(secret, user, place), error="m")
    code.save(target, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4, light="#fff", svgclass="mn-qr")
    return target.getvalue().decode()


@view_config(request_method="GET", **_VIEW)
def step_page(request: Request) -> dict[str, Any]:
    """How it stands, and what can be done now."""
    return _page(request)


@view_config(request_method="POST", **_VIEW)
def change_step(request: Request) -> Any:
    """Do what ``do`` says: begin, confirm, codes or off."""
    doing = _DOINGS.get(request.POST.get("do", ""))
    if doing is None:
        raise HTTPNotFound("There is no such change to a second step.")
    try:
        return doing(request)
    except (StepRefused, entering.SignInRefused) as refused:
        request.tm.doom()
        request.response.status_int = 429 if getattr(refused, "wait", 0.0) else 422
        return _page(request, error=str(refused))


def _begin(request: Request) -> HTTPSeeOther:
    """Only who knows the password may tie the account to a device."""
    entering.prove(request.console, request.registry.throttle, _attempt(request, request.POST.get("password", "")))
    second_step.begin(request.db, request.console.secret, _user(request), request.now)
    request.audit("second-step.begin", f"user {request.identity.user}")
    return HTTPSeeOther(request.route_path("account_step"))


def _confirm(request: Request) -> dict[str, Any]:
    _count(request)
    code = request.POST.get("code", "")
    codes = second_step.confirm(request.db, request.console.secret, request.identity.user_id, code, request.now)
    end_sign_ins(request.db, request.identity.user_id, _own(request))
    request.audit("second-step.on", f"user {request.identity.user}")
    return _page(request, codes=codes)


def _new_codes(request: Request) -> dict[str, Any]:
    _check_code(request)
    codes = second_step.new_recovery_codes(request.db, request.identity.user_id)
    request.audit("second-step.codes", f"user {request.identity.user}")
    return _page(request, codes=codes)


def _off(request: Request) -> HTTPSeeOther:
    if _is_wanted(request):
        raise StepRefused(f"the role {request.identity.role} needs a second step here; an administrator can reset it")
    _check_code(request)
    second_step.forget(request.db, request.identity.user_id)
    request.audit("second-step.off", f"user {request.identity.user}")
    flash(request, "success", "You sign in with your password alone now.")
    return HTTPSeeOther(request.route_path("account_step"))


_DOINGS = {"begin": _begin, "confirm": _confirm, "codes": _new_codes, "off": _off}


def _check_code(request: Request) -> None:
    """A code, as somebody else may sit at this browser. It is used up in a transaction of its own, whatever follows."""
    _count(request)
    identity, code = request.identity, request.POST.get("code", "")
    with request.console.writers.begin() as session:
        by = second_step.take(session, request.console.secret, identity.user_id, code, request.now)
    if not by:
        raise StepRefused("this code does not fit, or was used before; type the one that the app shows next")
    request.registry.throttle.code_succeeded(identity.user, request.client_addr or "")


def _count(request: Request) -> None:
    wait = request.registry.throttle.try_code(request.identity.user, request.client_addr or "")
    if wait:
        raise entering.SignInRefused(f"too many tries; try again in {entering.span(wait)}", wait)


def _attempt(request: Request, password: str) -> Attempt:
    return Attempt(request.identity.user, password, request.client_addr or "", request.user_agent or "", request.now)


def _user(request: Request) -> User:
    user: User = request.db.scalars(select(User).where(User.id == request.identity.user_id)).one()
    return user


def _own(request: Request) -> int | None:
    return request.identity.key if request.identity.via == "browser" else None


def _is_wanted(request: Request) -> bool:
    return second_step.wanted(request.identity.role, request.console.settings.totp_roles)


def _page(request: Request, codes: list[str] | None = None, error: str = "") -> dict[str, Any]:
    identity, session = request.identity, request.db
    row = second_step.step_of(session, identity.user_id)
    values: dict[str, Any] = {
        "section": "account",
        "title": "Second step",
        "state": "on" if second_step.is_on(row) else "begun" if row is not None else "off",
        "codes": codes or [],
        "error": sentence(error),
        "left": second_step.recovery_codes_left(session, identity.user_id),
        "wanted": _is_wanted(request),
        "secret": "",
        "picture": "",
    }
    if row is not None and values["state"] == "begun":
        values["secret"] = second_step.secret_of(request.console.secret, row)
        values["picture"] = picture_of(request, values["secret"], identity.user)
    return values
