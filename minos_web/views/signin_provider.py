"""Signing in by an identity provider: a browser goes there, and comes back with a proof."""

import logging
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.security import entering
from minos_web.security.entering import SignInRefused
from minos_web.security.permissions import Permission
from minos_web.security.policy import scoped_cookie, scoped_name
from minos_web.security.provider import SECONDS, NotProven, Provider, ProviderAway
from minos_web.security.ways import ways_of
from minos_web.views.errors import safe_next
from minos_web.views.signin import attempt_of, go_on, say_status, sign_in_again

log = logging.getLogger(__name__)

_KEPT = "minos_leaving"
_AWAY = "the identity provider does not answer as it should; users with a password can sign in"
_PAGE = {"renderer": "sign_in.mako", "request_method": "GET", "permission": Permission.EVERYONE}


@view_config(route_name="sign_in_provider", **_PAGE)
def leave(request: Request) -> Any:
    """Send the browser there. A forged request does no harm: whoever is sent there comes back as who they are."""
    after = request.GET.get("next", "")
    try:
        _count(request)
        leaving = _provider(request).leave(request.console.secret, safe_next(request, after), request.now)
    except (ProviderAway, SignInRefused) as problem:
        return _refused(request, problem, after)
    response = HTTPSeeOther(leaving.url)
    scoped_cookie(request, response, _KEPT, leaving.kept, int(SECONDS))
    return response


@view_config(route_name="sign_in_back", **_PAGE)
def back(request: Request) -> Any:
    """The browser is back: what it brings counts once, whatever comes of it."""
    provider = _provider(request)
    kept = request.cookies.get(scoped_name(request, _KEPT), "")
    try:
        _count(request)
        found = provider.back(request.console.secret, kept, dict(request.GET), request.now)
        entered = entering.by_provider(request.console, provider, found, attempt_of(request, found.person.name, ""))
    except (ProviderAway, NotProven, SignInRefused) as problem:
        scoped_cookie(request, request.response, _KEPT, "", 0)
        return _refused(request, problem, "")
    request.registry.throttle.succeeded(found.person.name, request.client_addr or "")
    response = go_on(request, entered, found.after)
    scoped_cookie(request, response, _KEPT, "", 0)
    return response


def _provider(request: Request) -> Provider:
    found = ways_of(request.console.settings).provider
    if found is None:
        raise HTTPNotFound("No identity provider is set up here.")
    return found


def _count(request: Request) -> None:
    wait = request.registry.throttle.try_network(request.client_addr or "")
    if wait:
        raise SignInRefused(f"too many tries; try again in {entering.span(wait)}", wait)


def _refused(request: Request, problem: Exception, after: str) -> dict[str, Any]:
    """The sign-in page with what went wrong, and the trail with how. What admitting refused is in it already."""
    if isinstance(problem, ProviderAway):
        log.error("signing in by the provider failed: %s", problem)
        request.response.status_int = 503
    elif isinstance(problem, SignInRefused):
        say_status(request, problem)
    else:
        request.response.status_int = 401
    if not isinstance(problem, SignInRefused):
        said = str(problem)[:200]
        entering.note(
            request.console,
            request.registry.throttle,
            attempt_of(request, "", ""),
            "sign-in.refused",
            way="provider",
            problem=said,
        )
    return sign_in_again(request, after, "", _AWAY if isinstance(problem, ProviderAway) else str(problem))
