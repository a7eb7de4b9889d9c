"""Requests forged by other sites: every unsafe request of a browser must show a token bound to its own sign-in."""

import hashlib
import hmac
import secrets

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.session import SignedCookieSessionFactory

from minos_web.security.policy import bearer_of, cookie_name

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing; TRACE, which Pyramid would let through as well, is nobody's here."""
VISIT = "minos_visit"
"""Cookie of a browser that has not signed in, so that the sign-in form itself cannot be forged."""


class BoundTokens:
    """CSRF tokens computed from the secret of the sign-in (or visit): nothing to store, void after signing out."""

    def new_csrf_token(self, request: Request) -> str:
        """Tokens change with the sign-in only."""
        return self.get_csrf_token(request)

    def get_csrf_token(self, request: Request) -> str:
        """The token that this browser's forms carry."""
        bound_to = request.cookies.get(cookie_name(request)) if request.identity else None
        return forgery_token(request.console.secret, bound_to or _visit(request))

    def check_csrf_token(self, request: Request, supplied: str) -> bool:
        """Whether the token is this browser's and the request comes from our own pages."""
        if not _from_our_pages(request):
            return False
        expected = self.get_csrf_token(request)
        return hmac.compare_digest(expected.encode(), supplied.encode("utf-8", "replace"))


def forgery_token(secret: bytes, bound_to: str) -> str:
    """The token of a browser whose sign-in (or visit) has the secret ``bound_to``."""
    key = hmac.digest(secret, b"minos forgery token", hashlib.sha256)
    return hmac.new(key, bound_to.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _visit(request: Request) -> str:
    """The visit's random text; a first visitor gets the cookie with the answer."""
    known: str | None = request.cookies.get(VISIT) or getattr(request, "minos_new_visit", None)
    if known:
        return known
    fresh = secrets.token_urlsafe(32)
    request.minos_new_visit = fresh
    secure = request.console.settings.cookie_secure
    request.add_response_callback(
        lambda _request, response: response.set_cookie(
            VISIT, fresh, path="/", secure=secure, httponly=True, samesite="Lax"
        )
    )
    return fresh


def _from_our_pages(request: Request) -> bool:
    """Browsers say by themselves where a request comes from; older ones say nothing."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin in (request.host_url, request.console.settings.url.rstrip("/"))


def _is_browsers(request: Request) -> bool:
    """A bearer token is never sent by a browser on its own, so such a request cannot be forged."""
    return bearer_of(request) is None


def includeme(config: Configurator) -> None:
    """Check every view that changes something; and a small signed cookie for messages from one page to the next."""
    console = config.registry.console
    config.set_csrf_storage_policy(BoundTokens())
    config.set_default_csrf_options(require_csrf=True, check_origin=True, safe_methods=SAFE, callback=_is_browsers)
    key = hmac.digest(console.secret, b"minos flash cookie", hashlib.sha256).hex()
    secure = console.settings.cookie_secure
    config.set_session_factory(
        SignedCookieSessionFactory(
            key, cookie_name="minos_flash", httponly=True, secure=secure, samesite="Lax", timeout=600, max_age=600
        )
    )
