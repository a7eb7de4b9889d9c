"""API: counters, pushed by programs outside Minos."""

from typing import Any

import msgspec
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from minos_web.monitor.counters import MOST_AT_ONCE, Push, Pushed, store
from minos_web.security.permissions import Permission
from minos_web.views.errors import Refusal


@view_config(route_name="api_counters", request_method="POST", renderer="json", permission=Permission.PUSH)
def push(request: Request) -> dict[str, Any]:
    """Take a list of counters, all of it or nothing."""
    return {"stored": pushed(request)}


@view_config(route_name="old_counter", request_method="POST", permission=Permission.PUSH)
def push_as_of_old(request: Request) -> Response:
    """The same at the address that programs of old know; it says ok, and wants a token like any other."""
    pushed(request)
    return Response("ok", content_type="text/plain")


def pushed(request: Request) -> int:
    """Keep the push of a request; how many counters it named. Raises Refusal, Refused."""
    who = f"{request.identity.via} {request.identity.key}"
    _wait(request.registry.push_throttle.push(who))
    counters = msgspec.json.decode(request.body, type=list[Pushed])
    if len(counters) > MOST_AT_ONCE:
        raise Refusal(413, "too-large", f"a push has at most {MOST_AT_ONCE} counters, this one has {len(counters)}")
    _wait(request.registry.push_throttle.values(who, max(1, len(counters))))
    address = request.client_addr or "unknown"
    return store(request.db, Push(counters, address, request.identity.user, request.now))


def _wait(seconds: float) -> None:
    if seconds:
        raise Refusal(429, "too-many-pushes", f"this token pushed too much in this minute; wait {int(seconds) + 1} s")
