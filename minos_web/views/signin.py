"""Signing in, in one step or two, and out."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.security import forget, remember
from pyramid.view import view_config

from minos_web.models.outside import PendingSignIn
from minos_web.security import entering, second_step
from minos_web.security.entering import SignInRefused
from minos_web.security.pending import SECONDS, find_pending
from minos_web.security.permissions import Permission
from minos_web.security.policy import scoped_cookie, scoped_name
from minos_web.security.signins import Attempt, end_sign_in
from minos_web.security.ways import ways_of
from minos_web.views.errors import safe_next
from minos_web.views.language import TOO_MANY, Texts, mark
from minos_web.views.presenting import sentence
from minos_web.views.second_step import picture_of

_STEP = "minos_step"


@view_config(route_name="sign_in", request_method="GET", renderer="sign_in.mako", permission=Permission.EVERYONE)
def sign_in_page(request: Request) -> Any:
    """The form; whoever is signed in already goes on."""
    if request.identity is not None:
        return HTTPSeeOther(safe_next(request, request.GET.get("next", "")))
    return sign_in_again(request, request.GET.get("next", ""))


@view_config(route_name="sign_in", request_method="POST", renderer="sign_in.mako", permission=Permission.EVERYONE)
def sign_in_post(request: Request) -> Any:
    """Check the password; the way back to where one wanted to go is kept."""
    user, password = request.POST.get("user", "").strip(), request.POST.get("password", "")
    after = request.POST.get("next", "")
    try:
        entered = entering.by_password(request.console, request.registry.throttle, attempt_of(request, user, password))
    except SignInRefused as refused:
        say_status(request, refused)
        return sign_in_again(request, after, user, str(refused))
    return go_on(request, entered, after)


def go_on(request: Request, entered: entering.Entered, after: str) -> Response:
    """To where the user wanted to go, or to the second step."""
    if not entered.pending:
        return HTTPSeeOther(safe_next(request, after), headers=remember(request, entered.secret))
    response = HTTPSeeOther(request.route_path("sign_in_step", _query={"next": after} if after else {}))
    scoped_cookie(request, response, _STEP, entered.secret, int(SECONDS))
    return response


@view_config(
    route_name="sign_in_step", request_method="GET", renderer="sign_in_step.mako", permission=Permission.EVERYONE
)
def step_page(request: Request) -> Any:
    """Where the code of the second step is typed, after it was set up if that is left."""
    if request.identity is not None:
        return HTTPSeeOther(safe_next(request, request.GET.get("next", "")))
    row = find_pending(request.db, _secret(request), request.now)
    if row is None:
        return HTTPSeeOther(request.route_path("sign_in"))
    return _step(request, row, request.GET.get("next", ""))


@view_config(
    route_name="sign_in_step", request_method="POST", renderer="sign_in_step.mako", permission=Permission.EVERYONE
)
def step_post(request: Request) -> Any:
    """Check the code."""
    after, secret = request.POST.get("next", ""), _secret(request)
    try:
        attempt = attempt_of(request, "", "")
        done = entering.finish(
            request.console, request.registry.throttle, secret, request.POST.get("code", ""), attempt
        )
    except SignInRefused as refused:
        return _refused(request, refused, after)
    headers = remember(request, done.secret)
    if done.codes:
        request.response.headerlist.extend(headers)
        scoped_cookie(request, request.response, _STEP, "", 0)
        after = safe_next(request, after)
        return {"title": "Sign in", "codes": done.codes, "next": after, "error": "", "picture": "", "secret": ""}
    response = HTTPSeeOther(safe_next(request, after), headers=headers)
    scoped_cookie(request, response, _STEP, "", 0)
    return response


def _refused(request: Request, refused: SignInRefused, after: str) -> Any:
    say_status(request, refused)
    with request.console.readers() as session:
        row = find_pending(session, _secret(request), request.now)
        if row is not None and not refused.over:
            return _step(request, row, after, str(refused))
    request.override_renderer = "sign_in.mako"
    return sign_in_again(request, after, "", "this sign-in took too long or too many tries; begin again")


def _step(request: Request, row: PendingSignIn, after: str, error: str = "") -> dict[str, Any]:
    """The page of the second step; with a secret to set it up as long as none was confirmed."""
    values: dict[str, Any] = {"title": "Sign in", "next": after, "error": said(request, error)}
    values |= {"codes": (), "picture": "", "secret": ""}
    with request.console.readers() as session:
        kept = second_step.step_of(session, row.user_id)
    if kept is not None and not second_step.is_on(kept):
        values["secret"] = second_step.secret_of(request.console.secret, kept)
        values["picture"] = picture_of(request, values["secret"], row.user.name)
    return values


@view_config(route_name="sign_out", request_method="POST", permission=Permission.EVERYONE)
def sign_out(request: Request) -> HTTPSeeOther:
    """End this browser's sign-in."""
    if request.identity is not None and request.identity.via == "browser":
        request.audit("sign-out", f"user {request.identity.user}")
        end_sign_in(request.db, request.identity.key)
    return HTTPSeeOther(request.route_path("sign_in"), headers=forget(request))


def attempt_of(request: Request, user: str, password: str) -> Attempt:
    """What this browser sent, as signing in asks for it."""
    return Attempt(user, password, request.client_addr or "", request.user_agent or "", request.now)


SENTENCES = (
    mark("User or password is wrong."),
    mark("The directory that knows users does not answer; users with a password of the console itself can sign in."),
    mark("The identity provider does not answer as it should; users with a password can sign in."),
    mark("The identity provider did not sign you in."),
    mark("The identity provider does not confirm this sign-in; begin again."),
    mark("This sign-in was not begun in this browser; begin again."),
    mark("This sign-in took too long; begin again."),
    mark("This sign-in took too long or too many tries; begin again."),
    mark("You are known, but no group of yours may use this console; ask who keeps the groups."),
    mark("This user is disabled here; ask an administrator."),
    mark("This code does not fit, or was used before; type the one that the app shows next."),
    mark("This code does not fit; see that the clock of your device is right and type the next one."),
    mark("Too many people sign in at this moment; try again in a few seconds."),
)
"""What the pages may say went wrong; the catalogues know them as whole sentences."""


def said(request: Request, error: str) -> str:
    """What went wrong as a sentence of the page's language."""
    texts, (tries, _, time) = Texts(request), error.partition("try again in ")
    if tries == "too many tries; ":
        return texts.text(TOO_MANY, time=time)
    return texts.text(sentence(error))


def say_status(request: Request, refused: SignInRefused) -> None:
    """The status of a page that says why nobody was signed in."""
    request.response.status_int = 429 if refused.wait else 401
    if refused.wait:
        request.response.headers["Retry-After"] = str(int(refused.wait) + 1)


def sign_in_again(request: Request, after: str, user: str = "", error: str = "") -> dict[str, Any]:
    """The values of the sign-in page."""
    provider = ways_of(request.console.settings).provider
    button = provider.button if provider else ""
    return {"title": "Sign in", "next": after, "user": user, "error": said(request, error), "button": button}


def _secret(request: Request) -> str:
    """Of the first step that this browser took."""
    return str(request.cookies.get(scoped_name(request, _STEP), ""))
