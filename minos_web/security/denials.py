"""What people and programs were not allowed to do, noted in the audit trail so seldom that nobody can fill the disk with it."""

import logging

from pyramid.request import Request
from sqlalchemy.exc import SQLAlchemyError

from minos_web.security.audit import NewEntry, record
from minos_web.security.policy import bearer_of
from minos_web.security.throttle import network_of

log = logging.getLogger(__name__)


def note_denial(request: Request, reason: str) -> None:
    """Note that this request was denied: of somebody who is signed in by route, of a wrong token by network."""
    address = request.client_addr or ""
    route = request.matched_route.name if getattr(request, "matched_route", None) else ""
    if request.identity is not None:
        action, user, key = "denied", request.identity.user, route
    elif bearer_of(request) is not None:
        action, user, key = "token.refused", "", network_of(address)
    else:
        return
    times = request.registry.throttle.noting.times((action, user, key), request.now)
    if not times:
        return
    details = {"method": request.method, "reason": reason[:200], **({"times": times} if times > 1 else {})}
    entry = NewEntry(request.now, user, action, request.environ.get("PATH_INFO", "")[:255], address, details)
    try:
        with request.console.writers.begin() as session:
            record(session, request.console.secret, entry)
    except SQLAlchemyError as error:
        log.warning("a denial was not noted: %s", error)
