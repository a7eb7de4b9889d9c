"""API: silences, for which nobody hears of certain alerts."""

from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config

from minos_web.models.alerts import Silence
from minos_web.monitor.silencing import STATES, NewSilence, begin, end, listed, state_of
from minos_web.operations.refusal import Refused
from minos_web.security.permissions import Permission
from minos_web.security.scopes import named
from minos_web.views.alert_words import scope_words
from minos_web.views.api.lists import paged
from minos_web.views.api.params import id_of, text_of


@view_config(route_name="api_silences", request_method="GET", renderer="json", permission=Permission.VIEW)
def silences(request: Request) -> dict[str, Any]:
    """Those of now and those that are coming; with state= those of one kind."""
    state = text_of(request, "state")
    if state and state not in STATES:
        raise Refused("bad-request", f"state is one of {', '.join(STATES)}, not {state[:40]!r}", "state")
    found = [one.row for which in ([state] if state else STATES[:2]) for one in listed(request.db, which, request.now)]
    return paged(request, "silences", found, lambda row: silence_json(row, request.now))


@view_config(route_name="api_silences", request_method="POST", renderer="json", permission=Permission.OPERATE)
def new(request: Request) -> dict[str, Any]:
    """Begin one."""
    row = begun(request, msgspec.json.decode(request.body or b"{}", type=NewSilence))
    request.response.status_int = 201
    return silence_json(row, request.now)


@view_config(route_name="api_silence_end", request_method="POST", renderer="json", permission=Permission.OPERATE)
def end_now(request: Request) -> dict[str, Any]:
    """End one before its time; one that is over stays as it is."""
    row = found_silence(request)
    ended(request, row)
    return silence_json(row, request.now)


def found_silence(request: Request) -> Silence:
    """That of ``{id}``. Raises HTTPNotFound."""
    number = id_of(request)
    row: Silence | None = request.db.get(Silence, number, with_for_update=True)
    if row is None:
        raise HTTPNotFound(f"There is no silence {number}.")
    return row


def begun(request: Request, wanted: NewSilence) -> Silence:
    """Keep a new one, and say so in the audit trail. Raises Refused."""
    request.require(Permission.OPERATE, named(wanted.service, wanted.cluster))
    row = begin(request.db, wanted, request.identity.user, request.now)
    request.audit("silence.begin", _target(row), reason=row.reason, begins=row.at, until=row.until)
    return row


def ended(request: Request, row: Silence) -> bool:
    """End it, and say so in the audit trail; whether there was something to end."""
    if not end(row, request.identity.user, request.now):
        return False
    request.audit("silence.end", _target(row), of=row.by, until=row.until)
    return True


def silence_json(row: Silence, now: float) -> dict[str, Any]:
    """One silence."""
    return {
        "id": row.id,
        "state": state_of(row, now),
        "rule": row.rule,
        "service": row.service,
        "cluster": row.cluster,
        "job": row.job,
        "host": row.host,
        "reason": row.reason,
        "by": row.by,
        "begins": row.at,
        "until": row.until,
        "ended_at": row.ended_at,
        "ended_by": row.ended_by or None,
    }


def _target(row: Silence) -> str:
    return f"silence {row.id} of {scope_words(row)}"
