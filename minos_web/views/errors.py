"""What went wrong, told in the form that was asked for: JSON below the API, a page elsewhere. Never a traceback."""

import logging
import secrets
from typing import Any

import msgspec
from pyramid.exceptions import BadCSRFOrigin, BadCSRFToken, PredicateMismatch
from pyramid.httpexceptions import HTTPError, HTTPForbidden, HTTPNotFound, HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import exception_view_config
from sqlalchemy.exc import OperationalError

from minos_common.names import BadName
from minos_web.operations.refusal import Busy, Refused
from minos_web.security.denials import note_denial
from minos_web.security.passwords import TooBusy
from minos_web.security.policy import is_api
from minos_web.views.frame import flash

log = logging.getLogger(__name__)

_CODES = {
    400: "bad-request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    409: "conflict",
    413: "too-large",
    415: "unsupported-type",
    422: "invalid",
    429: "too-many-tries",
    503: "busy",
    504: "no-answer",
    507: "no-room",
}
_STATUS_OF = {
    "bad-request": 400,
    "unknown-cluster": 404,
    "unknown-channel": 404,
    "unknown-operation": 404,
    "busy": 409,
    "brake": 409,
    "in-use": 409,
    "overtaken": 409,
    "not-whole": 409,
    "over": 409,
    "too-many": 409,
    "wrong-state": 409,
    "unknown-steps": 409,
    "already-bootstrapped": 409,
    "not-bootstrapped": 409,
    "no-host": 409,
    "has-ended": 409,
    "input-closed": 409,
    "too-many-downloads": 429,
    "too-many-runs": 429,
    "not-allowed": 403,
    "not-yours": 403,
}
"""Codes of refused operations: asked wrongly, not there, not fitting the present state; all others are 422."""
_WAYS_OUT = {
    400: "Go back, reload the page and try again.",
    401: "Sign in and try again.",
    403: "Ask an administrator for a role that may do this.",
    404: "It may have been renamed or removed; start from the home page.",
    409: "Reload to see what changed, then try again.",
    429: "Wait a moment and try again.",
    500: "Try again; if it happens again, look the number up in the console's log.",
    503: "Try again in a few seconds.",
    504: "See on the hosts page whether its worker is in touch.",
}


class Refusal(Exception):
    """A request that is refused with a status, a code for programs and a sentence for people.

    ``field`` names what is wrong in the request; ``more`` are further keys beside ``error`` in the JSON answer.
    Raising it undoes everything that the request wrote.
    """

    def __init__(self, status: int, code: str, message: str, field: str = "", **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.field = field
        self.more = more


def answer(request: Request, refusal: Refusal) -> Response:
    """The refusal as JSON or as a page."""
    if is_api(request):
        return json_answer(refusal)
    values = {
        "title": str(refusal.status) + " " + refusal.code.replace("-", " "),
        "message": str(refusal),
        "way_out": _WAYS_OUT.get(refusal.status, _WAYS_OUT[400]),
        "code": refusal.status,
    }
    try:
        response = render_to_response("minos_web:templates/error.mako", values, request)
    except Exception:
        # What broke the page may break its error page as well; the message must get out all the same.
        log.exception("the error page itself failed")
        response = Response(f"{values['title']}\n\n{refusal}\n{values['way_out']}\n", content_type="text/plain")
    response.status_int = refusal.status
    return response


def json_answer(refusal: Refusal) -> Response:
    """``{"error": {"code", "message", "field"?}}`` and what more there is to say."""
    error = {"code": refusal.code, "message": str(refusal)}
    if refusal.field:
        error["field"] = refusal.field
    return Response(json_body={"error": error, **refusal.more}, status=refusal.status)


@exception_view_config(Refusal)
def refused(error: Refusal, request: Request) -> Response:
    """A view said no."""
    return answer(request, error)


@exception_view_config(BadName)
def bad_name(error: BadName, request: Request) -> Response:
    """A text that may not be a name."""
    return answer(request, Refusal(422, "bad-name", str(error), error.field))


@exception_view_config(HTTPForbidden)
def forbidden(error: HTTPForbidden, request: Request) -> Response:
    """Nobody is signed in: say where to; somebody is: say what lacks."""
    reason = getattr(getattr(error, "result", None), "msg", "") or "you may not do this"
    note_denial(request, str(reason))
    if request.identity is not None and not is_api(request) and request.method == "GET":
        if request.identity.must_change:
            flash(request, "warning", "Choose a password of your own first: the one you have was given to you.")
            return HTTPSeeOther(request.route_path("account"))
        if request.path == "/":
            return HTTPSeeOther(request.route_path("mine"))
    if request.identity is not None:
        return answer(request, Refusal(403, "forbidden", str(reason)))
    if is_api(request):
        response = answer(request, Refusal(401, "unauthenticated", f"{reason}; send a bearer token or sign in"))
        response.headers["WWW-Authenticate"] = 'Bearer realm="minos"'
        return response
    if request.headers.get("HX-Request") == "true":
        return answer(request, Refusal(401, "signed-out", "You are signed out."))
    query = {"next": request.path_qs} if request.method == "GET" and request.path != "/" else {}
    return HTTPSeeOther(request.route_path("sign_in", _query=query))


def safe_next(_request: Request, text: str) -> str:
    """Where to go on after signing in: ``text`` if it is a path of this console, else its home page."""
    plain = text.startswith("/") and not text.startswith("//") and text.isprintable() and "\\" not in text
    return text if plain else "/"


@exception_view_config(HTTPNotFound)
def not_found(error: HTTPNotFound, request: Request) -> Response:
    """No such URL, no such thing, or no such method at this URL."""
    methods = _methods_here(request) if isinstance(error, PredicateMismatch) else []
    if methods and request.method not in methods:
        allowed = ", ".join(methods)
        response = answer(
            request, Refusal(405, "method-not-allowed", f"{request.method} is not for this; try {allowed}")
        )
        response.headers["Allow"] = allowed
        return response
    return answer(request, Refusal(404, "not-found", _detail(error) or f"nothing is at {request.path}"))


@exception_view_config(BadCSRFToken)
@exception_view_config(BadCSRFOrigin)
def forged(_error: HTTPError, request: Request) -> Response:
    """A change that does not come from one of our own, current pages."""
    message = "This request does not come from a current page of this console. Reload the page and try again."
    return answer(request, Refusal(400, "forged", message))


@exception_view_config(HTTPError)
def http_error(error: HTTPError, request: Request) -> Response:
    """Any other error by its status; forged requests are among them."""
    message = _detail(error) or error.explanation or error.title
    return answer(request, Refusal(error.code, _CODES.get(error.code, "error"), message))


@exception_view_config(Refused)
def wish_refused(error: Refused, request: Request) -> Response:
    """An operation, or a change to one, that is not carried out."""
    more: dict[str, Any] = {"operation": error.operation_id} if isinstance(error, Busy) else {}
    if error.code == "bad-config":
        more["errors"] = getattr(error, "errors", [])
    return answer(request, Refusal(_STATUS_OF.get(error.code, 422), error.code, error.message, error.field, **more))


@exception_view_config(msgspec.DecodeError)
def bad_json(error: msgspec.DecodeError, request: Request) -> Response:
    """A body that is no JSON, or not the JSON that is wanted here."""
    if not isinstance(error, msgspec.ValidationError):
        return answer(request, Refusal(400, "bad-json", f"the body is not JSON: {error}"))
    message, _, path = str(error).partition(" - at `$")
    return answer(request, Refusal(422, "invalid", message, path.strip("`.")))


@exception_view_config(RecursionError)
def too_deep(_error: RecursionError, request: Request) -> Response:
    """JSON within JSON without end."""
    return answer(request, Refusal(400, "bad-json", "the body is nested too deeply"))


@exception_view_config(OverflowError)
def beyond_numbers(_error: OverflowError, request: Request) -> Response:
    """A number in the URL that no row can have."""
    return answer(request, Refusal(404, "not-found", f"nothing is at {request.path}"))


@exception_view_config(UnicodeDecodeError)
def not_text(error: UnicodeDecodeError, request: Request) -> Response:
    """A path or body that is not UTF-8."""
    return answer(request, Refusal(400, "not-utf8", f"the request is not UTF-8 text (byte {error.start})"))


@exception_view_config(TooBusy)
def too_busy(error: TooBusy, request: Request) -> Response:
    """Too many passwords at once."""
    return answer(request, Refusal(429, "too-many-tries", str(error)))


@exception_view_config(OperationalError)
def database_away(error: OperationalError, request: Request) -> Response:
    """The database is locked for long, full or gone: nothing was changed."""
    number = _logged(request, error)
    return answer(request, Refusal(503, "database", f"the database does not answer; nothing was changed ({number})"))


@exception_view_config(Exception)
def broken(error: Exception, request: Request) -> Response:
    """Our own mistake: the traceback goes to the log, its number to the person."""
    number = _logged(request, error)
    return answer(request, Refusal(500, "internal", f"the console made a mistake; its log tells more under {number}"))


def _logged(request: Request, error: Exception) -> str:
    number = secrets.token_hex(4)
    log.error("%s: %s %s failed", number, request.method, request.environ.get("PATH_INFO"), exc_info=error)
    return number


def _detail(error: HTTPError) -> str:
    """What a view said; Pyramid's own texts (a path, a predicate) help nobody."""
    own = error.detail or ""
    return "" if own.startswith(("/", "predicate mismatch")) else str(own)


def _methods_here(request: Request) -> list[str]:
    """Methods for which the matched route has a view."""
    route = request.matched_route
    found: set[str] = set()
    for item in request.registry.introspector.get_category("views", ()) if route else ():
        view = item["introspectable"]
        if view["route_name"] == route.name:
            methods = view["request_methods"] or ()
            found.update([methods] if isinstance(methods, str) else methods)
    return sorted(found | {"HEAD"} if "GET" in found else found)
