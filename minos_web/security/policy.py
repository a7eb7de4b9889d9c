"""Pyramid's security policy: who a request comes from (cookie or bearer token) and whether it may."""

import logging
import re
from typing import Any

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPForbidden
from pyramid.request import Request, RequestLocalCache
from pyramid.response import Response
from pyramid.security import Allowed, Denied
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from minos_common.states import HostState
from minos_web.console import Console
from minos_web.models.hosts import Host
from minos_web.models.people import ApiToken, SignIn
from minos_web.security import signins, tokens
from minos_web.security.permissions import CONSOLE, NOBODY, Identity, Permission, allows, allows_somewhere
from minos_web.security.scopes import SOMEWHERE, scope_of
from minos_web.security.tickets import PREFIX as TICKET
from minos_web.security.tickets import BadTicket, For, check_ticket

log = logging.getLogger(__name__)

API = "/api/v1/"
FIGURES = "/metrics"
OLD = re.compile(
    r"/check_package/|/get_latest_package_info/|/packages/[^/]+/[^/]+/[^/]+"
    r"|/monitor/(addCounter|metrics|metrics_config|counters)/"
)
"""Below the one path, and at the others, a bearer token counts, and refusals are JSON."""
COOKIE = "minos_session"
_TICKETS: dict[str, For] = {
    Permission.FETCH: For.PACKAGE,
    Permission.SPREAD: For.PACKAGE,
    Permission.DELIVER: For.LOG_FILE,
    Permission.SUPPLY: For.RUN_FILE,
}
"""Permissions that a ticket gives, and what it must have been made for."""
TOUCH_SECONDS = 60.0
"""A sign-in's or token's last use is noted this often, not at every request."""


class Policy:
    """One instance per application. Reads with a short session of its own, so that it answers in error pages too."""

    def __init__(self) -> None:
        self._identities = RequestLocalCache(self._load)

    def identity(self, request: Request) -> Identity | None:
        """Who sent this request."""
        found: Identity | None = self._identities.get_or_create(request)
        return found

    def authenticated_userid(self, request: Request) -> str | None:
        """Name of the user."""
        identity = self.identity(request)
        return identity.user if identity else None

    def permits(self, request: Request, _context: Any, permission: str) -> Allowed | Denied:
        """Whether the sender of ``request`` has ``permission``."""
        if permission == Permission.EVERYONE:
            return Allowed("open to everyone")
        if permission in _TICKETS and (bearer_of(request) or "").startswith(TICKET):
            problem = ticket_problem(request, _TICKETS[permission])[0]
            return Denied(problem) if problem else Allowed("has a ticket")
        identity = self.identity(request)
        if identity is None:
            return Denied("nobody is signed in")
        if allows(identity, permission):  # everywhere: no need to look which cluster it is about
            return Allowed(f"role {identity.role} has it")
        return verdict(identity, permission, scope_of(request))

    def remember(self, request: Request, secret: str, **_options: Any) -> list[tuple[str, str]]:
        """Headers that give the browser the secret of its sign-in."""
        hours = request.console.settings.session_hours
        return _cookie_headers(request, secret, int(hours * 3600))

    def forget(self, request: Request, **_options: Any) -> list[tuple[str, str]]:
        """Headers that take the cookie away. The row must be deleted too, see signins.end_sign_in."""
        return _cookie_headers(request, "", 0)

    def _load(self, request: Request) -> Identity | None:
        console: Console = request.console
        bearer = bearer_of(request)
        with console.readers() as session:
            if bearer is not None:
                token = tokens.find_token(session, bearer, request.now)
                return _noted(request, token, tokens.identity_of(token)) if token else None
            secret = request.cookies.get(cookie_name(request), "")
            row = signins.find_sign_in(session, secret, request.now, console.settings) if secret else None
            return _noted(request, row, signins.identity_of(row)) if row else None


def verdict(identity: Identity, permission: str, cluster: str) -> Allowed | Denied:
    """Whether somebody has ``permission`` on a cluster, the console (CONSOLE), or somewhere. Where the cluster is said later,
    nobody administers it already: an admin of one cluster is none of another.
    """
    if cluster == SOMEWHERE and permission != Permission.ADMINISTER:
        allowed = allows_somewhere(identity, permission)
    else:
        allowed = allows(identity, permission, CONSOLE if cluster == SOMEWHERE else cluster)
    if allowed:
        return Allowed(f"role {identity.role} or a grant has it")
    lacks = f"role {identity.role} lacks the permission {permission}"
    if not (identity.grants or identity.limits):
        return Denied(lacks)
    where = "the console as a whole" if cluster in (CONSOLE, SOMEWHERE) else cluster
    return Denied(f"{lacks} on {where}: {identity.user} has it at most on {_places(identity)}")


def _places(identity: Identity) -> str:
    return ", ".join(identity.limits or [f"{one.pattern} ({one.role})" for one in identity.grants])


def may(request: Request, permission: str, cluster: str = CONSOLE) -> bool:
    """``request.may``: whether the sender has ``permission`` on a cluster (service/name), whatever the URL is about."""
    return request.identity is not None and bool(verdict(request.identity, permission, cluster))


def require(request: Request, permission: str, cluster: str = CONSOLE) -> None:
    """``request.require``: the same, for a view whose cluster stands in the body. Raises HTTPForbidden."""
    found = verdict(request.identity, permission, cluster) if request.identity else Denied("nobody is signed in")
    if not found:
        raise HTTPForbidden(result=found)


def is_api(request: Request) -> bool:
    """Whether the request is a program's. Looks at the raw path, which may be no legal text at all."""
    path: str = request.environ.get("PATH_INFO", "")
    return path.startswith(API) or path == FIGURES or OLD.fullmatch(path) is not None


def bearer_of(request: Request) -> str | None:
    """The bearer token of a request to the API; such a request's cookies count for nothing."""
    if not is_api(request):
        return None
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if kind.lower() == "bearer" else None


def cookie_name(request: Request) -> str:
    """Over HTTPS the name itself makes browsers refuse the cookie from anywhere else."""
    return scoped_name(request, COOKIE)


def scoped_name(request: Request, name: str) -> str:
    """A cookie's name as it is sent: with the prefix when it goes over HTTPS only."""
    return f"__Host-{name}" if request.console.settings.cookie_secure else name


def scoped_cookie(request: Request, response: Response, name: str, value: str, max_age: int) -> None:
    """Give the browser a cookie that no script reads and no other site makes it send, or take it away (0 seconds)."""
    secure = request.console.settings.cookie_secure
    response.set_cookie(
        scoped_name(request, name), value, max_age=max_age, path="/", secure=secure, httponly=True, samesite="Lax"
    )


def _cookie_headers(request: Request, value: str, max_age: int) -> list[tuple[str, str]]:
    response = request.response.__class__()
    scoped_cookie(request, response, COOKIE, value, max_age)
    return [(name, text) for name, text in response.headerlist if name.lower() == "set-cookie"]


def ticket_problem(request: Request, purpose: For) -> tuple[str, int]:
    """Why the bearer is no ticket for what the URL names, or its host's key is not approved any more; else empty, and the
    id of that host.
    """
    console: Console = request.console
    bearer, number = bearer_of(request) or "", int(request.matchdict["id"])
    try:
        host_id = check_ticket(console.secret, bearer, purpose, number, request.now)
    except BadTicket as error:
        return str(error), 0
    with console.readers() as session:
        host = session.get(Host, host_id)
    approved = host is not None and host.state == HostState.APPROVED
    return "" if approved else "the host that this ticket was made for is not approved", host_id


def is_by_itself(request: Request) -> bool:
    """Whether a page asked to stay up to date, without anybody at it: that keeps no sign-in from ending."""
    return bool(request.method == "GET" and request.headers.get("HX-Request") == "true")


def _noted(request: Request, row: SignIn | ApiToken, identity: Identity) -> Identity:
    """Remember the use of ``row`` after the request, when its own transaction is over."""
    last = row.seen_at if isinstance(row, SignIn) else row.used_at or 0.0
    if request.now - last > TOUCH_SECONDS and not is_by_itself(request):
        request.add_finished_callback(lambda request: _touch(request, identity))
    return identity


def _touch(request: Request, identity: Identity) -> None:
    by_browser = identity.via == "browser"
    statement = (
        update(SignIn).where(SignIn.id == identity.key).values(seen_at=request.now)
        if by_browser
        else update(ApiToken).where(ApiToken.id == identity.key).values(used_at=request.now)
    )
    try:
        with request.console.writers.begin() as session:
            session.execute(statement)
    except OperationalError as error:
        log.warning("last use of %s %s not noted: %s", identity.via, identity.key, error)


def includeme(config: Configurator) -> None:
    """Set the policy; a view that names no permission is closed."""
    config.set_security_policy(Policy())
    config.set_default_permission(NOBODY)
    config.add_request_method(may)
    config.add_request_method(require)
    # pyramid_tm would ask for the user of every request, even of a style sheet.
    config.add_settings({"tm.annotate_user": "false"})
